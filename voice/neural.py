"""The neural voice: Kokoro-82M (fp16 ONNX) in Mandarin. Used as soon as its weights are in the model store."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voice import wav
from voice.engine import EngineSpec, Voice
from voice.errors import BadAudio, SpeechUnavailable
from voice.onnx_patch import mend
from voice.trimming import trimmed
from wenban import modelstore

if TYPE_CHECKING:
    import numpy as np

MODEL, VOICE_PACK = "kokoro", "kokoro-voices"
RATE = 24_000  # Hz
LONGEST = 500  # phonemes the model takes at once, of 510
STYLES = 510
THREADS = 2
VOCABULARY = Path(__file__).parent / "data" / "kokoro_vocab.json"
VOICES = (
    Voice("zf_xiaoxiao", "female"), Voice("zm_yunxi", "male"), Voice("zf_xiaobei", "female"),
    Voice("zf_xiaoni", "female"), Voice("zf_xiaoyi", "female"), Voice("zm_yunjian", "male"),
    Voice("zm_yunxia", "male"), Voice("zm_yunyang", "male"),
)  # fmt: skip


@lru_cache
def _models() -> tuple[modelstore.Model, modelstore.Model]:
    """Return the weights' and the voices' rows of the model table."""
    table = modelstore.table()
    return table[MODEL], table[VOICE_PACK]


def installed() -> bool:
    """Say whether the weights and the voices are in the model store."""
    return all(model.installed() for model in _models())


SPEC = EngineSpec(
    name="neural", target="voice.neural:NeuralEngine", version="2", voices=VOICES, load_limit=90.0, base_limit=8.0,
    unit_limit=0.25, tries=1, slow=True, available=installed,
)  # fmt: skip


class NeuralEngine:
    """Runs the model on the CPU; must stay in one thread of one process."""

    name = "neural"

    def __init__(self) -> None:
        import onnxruntime

        if not installed():
            raise SpeechUnavailable("the neural voice is not installed; `wenban models fetch kokoro` fetches it")
        weights, voices = _models()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        options.inter_op_num_threads = 1
        # The next level takes three times as long to load and is no faster.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        model = mend((weights.folder / "onnx" / "model_fp16.onnx").read_bytes())
        self._session: Any = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._voices = voices.folder / "voices"
        self._styles: dict[str, np.ndarray[Any, Any]] = {}
        self._tokens: dict[str, int] = json.loads(VOCABULARY.read_text("utf-8"))
        self._speak("您好。", VOICES[0].id, 1.0)  # loads the dictionaries: not while somebody waits

    def voices(self) -> tuple[Voice, ...]:
        return VOICES

    def synthesize(self, text: str, voice: str, rate: float, path: Path) -> None:
        """Write a WAV file; see :class:`voice.engine.SpeechEngine`."""
        path.write_bytes(wav.write(trimmed(wav.Sound(RATE, self._speak(text, voice, rate)), text, rate)))

    def _speak(self, text: str, voice: str, rate: float) -> bytes:
        import numpy as np

        from voice.phonemes import phonemes

        parts = [self._run(part, voice, rate) for part in _cut(phonemes(text))]
        if not parts:
            raise BadAudio("nothing in the text has a sound")
        sound = np.concatenate(parts)
        return bytes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())

    def _run(self, spoken: str, voice: str, rate: float) -> np.ndarray[Any, Any]:
        import numpy as np

        tokens = [self._tokens[symbol] for symbol in spoken if symbol in self._tokens]
        (sound,) = self._session.run(
            None,
            {
                "input_ids": np.array([[0, *tokens, 0]], dtype=np.int64),
                "style": self._style(voice)[len(tokens) - 1],
                "speed": np.array([rate], dtype=np.float32),
            },
        )
        if not np.isfinite(sound).all():
            raise BadAudio("the model gave no sound")
        return np.asarray(sound).ravel()

    def _style(self, voice: str) -> np.ndarray[Any, Any]:
        """Return the voice's style vectors; row n - 1 is for n phonemes."""
        import numpy as np

        if voice not in self._styles:
            data = np.fromfile(self._voices / f"{voice}.bin", dtype="<f4")
            self._styles[voice] = data.reshape(STYLES, 1, 256)
        return self._styles[voice]


def _cut(spoken: str) -> list[str]:
    """Cut phonemes between words so that the model takes each part."""
    parts = [""]
    for word in spoken.split(" "):
        if len(parts[-1]) + len(word) + 1 > LONGEST:
            parts.append("")
        parts[-1] = f"{parts[-1]} {word}".strip()
    return [part for part in parts if part]
