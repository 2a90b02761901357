"""The plain voice: pyttsx3 on espeak-ng. Robotic, instant, and needs nothing but the wheels."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from voice import espeak
from voice.engine import EngineSpec, Voice
from voice.errors import BadAudio
from voice.homophones import respell

NORMAL_WORDS_PER_MINUTE = 190  # about 4.3 Mandarin syllables a second
WAV_HEADER = 44
TRIES = 4
_IDS = {"plain-female": "sit/cmn+f2", "plain-male": "sit/cmn"}
VOICES = (Voice("plain-female", "female"), Voice("plain-male", "male"))
SPEC = EngineSpec(
    name="plain", target="voice.plain:PlainEngine", version="1", voices=VOICES, base_limit=3.0, unit_limit=0.05
)


class PlainEngine:
    """Drive one pyttsx3 engine; must stay in one thread of one process."""

    name = "plain"

    def __init__(self) -> None:
        espeak.library()
        import pyttsx3  # loads espeak-ng when imported: only after the line above
        from pyttsx3.drivers import _espeak

        self._engine: Any = pyttsx3.init("espeak")
        self._finish: Callable[[], int] = _espeak.Synchronize
        with tempfile.TemporaryDirectory() as folder:  # the first utterance may come at any speed
            self.synthesize("好", VOICES[0].id, 1.0, Path(folder) / "first.wav")

    def voices(self) -> tuple[Voice, ...]:
        # Never ask pyttsx3 for its list: reading it makes later files come out empty.
        return VOICES

    def synthesize(self, text: str, voice: str, rate: float, path: Path) -> None:
        """Write a WAV file; see :class:`voice.engine.SpeechEngine`."""
        spelled = respell(text)
        for _ in range(TRIES):  # about one file in 400 is a bare header, without an error
            path.unlink(missing_ok=True)
            self._set(_IDS[voice], round(NORMAL_WORDS_PER_MINUTE * rate))
            self._engine.save_to_file(spelled, str(path))
            self._engine.runAndWait()
            if path.is_file() and path.stat().st_size > WAV_HEADER:
                return
        raise BadAudio(f"pyttsx3 wrote nothing in {TRIES} tries")

    def _set(self, voice: str, words_per_minute: int) -> None:
        """Set both; a rate set too soon after a change of voice, or equal to the last one, would be ignored."""
        self._engine.setProperty("voice", voice)
        self._finish()
        self._engine.setProperty("rate", words_per_minute + 1)
        self._engine.setProperty("rate", words_per_minute)
        self._finish()
