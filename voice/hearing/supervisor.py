"""Keeps one recogniser at work: one recording at a time, time-outs, one retry, restarts."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog

from voice.errors import WorkerFailed
from voice.hearing.engine import HearingSpec
from voice.hearing.errors import BY_CODE, HearingBusy, HearingFailed
from voice.keeper import Keeper
from voice.process import WorkerProcess

log = structlog.get_logger("voice.hearing")


class HearingSupervisor:
    """Owns one worker; ``hear`` may be called from many tasks at once, and they take turns."""

    def __init__(self, spec: HearingSpec, most_waiting: int = 8, idle: float = 0.0) -> None:
        self.spec = spec
        self.idle = idle  # seconds without a recording after which the worker ends; 0: it stays
        self._most = most_waiting
        self._waiting = 0
        self._turn = asyncio.Lock()
        self._keeper = Keeper(spec.name, lambda: WorkerProcess("voice.hearing.worker", spec.target, spec.load_limit))
        self._stopped = False
        self._used = 0.0
        self._retiring: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The worker's process id, while one runs."""
        return self._keeper.pid

    @property
    def busy(self) -> bool:
        """Say whether somebody's recording is being heard."""
        return self._turn.locked()

    async def start(self) -> None:
        """Load the engine now, so that the first citizen need not wait for it."""
        async with self._turn:
            if self._keeper.worker is None:
                try:
                    await self._ready()
                except WorkerFailed as error:
                    log.error("hearing_worker_not_started", engine=self.spec.name, error=str(error))

    async def stop(self) -> None:
        """End the worker; what it hears fails with ``HearingFailed``."""
        self._stopped = True
        if self._retiring is not None:
            self._retiring.cancel()
            await asyncio.gather(self._retiring, return_exceptions=True)
        if self._keeper.worker is not None:
            await self._keeper.worker.kill()
        async with self._turn:
            await self._keeper.close()

    async def hear(self, data: bytes, seconds: float, longest: float) -> dict[str, Any]:
        """Return the worker's reply for a recording of at most ``seconds``.

        Raises:
            HearingBusy: if too many wait already.
            HearingFailed: if the engine failed as often as its spec allows.
            HearingError: what the recording itself is found to be: silence, broken, too long, …
        """
        if self._waiting >= self._most:
            raise HearingBusy(f"{self._waiting} recordings wait")
        self._waiting += 1
        try:
            async with self._turn:
                return await self._try(data, seconds, longest)
        finally:
            self._waiting -= 1
            self._used = asyncio.get_running_loop().time()

    async def _try(self, data: bytes, seconds: float, longest: float) -> dict[str, Any]:
        failure = "stopped"
        for attempt in range(self.spec.tries):
            if self._stopped:
                break
            try:
                return await self._ask(await self._ready(), data, self.spec.limit(seconds), longest)
            except WorkerFailed as error:
                failure = str(error)
                log.warning("hearing_retry", engine=self.spec.name, attempt=attempt + 1, error=failure)
        raise HearingFailed(f"{self.spec.name}: {failure}")

    async def _ask(self, worker: WorkerProcess, data: bytes, limit: float, longest: float) -> dict[str, Any]:
        path = worker.file(".audio")
        try:
            await asyncio.to_thread(path.write_bytes, data)
            reply = await worker.ask({"path": str(path), "longest": longest}, limit)
        except OSError as error:
            raise HearingFailed(f"no room for the recording: {error}") from error
        finally:
            path.unlink(missing_ok=True)
        if "error" in reply:
            log.info("not_heard", engine=self.spec.name, error=reply["error"])
            raise BY_CODE.get(str(reply.get("code")), HearingFailed)(str(reply["error"]))
        return reply

    async def _ready(self) -> WorkerProcess:
        """Return a running worker; one that was started ends by itself when nobody speaks for a while."""
        worker = await self._keeper.ready()
        self._used = asyncio.get_running_loop().time()
        if self.idle and (self._retiring is None or self._retiring.done()):
            self._retiring = asyncio.create_task(self._retire())
        return worker

    async def _retire(self) -> None:
        """Give the worker's memory back when nobody has spoken for a while; it loads again in seconds."""
        loop = asyncio.get_running_loop()
        while self._keeper.worker is not None:
            await asyncio.sleep(max(self._used + self.idle - loop.time(), 0))
            async with self._turn:
                if self._keeper.worker is not None and loop.time() - self._used >= self.idle:
                    await self._keeper.close()
                    log.info("hearing_worker_retired", engine=self.spec.name)
