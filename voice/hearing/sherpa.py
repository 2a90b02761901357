"""SenseVoice or Paraformer through sherpa-onnx: what a city with its own weights sets.

    WENBAN_VOICE_HEARING=sherpa
    WENBAN_VOICE_SHERPA_FOLDER=/srv/models/sense-voice      model.int8.onnx (or model.onnx) and tokens.txt
    WENBAN_VOICE_SHERPA_KIND=sense-voice                    or paraformer

The library is not installed with the product: ``pip install sherpa-onnx`` (2.0.1 was tried, without real weights).
Weights that it cannot read end the worker, and the service says that nothing could be heard.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voice.hearing.decoding import RATE
from voice.hearing.engine import Heard, HearingSpec
from voice.hearing.errors import HearingAbsent
from voice.settings import get_voice_settings

if TYPE_CHECKING:
    import numpy as np

WEIGHTS = ("model.int8.onnx", "model.onnx")


def problem() -> str | None:
    """Return what is missing, in words for the operator; None when it can be loaded."""
    folder = get_voice_settings().sherpa_folder
    if folder is None:
        return "WENBAN_VOICE_SHERPA_FOLDER is not set"
    if _weights(folder) is None:
        return f"{folder} has neither {' nor '.join(WEIGHTS)}"
    if not (folder / "tokens.txt").is_file():
        return f"{folder} has no tokens.txt"
    if importlib.util.find_spec("sherpa_onnx") is None:
        return "the library is not installed: pip install sherpa-onnx"
    return None


def _weights(folder: Path) -> Path | None:
    return next((folder / name for name in WEIGHTS if (folder / name).is_file()), None)


SPEC = HearingSpec("sherpa", "voice.hearing.sherpa:SherpaEngine", available=lambda: problem() is None)


class SherpaEngine:
    """Drives one offline recogniser."""

    name = "sherpa"
    longest = 25.0

    def __init__(self) -> None:
        if (missing := problem()) is not None:
            raise HearingAbsent(missing)
        import sherpa_onnx

        settings = get_voice_settings()
        assert settings.sherpa_folder is not None
        weights = str(_weights(settings.sherpa_folder))
        tokens = str(settings.sherpa_folder / "tokens.txt")
        make = sherpa_onnx.OfflineRecognizer
        common: dict[str, Any] = {"tokens": tokens, "num_threads": settings.hearing_threads}
        if settings.sherpa_kind == "paraformer":
            self._recogniser = make.from_paraformer(paraformer=weights, **common)
        else:
            self._recogniser = make.from_sense_voice(model=weights, language="zh", use_itn=True, **common)

    def recognise(self, samples: np.ndarray[Any, Any]) -> Heard:
        """Return what is said; these models do not say how sure they are."""
        stream = self._recogniser.create_stream()
        stream.accept_waveform(RATE, samples)
        self._recogniser.decode_stream(stream)
        return Heard(str(stream.result.text).strip())
