"""Whisper (int8 ONNX) through onnx-asr, which brings the features and the decoder's steps.

Three things are ours: the encoder takes only as much as was said (``window``), words of the field stand before the
recording (``prompt``), and the decoding says how sure it is and ends when it begins to repeat itself.
"""

from __future__ import annotations

import json
import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from voice.ear.numerals import NUMERAL
from voice.hearing.decoding import RATE
from voice.hearing.engine import Heard, HearingSpec
from voice.hearing.errors import HearingAbsent
from voice.hearing.loops import is_loop
from voice.hearing.prompt import MOST_TOKENS, prompt
from voice.hearing.window import shorten
from voice.settings import get_voice_settings
from wenban import modelstore

if TYPE_CHECKING:
    import numpy as np

MODELS = ("whisper-small", "whisper-base")  # the better first
ROOM = 3.0  # seconds of silence after the speech: with less, Whisper begins again
FRAMES = 3000  # hundredths of a second that Whisper takes at most
TOKENS_A_SECOND, TOKENS_AT_LEAST = 9, 12  # nobody speaks faster
_NUMBER = re.compile(rf"[\W\d{NUMERAL}幺]*")
START = ("<|startoftranscript|>", "<|zh|>", "<|transcribe|>", "<|notimestamps|>")


@lru_cache
def _table() -> dict[str, modelstore.Model]:
    table = modelstore.table()
    return {name: table[name] for name in MODELS}


def model() -> modelstore.Model | None:
    """Return the model to use: the one that is set, or the better of those in the store; None if it is not there."""
    wanted = get_voice_settings().whisper_model
    names = MODELS if wanted == "auto" else (wanted,)
    return next((_table()[name] for name in names if _table()[name].installed()), None)


SPEC = HearingSpec("whisper", "voice.hearing.whisper:WhisperEngine", available=lambda: model() is not None)


class WhisperEngine:
    """Runs the model on the CPU; must stay in one thread of one process."""

    name = "whisper"
    longest = 25.0

    def __init__(self) -> None:
        import onnxruntime
        from onnx_asr.models.whisper import WhisperHf
        from onnx_asr.preprocessors.numpy_preprocessor import WhisperPreprocessorNumpy
        from tokenizers import Tokenizer

        found = model()
        if found is None:
            raise HearingAbsent("Whisper is not installed; `wenban models fetch whisper-small` fetches it")
        self.name = found.id
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = get_voice_settings().hearing_threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # 0.7 GB instead of 1.3 GB; a recording takes a third longer
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # others need the cores too
        folder = found.folder
        names: dict[str, int] = json.loads((folder / "added_tokens.json").read_text("utf-8"))
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._end = names.get("<|endoftext|>", self._tokenizer.token_to_id("<|endoftext|>"))
        before = self._tokenizer.encode(" " + prompt(), add_special_tokens=False).ids[:MOST_TOKENS]
        self._start = [names["<|startofprev|>"], *before, *(names[token] for token in START)]
        self._features = WhisperPreprocessorNumpy("whisper80")
        encoder = shorten((folder / "onnx" / "encoder_model_quantized.onnx").read_bytes())
        providers = ["CPUExecutionProvider"]
        self._encoder: Any = onnxruntime.InferenceSession(encoder, options, providers=providers)
        # onnx-asr's steps of the decoder, without its own sessions: ours have an encoder that was shortened.
        self._whisper: Any = WhisperHf.__new__(WhisperHf)
        self._whisper._decoder = onnxruntime.InferenceSession(
            str(folder / "onnx" / "decoder_model_merged_quantized.onnx"), options, providers=providers
        )
        self._whisper._device_type, self._whisper._device_id = "cpu", 0
        import numpy as np

        self.recognise(np.zeros(RATE, dtype=np.float32))  # loads everything: not while somebody waits

    def recognise(self, samples: np.ndarray[Any, Any]) -> Heard:
        """Return what is said; see :class:`voice.hearing.engine.HearingEngine`."""
        seconds = len(samples) / RATE
        tokens, chances = self._decode(self._encode(samples), TOKENS_AT_LEAST + int(seconds * TOKENS_A_SECOND))
        text: str = self._tokenizer.decode(tokens, skip_special_tokens=True)
        confidence = math.exp(sum(chances) / len(chances)) if chances else 0.0
        return Heard(text.replace("\N{REPLACEMENT CHARACTER}", "").strip(), confidence)

    def _is_number(self, tokens: list[int]) -> bool:
        """Say whether nothing but digits is repeated: 1234 1234 may be a number."""
        return _NUMBER.fullmatch(self._tokenizer.decode(tokens)) is not None

    def _encode(self, samples: np.ndarray[Any, Any]) -> Any:
        import numpy as np

        features, _ = self._features(samples[None], np.array([len(samples)]))
        frames = min(FRAMES, int((len(samples) / RATE + ROOM) * 100) // 2 * 2)
        (states,) = self._encoder.run(["last_hidden_state"], {"input_features": features[:, :, :frames]})
        return states

    def _decode(self, states: Any, most: int) -> tuple[list[int], list[float]]:
        """Return the likeliest tokens one after the other, and the logarithm of each one's probability."""
        import numpy as np
        from onnxruntime import OrtValue

        tokens = np.array([self._start], dtype=np.int64)
        cache, encoded = self._whisper._create_state(), OrtValue.ortvalue_from_numpy(states)
        found: list[int] = []
        chances: list[float] = []
        while len(found) < most:
            logits, cache = self._whisper._decode(tokens, cache, encoded)
            row = logits[0, -1].astype(np.float64)
            best = int(row.argmax())
            chances.append(float(-np.log(np.exp(row - row[best]).sum())))
            if best == self._end:
                break
            found.append(best)
            if (length := is_loop(found)) is not None and not self._is_number(found[-length:]):
                return found[:-length], chances[:-length]
            tokens = np.hstack((tokens, [[best]]))
        return found, chances
