"""A thin adapter to ``voice.hearing``: the API starts and answers without it, and says so."""

from __future__ import annotations

import time
from typing import Protocol

import structlog
from pydantic import BaseModel, Field

from api import errors
from api.errors import ApiError
from api.metrics import Metrics
from voice.hearing.errors import HearingError
from voice.hearing.service import HearingService
from voice.hearing.stream import HearingStream
from voice.hearing.transcript import Transcript as Heard

log = structlog.get_logger("api.hearing")
ERRORS: dict[str, type[ApiError]] = {
    error.code: error
    for error in (
        errors.RecordingTooLong, errors.HeardSilence, errors.HeardNoSpeech, errors.BadRecording,
        errors.UnknownRecording, errors.HearingAbsent, errors.HearingBusy, errors.HearingFailed,
    )
}  # fmt: skip


class Transcript(BaseModel):
    """What was said. ``text`` is corrected, ``heard`` is what the recogniser gave.

    When ``uncertain``, show it (and ``suggestion``, if there is one) before acting on it.
    """

    text: str
    uncertain: bool = False
    suggestion: str | None = None
    heard: str = ""
    seconds: float = Field(0.0, description="length of the recording")


class Listener(Protocol):
    """What ``voice.hearing.service.HearingService`` offers."""

    @property
    def available(self) -> bool: ...
    @property
    def busy(self) -> bool: ...
    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def listen(self, data: bytes, longest: float = 60.0) -> tuple[Heard, float]: ...


class HearingAdapter:
    """Owns the listener's life; every failure is an ``ApiError`` with a sentence."""

    def __init__(self, metrics: Metrics, listener: Listener | None = None) -> None:
        self._metrics = metrics
        self._listener = listener

    async def start(self) -> None:
        try:
            self._listener = self._listener or HearingService()
            await self._listener.start()
        except Exception as error:  # no ears are no reason not to answer
            log.error("hearing_not_started", error=f"{type(error).__name__}: {error}")

    async def stop(self) -> None:
        if self._listener is not None:
            await self._listener.stop()

    @property
    def available(self) -> bool:
        return self._listener is not None and self._listener.available

    def stream(self) -> HearingStream:
        """Return a recording that will grow.

        Raises:
            HearingAbsent: if nothing can hear.
        """
        if self._listener is None or not self._listener.available:
            raise errors.HearingAbsent
        return HearingStream(self._listener)

    async def transcribe(self, recording: bytes) -> Transcript:
        """Return what is said in a recording.

        Raises:
            ApiError: with the code of what is wrong with it, or with us.
        """
        if self._listener is None:
            raise errors.HearingAbsent
        started = time.perf_counter()
        try:
            heard, _ = await self._listener.listen(recording)
        except Exception as error:
            raise self.problem(error) from error
        return self.told(heard, time.perf_counter() - started)

    def told(self, heard: Heard, took: float) -> Transcript:
        """Count a transcript and return it as clients see it."""
        self._metrics.hearing.labels("uncertain" if heard.uncertain else "ok").inc()
        self._metrics.hearing_seconds.observe(took)
        log.info("heard", seconds=round(heard.seconds, 1), ms=round(took * 1000), uncertain=heard.uncertain)
        return Transcript(
            text=heard.text, uncertain=heard.uncertain, suggestion=heard.suggestion, heard=heard.heard,
            seconds=round(heard.seconds, 2),
        )  # fmt: skip

    def problem(self, error: Exception) -> ApiError:
        """Count a failure and return it as clients see it."""
        code = error.code if isinstance(error, HearingError) else errors.HearingFailed.code
        if not isinstance(error, HearingError):
            log.error("hearing_broken", error=type(error).__name__)
        self._metrics.hearing.labels(code).inc()
        return ERRORS[code](headers={"Retry-After": "5"} if code == errors.HearingBusy.code else None)
