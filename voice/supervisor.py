"""Keeps one worker at work: a queue by urgency, time-outs, checks, retries, restarts. No request is lost."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field
from enum import IntEnum

import structlog

from voice import verify, wav
from voice.engine import EngineSpec
from voice.errors import BadAudio, SpeechUnavailable, VoiceError, WorkerFailed
from voice.keeper import Keeper
from voice.speaking import SpeakingWorker

log = structlog.get_logger("voice.supervisor")


class Urgency(IntEnum):
    """Somebody waits for the first sound, or hears something already, or it is prepared for later."""

    FIRST = 0
    NOW = 1
    LATER = 2


@dataclass(order=True)
class _Job:
    urgency: Urgency
    number: int
    text: str = field(compare=False)
    voice: str = field(compare=False)
    rate: float = field(compare=False)
    done: asyncio.Future[bytes] = field(compare=False)


class Supervisor:
    """Owns one worker of one engine; ``synthesize`` may be called from many tasks at once."""

    def __init__(self, spec: EngineSpec) -> None:
        self.spec = spec
        self._keeper = Keeper(spec.name, lambda: SpeakingWorker(spec))
        self._jobs: asyncio.PriorityQueue[_Job] = asyncio.PriorityQueue()
        self._numbers = itertools.count()
        self._runner: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The worker's process id, while one runs."""
        return self._keeper.pid

    @property
    def restarts(self) -> int:
        """How often a worker was replaced."""
        return self._keeper.restarts

    @property
    def ready(self) -> bool:
        """Say whether a worker runs and has loaded its engine."""
        return self._keeper.worker is not None and self._keeper.worker.ready

    async def start(self) -> None:
        """Start the worker. A worker that cannot start is tried again with the requests that come."""
        async with self._starting:
            if self._runner is None:
                try:
                    await self._keeper.ready()
                except WorkerFailed as error:
                    log.error("speech_worker_not_started", engine=self.spec.name, error=str(error))
                self._runner = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End the worker; requests that wait get ``SpeechUnavailable``."""
        if self._runner is not None:
            self._runner.cancel()
            await asyncio.gather(self._runner, return_exceptions=True)
            self._runner = None
        self.refuse()
        await self._keeper.close()

    def refuse(self) -> None:
        """Give every request that waits ``SpeechUnavailable``."""
        while not self._jobs.empty():
            _fail(self._jobs.get_nowait(), SpeechUnavailable(f"{self.spec.name} does not speak now"))

    async def synthesize(self, text: str, voice: str, rate: float, urgency: Urgency = Urgency.NOW) -> bytes:
        """Return ``text`` as a checked and labelled WAV file.

        Raises:
            SpeechUnavailable: if the engine failed as often as its spec allows.
        """
        if self._runner is None:
            raise SpeechUnavailable("speech is not started")
        done: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._jobs.put_nowait(_Job(urgency, next(self._numbers), text, voice, rate, done))
        return await done

    async def _run(self) -> None:
        while True:
            job = await self._next()
            if job.done.done():  # the caller went away
                continue
            try:
                audio = await self._try(job)
            except asyncio.CancelledError:
                _fail(job, SpeechUnavailable("speech is stopping"))
                raise
            except Exception as error:  # whatever it was, the caller must hear of it
                log.error("speech_lost", engine=self.spec.name, error=f"{type(error).__name__}: {error}")
                _fail(job, SpeechUnavailable(f"{self.spec.name}: {error}"))
                if self.spec.slow and not self.ready:  # its worker is gone: another engine speaks meanwhile
                    self.refuse()
            else:
                if not job.done.done():
                    job.done.set_result(audio)

    async def _next(self) -> _Job:
        """Wait for a job; meanwhile replace a worker that dies, so that the job need not wait for it."""
        job = asyncio.create_task(self._jobs.get())
        try:
            while not job.done() and self._keeper.worker is not None:
                death = asyncio.create_task(self._keeper.worker.wait())
                await asyncio.wait({job, death}, return_when=asyncio.FIRST_COMPLETED)
                died = death.done()
                death.cancel()
                if died and not job.done() and not await self._revive():
                    break
            return await job
        except asyncio.CancelledError:
            if job.done() and not job.cancelled():
                self._jobs.put_nowait(job.result())
            job.cancel()
            raise

    async def _revive(self) -> bool:
        """Start a worker in place of one that died idle, unless it keeps dying: then the next request tries."""
        if asyncio.get_running_loop().time() - self._keeper.started_at < 1.0:
            return False
        try:
            await self._keeper.ready()
        except WorkerFailed:
            return False
        return True

    async def _try(self, job: _Job) -> bytes:
        count = verify.units(job.text)
        failure: VoiceError | None = None
        for attempt in range(self.spec.tries):
            try:
                worker = await self._keeper.ready()
                data = await worker.speak(job.text, job.voice, job.rate, self.spec.limit(count))
                return wav.write(await asyncio.to_thread(verify.check, data, job.text, job.rate))
            except (BadAudio, WorkerFailed) as error:
                failure = error
                log.warning("speech_retry", engine=self.spec.name, attempt=attempt + 1, error=str(error))
        raise SpeechUnavailable(f"{self.spec.name} failed: {failure}")


def _fail(job: _Job, error: Exception) -> None:
    if not job.done.done():
        job.done.set_exception(error)
