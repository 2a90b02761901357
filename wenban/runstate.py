"""What is running: a lock that only the supervisor holds and a state file that anyone may read."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Literal

from wenban import paths

State = Literal["starting", "ready", "restarting", "failed", "stopped"]


@dataclass
class ProcessState:
    name: str
    title: str
    port: int
    state: State = "starting"
    pid: int | None = None
    restarts: int = 0
    seconds: float | None = None  # that the last start took
    problem: str = ""


@dataclass
class RunState:
    pid: int
    url: str
    run: str  # marks this run's processes in their environment
    processes: dict[str, ProcessState] = field(default_factory=dict)

    def settled(self) -> bool:
        """Say whether every process is ready or has been given up for now."""
        return all(process.state in ("ready", "failed") for process in self.processes.values())


def folder() -> Path:
    return paths.home() / "run"


def state_file() -> Path:
    return folder() / "wenban.json"


def write(state: RunState) -> None:
    """Replace the state file atomically."""
    temporary = state_file().with_suffix(".part")
    temporary.write_text(json.dumps(asdict(state), ensure_ascii=False, indent=1))
    temporary.replace(state_file())


def read() -> RunState | None:
    """Return what the last supervisor wrote, whether or not it still runs."""
    try:
        document: dict[str, Any] = json.loads(state_file().read_text())
        processes = {name: ProcessState(**row) for name, row in document.pop("processes").items()}
        return RunState(**document, processes=processes)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def acquire() -> IO[str] | None:
    """Take the supervisor's lock; None when another supervisor holds it. The lock goes with the process."""
    folder().mkdir(parents=True, exist_ok=True)
    handle = (folder() / "wenban.lock").open("a")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    os.set_inheritable(handle.fileno(), False)
    return handle


def running() -> RunState | None:
    """Return the state of the supervisor that runs now."""
    handle = acquire()
    if handle is not None:
        handle.close()
        return None
    return read()
