"""Whisper and sherpa-onnx as far as they go without weights; Whisper itself when it is there."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hearing_sounds import speech

from voice import wav
from voice.hearing import engines, sherpa, whisper, window
from voice.hearing.decoding import decode
from voice.hearing.errors import HearingAbsent, NoSpeech
from voice.hearing.loops import is_loop
from voice.hearing.prompt import prompt
from voice.hearing.transcript import transcribe
from voice.onnx_bytes import NotThisGraph, field, graph, node
from voice.settings import get_voice_settings
from wenban import modelstore


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Return a function that sets a ``WENBAN_VOICE_`` variable; the model store is empty."""
    monkeypatch.setenv("WENBAN_HOME", str(tmp_path))

    def put(name: str, value: object) -> None:
        monkeypatch.setenv(f"WENBAN_VOICE_{name}", str(value))
        get_voice_settings.cache_clear()

    get_voice_settings.cache_clear()
    yield put
    get_voice_settings.cache_clear()


@pytest.mark.parametrize(
    ("tokens", "length"),
    [
        ([1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6], 6), ([9, 1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5, 6, 7], 7),
        ([8, 8, 8, 8, 8], None), ([1, 2] * 4, 4), ([1, 2] * 3, None), ([1, 2, 3, 4, 5, 1, 2, 3, 4, 5], 5),
        ([], None),
    ],
)  # fmt: skip
def test_loops(tokens: list[int], length: int | None) -> None:
    assert is_loop(tokens) == length


@pytest.mark.parametrize(("text", "number"), [("1234 1234", True), ("二零二零", True), ("户号是100-2837", False)])
def test_a_number_may_repeat_itself(text: str, number: bool) -> None:
    engine = whisper.WhisperEngine.__new__(whisper.WhisperEngine)
    engine._tokenizer = SimpleNamespace(decode=lambda tokens: text)
    assert engine._is_number([1, 2]) is number


def test_the_prompt_takes_a_citys_words(setting: Any) -> None:
    usual = prompt()
    assert "简体" in usual
    setting("HEARING_WORDS", "兰山 蒙阴")
    assert prompt().endswith("、兰山、蒙阴。")
    assert prompt().startswith(usual[:20])


def encoder(frames: int) -> bytes:
    """Return a model that adds a table of positions to its input, as Whisper's encoder does."""

    def varint(number: int, value: int) -> bytes:
        return bytes([number << 3, value])

    def dims(*sizes: int) -> bytes:
        return b"".join(field(1, varint(1, size) if size else field(2, b"n")) for size in sizes)

    def value(name: bytes, *sizes: int) -> bytes:
        return field(1, name) + field(2, field(1, varint(1, 1) + field(2, dims(*sizes))))

    table = varint(1, frames) + varint(1, 2) + varint(2, 1) + field(8, b"embed_positions.weight")
    table += field(9, np.arange(frames * 2, dtype="<f4").tobytes())
    add = field(1, b"/Transpose_output_0") + field(1, b"embed_positions.weight")
    add += field(2, b"/Add_2_output_0") + field(3, b"/Add_2") + field(4, b"Add")
    transpose = node(b"Identity", [b"in"], b"/Transpose_output_0")
    body = field(1, transpose) + field(1, add) + field(2, b"g") + field(5, table)
    body += field(11, value(b"in", 1, 0, 2)) + field(12, value(b"/Add_2_output_0", 1, 0, 2))
    return varint(1, 9) + field(7, body) + field(8, varint(2, 20))


def test_the_window_is_as_long_as_the_speech() -> None:
    import onnxruntime

    def run(model: bytes, frames: int) -> Any:
        session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
        return session.run(None, {"in": np.zeros((1, frames, 2), np.float32)})[0]

    short = run(window.shorten(encoder(10)), 4)
    assert short.tolist() == np.arange(8, dtype=np.float32).reshape(1, 4, 2).tolist()
    assert run(window.shorten(encoder(10)), 10).shape == (1, 10, 2)
    with pytest.raises(Exception, match="Add"):
        run(encoder(10), 4)
    with pytest.raises(NotThisGraph):
        window.shorten(graph([], []))


def test_whisper_without_weights(setting: Any) -> None:
    assert not whisper.SPEC.available()
    with pytest.raises(HearingAbsent, match="models fetch"):
        whisper.WhisperEngine()


