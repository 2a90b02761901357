"""One supervised operating-system process: started in its own group, killed with everything that it started."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping

from wenban import logfiles, paths
from wenban.processes import Process

RUN_MARK = "WENBAN_RUN"
_PR_SET_PDEATHSIG = 1


class Child:
    """A running process. ``stop`` and ``kill`` reach its whole group."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.pid = process.pid

    @classmethod
    async def start(cls, spec: Process, environment: Mapping[str, str]) -> Child:
        """Start ``spec`` with its output in its log."""
        with logfiles.open_append(spec.name) as log:
            process = await asyncio.create_subprocess_exec(
                *spec.command,
                cwd=paths.ROOT,
                env={**environment, **spec.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )
        return cls(process)

    async def wait(self) -> int:
        """Return the exit code once the process has ended and what it left behind has been killed."""
        code = await self._process.wait()
        self.kill()
        return code

    def stop(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)


def die_with_parent() -> Callable[[], None] | None:
    """Return a hook for the new process that makes Linux kill it when this process dies, even by SIGKILL."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def hook() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return hook


def kill_leftovers(run: str) -> int:
    """Kill what an earlier run left behind (workers of a process that died with its supervisor); return how many."""
    import psutil

    count = 0
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.pid != os.getpid() and process.environ().get(RUN_MARK) == run:
                process.kill()
                count += 1
    return count
