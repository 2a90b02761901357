"""One worker process, seen from the parent."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Any

from voice.errors import WorkerFailed
from wenban import paths

KILL_AFTER = 2.0  # seconds beyond the worker's own alarm, and for a polite end
LONGEST_LINE = 1 << 20


class WorkerProcess:
    """Start, ask and end a ``python -m MODULE TARGET`` that talks as ``voice.serving`` does, one request at a time."""

    def __init__(self, module: str, target: str, load_limit: float, nice: int = 0) -> None:
        self.module, self.target, self.load_limit, self.nice = module, target, load_limit, nice
        self.folder = Path(tempfile.mkdtemp(prefix="wenban-voice-"))
        self._process: Process | None = None
        self._asked = 0
        self._loaded = False

    @property
    def pid(self) -> int | None:
        return self._process.pid if self.alive and self._process else None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def ready(self) -> bool:
        """Say whether it runs and has loaded its engine."""
        return self.alive and self._loaded

    async def start(self) -> None:
        """Start the process and wait until its engine is loaded.

        Raises:
            WorkerFailed: if it ends or says nothing in time.
        """
        polite = ("nice", "-n", str(self.nice)) if self.nice else ()
        self._process = await asyncio.create_subprocess_exec(
            *polite, sys.executable, "-m", self.module, self.target,
            stdin=PIPE, stdout=PIPE, cwd=paths.ROOT, limit=LONGEST_LINE,
        )  # fmt: skip
        await self._reply(self.load_limit)
        self._loaded = True

    async def ask(self, request: dict[str, Any], limit: float) -> dict[str, Any]:
        """Return the reply to a request, an ``error`` of the engine among them.

        Raises:
            WorkerFailed: if the process died or ran past ``limit`` seconds; it is dead afterwards.
        """
        if not self.alive or self._process is None or self._process.stdin is None:
            raise WorkerFailed("the worker is not running")
        self._asked += 1
        try:
            self._process.stdin.write(json.dumps({"id": self._asked, "limit": limit, **request}).encode() + b"\n")
            await self._process.stdin.drain()
            return await self._reply(limit + KILL_AFTER)
        except (BrokenPipeError, ConnectionResetError) as error:
            await self.kill()
            raise WorkerFailed("the worker died before the request") from error
        except asyncio.CancelledError:
            await self.kill()  # its answer would be taken for the next request's
            raise

    def file(self, suffix: str) -> Path:
        """Return a path for the next request's file."""
        return self.folder / f"{self._asked + 1}{suffix}"

    async def wait(self) -> None:
        """Return when the process has ended."""
        if self._process is not None:
            await self._process.wait()

    async def kill(self) -> None:
        """End the process now."""
        if self.alive and self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()

    async def close(self) -> None:
        """Close its input, give it a moment to end, and remove its folder."""
        if self.alive and self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), KILL_AFTER)
        await self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    async def _reply(self, limit: float) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdout is not None
        try:
            line = await asyncio.wait_for(self._process.stdout.readline(), limit)
            reply = json.loads(line) if line else None
        except (TimeoutError, ValueError) as error:
            await self.kill()
            raise WorkerFailed(f"no answer in {limit:.1f} s") from error
        if not isinstance(reply, dict):
            await self.kill()
            raise WorkerFailed(f"the worker ended with {self._process.returncode}")
        return reply