def test_which_whisper(setting: Any) -> None:
    def install(name: str) -> None:
        model = modelstore.table()[name]
        for file in model.files:
            (model.folder / file.name).parent.mkdir(parents=True, exist_ok=True)
            (model.folder / file.name).touch()

    install("whisper-base")
    assert whisper.model() is not None
    assert whisper.model().id == "whisper-base"  # type: ignore[union-attr]
    install("whisper-small")
    assert whisper.model().id == "whisper-small"  # type: ignore[union-attr]
    setting("WHISPER_MODEL", "whisper-base")
    assert whisper.model().id == "whisper-base"  # type: ignore[union-attr]


def test_which_engine(setting: Any) -> None:
    assert engines.chosen() is whisper.SPEC
    setting("HEARING", "sherpa")
    assert engines.chosen() is sherpa.SPEC
    setting("HEARING", "off")
    assert engines.chosen() is None


def test_what_sherpa_lacks_is_named(setting: Any, tmp_path: Path) -> None:
    assert "SHERPA_FOLDER" in str(sherpa.problem())
    setting("SHERPA_FOLDER", tmp_path)
    assert "model.int8.onnx" in str(sherpa.problem())
    (tmp_path / "model.onnx").write_bytes(b"x")
    assert "tokens.txt" in str(sherpa.problem())
    (tmp_path / "tokens.txt").write_text("a 0\n")
    assert sherpa.problem() in (None, "the library is not installed: pip install sherpa-onnx")
    setting("SHERPA_FOLDER", tmp_path / "nowhere")
    with pytest.raises(HearingAbsent, match="nowhere"):
        sherpa.SherpaEngine()


@pytest.mark.parametrize("kind", ["sense-voice", "paraformer"])
def test_how_sherpa_is_called(setting: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """With a stand-in for the library, whose weights no registry carries: the arguments are those of 2.0.1."""
    made: dict[str, Any] = {}

    class Stream:
        result = SimpleNamespace(text=" 我要交水费。 ")

        def accept_waveform(self, rate: int, samples: Any) -> None:
            made["rate"], made["length"] = rate, len(samples)

    class Recogniser:
        @classmethod
        def from_paraformer(cls, paraformer: str, tokens: str, num_threads: int) -> Recogniser:
            made.update(kind="paraformer", weights=paraformer, tokens=tokens, threads=num_threads)
            return cls()

        @classmethod
        def from_sense_voice(
            cls, model: str, tokens: str, num_threads: int, language: str, use_itn: bool
        ) -> Recogniser:
            made.update(kind="sense-voice", weights=model, tokens=tokens, language=language, itn=use_itn)
            return cls()

        def create_stream(self) -> Stream:
            return Stream()

        def decode_stream(self, stream: Stream) -> None:
            made["decoded"] = True

    for name in ("model.int8.onnx", "model.onnx", "tokens.txt"):
        (tmp_path / name).touch()
    setting("SHERPA_FOLDER", tmp_path)
    setting("SHERPA_KIND", kind)
    monkeypatch.setitem(sys.modules, "sherpa_onnx", SimpleNamespace(OfflineRecognizer=Recogniser, __spec__=object()))
    heard = sherpa.SherpaEngine().recognise(np.zeros(1600, np.float32))
    assert (heard.text, heard.confidence) == ("我要交水费。", None)
    assert made["kind"] == kind
    assert made["weights"].endswith("model.int8.onnx")
    assert (made["rate"], made["length"], made["decoded"]) == (16_000, 1600, True)


@pytest.mark.parametrize("heard", ["", "。", "…", "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目", "谢谢观看",
                                   "字幕由志愿者提供", "以下是市民对政务服务助手说的话，简体中文。"])  # fmt: skip
def test_what_a_recogniser_makes_up_is_nothing(heard: str) -> None:
    with pytest.raises(NoSpeech):
        transcribe(heard, 0.95)


def test_transcripts_are_corrected_like_typed_text() -> None:
    done = transcribe("我想辦設保卡。", 0.9, 2.0)
    assert (done.text, done.heard, done.uncertain) == ("我想办社保卡", "我想辦設保卡。", False)
    assert transcribe("停。", 0.9).text == "停"
    assert transcribe("我要交水费", 0.3).uncertain
    assert not transcribe("我要交水费", None).uncertain


def test_whisper_hears_our_plain_voice() -> None:
    """Real weights, when the store has some; what is heard of the robot's words is not judged, that it is heard is."""
    if whisper.model() is None:
        pytest.skip("no Whisper in the model store; the end-to-end suite fetches it")
    engine = whisper.WhisperEngine()
    heard = engine.recognise(decode(wav.plain(speech("一二三四五六七八九"))))
    assert heard.confidence is not None
    assert 0 < heard.confidence <= 1
    assert sum(char in "一二三四五六七八九123456789" for char in heard.text) >= 5, heard.text
