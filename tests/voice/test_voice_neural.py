"""The neural voice without its weights: readings, phonemes, what the model is fed, when it is used."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from voice import engines, neural, pinyin, wav
from voice.errors import BadAudio, SpeechUnavailable
from voice.phonemes import ipa, phonemes
from wenban import modelstore

HERE = Path(__file__).parent


def rows(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]


def test_readings_of_the_field() -> None:
    # Pieces of sentences made for espeak-ng, which jieba cuts otherwise; 当天 may be dàng or dāng.
    other = {"的当天", "的当月", "救助金发", "补贴金发"}
    wrong = []
    for word, reading in [*rows(pinyin.TABLE), *rows(HERE / "tables" / "polyphones.tsv")]:
        spoken = [syllable for part in pinyin.words(word) for syllable in part]
        same = len(spoken) == len(word) and all(
            one == right or (one[:-1] == right[:-1] and ("5" in (one[-1], right[-1]) or char in "一不"))
            for one, right, char in zip(spoken, reading.split(), word, strict=True)
        )
        wrong += [] if same or word in other else [(word, spoken)]
    assert wrong == []


def test_our_words_do_not_break_others() -> None:
    assert pinyin.words("网上调整") == [["wang3", "shang4"], ["tiao2", "zheng3"]]
    assert pinyin.words("家长长期增长") == [["jia1", "zhang3"], ["chang2", "qi1"], ["zeng1", "zhang3"]]
    assert pinyin.words("严重传染") == [["yan2", "zhong4"], ["chuan2", "ran3"]]


@pytest.mark.parametrize(
    ("syllable", "symbols"),
    [
        ("zhang4", "ꭧa↘ŋ"), ("yuan2", "ɥɛ↗n"), ("shi4", "ʂɨ↘"), ("si4", "sɨ↘"), ("er2", "ɚ↗"), ("lv4", "ly↘"),
        ("xue2", "ɕɥe↗"), ("jiu3", "ʨjou↓"), ("hui4", "xwei↘"), ("lun2", "lwə↗n"), ("yi1", "i→"), ("wu3", "u↓"),
        ("xiong1", "ɕjʊ→ŋ"), ("de5", "tɤ"), ("bo1", "pwo→"), ("weng1", "wə→ŋ"), ("yong4", "jʊ↘ŋ"), ("o5", "ɔ"),
    ],
)  # fmt: skip
def test_syllables_as_misaki_gives_them(syllable: str, symbols: str) -> None:
    assert ipa(syllable) == symbols


def test_every_reading_has_symbols_of_the_model() -> None:
    from pypinyin.constants import PINYIN_DICT
    from pypinyin.contrib.tone_convert import to_tone3

    syllables = {to_tone3(each, neutral_tone_with_five=True) for row in PINYIN_DICT.values() for each in row.split(",")}
    known = set(neural.json.loads(neural.VOCABULARY.read_text("utf-8")))
    strange = {syllable for syllable in syllables if not set(ipa(syllable)) <= known}
    assert len(syllables) > 1300
    assert {re.sub(r"\d", "", syllable) for syllable in strange} == set()


def test_sentences() -> None:
    assert phonemes("公积金还款，请拨打E T C。") == "kʊ→ŋʨi→ʨi→n xwa↗nkʰwa↓n, ʨʰi↓ŋ pwo→ta↓ ˈi tˈi sˈi."
    assert phonemes("Word文档？") == "wˈɜɹd wə↗nta↘ŋ?"
    assert phonemes("。") == "."


class FakeSession:
    """Takes the place of the model: a tone as long as the input asks for."""

    broken = False

    def __init__(self, model: bytes, options: Any, providers: list[str]) -> None:
        assert model.startswith(b"mended")
        self.fed: list[dict[str, Any]] = []

    def run(self, _: None, feed: dict[str, Any]) -> list[Any]:
        self.fed.append(feed)
        length = feed["input_ids"].shape[1]
        sound = np.sin(np.arange(int(length * 1200 / feed["speed"][0])) / 9) * 1.2
        return [(sound * np.nan if self.broken else sound)[None].astype(np.float32)]


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> neural.NeuralEngine:
    """The engine with a store that has its files, and a model that hums."""
    import onnxruntime

    monkeypatch.setattr(onnxruntime, "InferenceSession", FakeSession)
    monkeypatch.setattr(neural, "mend", lambda model: b"mended" + model)
    monkeypatch.setenv("WENBAN_HOME", str(tmp_path))
    for model in (modelstore.table()[neural.MODEL], modelstore.table()[neural.VOICE_PACK]):
        for file in model.files:
            (model.folder / file.name).parent.mkdir(parents=True, exist_ok=True)
            np.arange(neural.STYLES * 256, dtype="<f4").tofile(model.folder / file.name)
    return neural.NeuralEngine()


def test_what_the_model_is_fed(engine: neural.NeuralEngine, tmp_path: Path) -> None:
    engine.synthesize("您好。", "zm_yunxi", 0.8, tmp_path / "a.wav")
    feed = engine._session.fed[-1]
    tokens = len(phonemes("您好。"))
    assert feed["input_ids"].shape == (1, tokens + 2)
    assert feed["input_ids"][0, 0] == feed["input_ids"][0, -1] == 0
    assert feed["style"][0, 0] == (tokens - 1) * 256
    assert feed["speed"] == [np.float32(0.8)]
    sound = wav.read((tmp_path / "a.wav").read_bytes())
    assert sound.rate == 24_000
    assert max(np.frombuffer(sound.frames, "<i2")) == 32767  # clipped, not wrapped


def test_long_text_is_fed_in_parts(engine: neural.NeuralEngine, tmp_path: Path) -> None:
    before = len(engine._session.fed)
    engine.synthesize("请您携带身份证和户口簿到政务服务大厅办理，" * 6, "zf_xiaoxiao", 1.0, tmp_path / "a.wav")
    parts = engine._session.fed[before:]
    assert len(parts) > 1
    assert all(feed["input_ids"].shape[1] <= neural.LONGEST + 2 for feed in parts)


def test_no_sound_is_an_error(engine: neural.NeuralEngine, tmp_path: Path) -> None:
    engine._session.broken = True
    with pytest.raises(BadAudio):
        engine.synthesize("您好。", "zf_xiaoxiao", 1.0, tmp_path / "a.wav")


def test_used_only_when_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WENBAN_HOME", str(tmp_path))
    assert [spec.name for spec in engines.ENGINES] == ["neural", "plain"]
    assert not neural.SPEC.available()
    with pytest.raises(SpeechUnavailable, match="models fetch"):
        neural.NeuralEngine()
    monkeypatch.setattr(neural, "_models", lambda: (SimpleNamespace(installed=lambda: True),) * 2)
    assert neural.SPEC.available()
    assert neural.SPEC.resolve("male") == "zm_yunxi"
