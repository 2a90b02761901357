"""Keeps one worker process: starts it when it is needed, and after failed starts not at once again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

import structlog

from voice.errors import WorkerFailed
from voice.process import WorkerProcess

log = structlog.get_logger("voice.keeper")
LONGEST_BACKOFF = 30.0
W = TypeVar("W", bound=WorkerProcess)


class Keeper(Generic[W]):
    """Holds the worker that ``make`` makes. ``ready`` is called by one task at a time: the supervisors see to that."""

    def __init__(self, name: str, make: Callable[[], W]) -> None:
        self.name = name
        self.worker: W | None = None
        self.restarts = 0
        self.started_at = 0.0  # of the loop's clock
        self._make = make
        self._failed_starts = 0
        self._not_before = 0.0

    @property
    def pid(self) -> int | None:
        """The worker's process id, while one runs."""
        return self.worker.pid if self.worker else None

    async def ready(self) -> W:
        """Return a running worker, starting one if needed.

        Raises:
            WorkerFailed: if it does not start, or did not a moment ago.
        """
        if self.worker is not None and self.worker.alive:
            return self.worker
        loop = asyncio.get_running_loop()
        if loop.time() < self._not_before:
            raise WorkerFailed(f"the {self.name} worker does not start")
        if self.worker is not None:
            self.restarts += 1
            log.warning("worker_restart", engine=self.name, restarts=self.restarts)
            await self.worker.close()
        self.worker = self._make()
        try:
            await self.worker.start()
        except (WorkerFailed, OSError) as error:
            self._failed_starts += 1
            self._not_before = loop.time() + min(LONGEST_BACKOFF, 0.5 * 2**self._failed_starts)
            raise WorkerFailed(f"the {self.name} worker does not start: {error}") from error
        self._failed_starts = 0
        self.started_at = loop.time()
        return self.worker

    async def close(self) -> None:
        """End the worker, if there is one."""
        if self.worker is not None:
            await self.worker.close()
            self.worker = None
