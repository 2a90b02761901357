"""Speech in for the rest of the product: a recording in, a transcript out.

hearing = HearingService()
await hearing.start()
transcript = await hearing.transcribe(upload)
"""

from __future__ import annotations

import asyncio

import structlog

from voice.hearing.decoding import LONGEST, longest_possible
from voice.hearing.engine import HearingSpec
from voice.hearing.engines import chosen
from voice.hearing.errors import HearingAbsent, TooLong
from voice.hearing.supervisor import HearingSupervisor
from voice.hearing.transcript import Transcript, transcribe
from voice.settings import get_voice_settings

log = structlog.get_logger("voice.hearing")
MOST_BYTES = 4 << 20


class HearingService:
    """Uses the engine that is set, as soon as its weights are there."""

    def __init__(
        self, spec: HearingSpec | None = None, most_waiting: int | None = None, idle: float | None = None
    ) -> None:
        settings = get_voice_settings()
        self._spec = spec or chosen()
        self._idle = settings.hearing_idle if idle is None else idle
        waiting = most_waiting or settings.hearing_queue
        self._supervisor = HearingSupervisor(self._spec, waiting, self._idle) if self._spec else None
        self._warming: asyncio.Task[None] | None = None

    @property
    def available(self) -> bool:
        """Say whether an engine and its weights are there."""
        return self._spec is not None and self._spec.available()

    @property
    def busy(self) -> bool:
        return self._supervisor is not None and self._supervisor.busy

    @property
    def pid(self) -> int | None:
        """The worker's process id, while one runs."""
        return self._supervisor.pid if self._supervisor else None

    async def start(self) -> None:
        """Load the engine in the background, if it is there and to stay; else the first recording loads it."""
        if self.available and not self._idle:
            self.warm()

    def warm(self) -> None:
        """Load the engine in the background, unless that is being done."""
        if self._supervisor and (self._warming is None or self._warming.done()):
            self._warming = asyncio.create_task(self._warm(self._supervisor))

    @staticmethod
    async def _warm(supervisor: HearingSupervisor) -> None:
        await asyncio.to_thread(transcribe, "您好")  # reads the lexicon: not while somebody waits
        await supervisor.start()

    async def stop(self) -> None:
        """End the worker."""
        if self._warming is not None:
            self._warming.cancel()
            await asyncio.gather(self._warming, return_exceptions=True)
        if self._supervisor is not None:
            await self._supervisor.stop()

    async def transcribe(self, data: bytes, longest: float = LONGEST) -> Transcript:
        """Return what is said in a recording: WAV, WebM, Ogg, MP3, M4A, AAC, FLAC or AMR.

        Raises:
            HearingError: one of ``voice.hearing.errors``, each with a ``code``.
        """
        transcript, _ = await self.listen(data, longest)
        return transcript

    async def listen(self, data: bytes, longest: float = LONGEST) -> tuple[Transcript, float]:
        """Return what is said, and for how many seconds nobody has spoken since."""
        if self._supervisor is None or not self.available:
            raise HearingAbsent("no recogniser is installed")
        if len(data) > MOST_BYTES:
            raise TooLong(f"more than {MOST_BYTES} bytes")
        reply = await self._supervisor.hear(data, min(longest, longest_possible(data)), longest)
        confidence = reply.get("confidence")
        transcript = await asyncio.to_thread(
            transcribe, str(reply["text"]), None if confidence is None else float(confidence), float(reply["seconds"])
        )
        return transcript, float(reply["quiet"])
