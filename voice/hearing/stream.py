"""A recording that is still growing: partial text while somebody speaks, the transcript at the end.

Whisper hears no stream, so what there is so far is heard anew now and then: only when the recogniser is free, and never
for more than half of the time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

from voice import wav
from voice.hearing.decoding import LONGEST, RATE
from voice.hearing.errors import HearingError, NoSpeech, Silence, TooLong
from voice.hearing.transcript import Transcript

FIRST, STEP = 1.0, 0.8  # seconds of sound before the first partial text, and between two
END_AFTER = 1.4  # seconds of silence after speech that end an utterance
GIVE_UP_AFTER = 8.0  # seconds without a word


class Ears(Protocol):
    """What ``voice.hearing.service.HearingService`` offers."""

    @property
    def busy(self) -> bool: ...
    async def listen(self, data: bytes, longest: float = LONGEST) -> tuple[Transcript, float]: ...


@dataclass(frozen=True)
class Partial:
    """What was said so far, and whether it seems to be over."""

    text: str
    ended: bool


class HearingStream:
    """Takes mono 16-bit samples at 16 kHz as they come."""

    def __init__(self, service: Ears, longest: float = LONGEST) -> None:
        self._service, self._longest = service, longest
        self._sound = bytearray()
        self._heard_at = 0.0  # seconds of sound that the last text is of
        self._not_before = 0.0
        self._last: tuple[Transcript, float] | None = None

    @property
    def seconds(self) -> float:
        return len(self._sound) / 2 / RATE

    def feed(self, samples: bytes) -> None:
        """Add samples.

        Raises:
            TooLong: when there are more than fit.
        """
        if (len(self._sound) + len(samples)) / 2 / RATE > self._longest:
            raise TooLong(f"more than {self._longest:.0f} s")
        self._sound += samples

    def due(self) -> bool:
        """Say whether a partial text should be made now."""
        new = self.seconds - self._heard_at
        return new >= (STEP if self._heard_at else FIRST) and time.monotonic() >= self._not_before

    async def partial(self) -> Partial | None:
        """Return what was said so far; None when there is nothing to say or no time to listen."""
        if self._service.busy:
            return None
        until, started = self.seconds, time.monotonic()
        try:
            self._last = transcript, quiet = await self._service.listen(self._file(), self._longest)
        except (Silence, NoSpeech):
            self._last = None
            return Partial("", ended=True) if until >= GIVE_UP_AFTER else None
        except HearingError:
            return None  # the end will say what is wrong
        finally:
            self._heard_at = until
            self._not_before = time.monotonic() + (time.monotonic() - started)
        return Partial(transcript.text, ended=quiet >= END_AFTER)

    async def final(self) -> Transcript:
        """Return the transcript of everything.

        Raises:
            HearingError: as ``HearingService.listen``.
        """
        if self._last is not None and self._last[1] >= END_AFTER / 2 and self.seconds - self._heard_at < STEP / 2:
            return self._last[0]  # nothing but silence has come since
        transcript, _ = await self._service.listen(self._file(), self._longest)
        return transcript

    def _file(self) -> bytes:
        frames = bytes(self._sound)
        return wav.plain(wav.Sound(RATE, frames[: len(frames) // 2 * 2]))
