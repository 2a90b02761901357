"""Log files of the supervised processes: appended to by them, rotated by size by us."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import IO

from wenban import paths

MAX_BYTES = 10 * 1024 * 1024
KEPT = 3


def path(name: str) -> Path:
    return paths.home() / "logs" / f"{name}.log"


def open_append(name: str) -> IO[bytes]:
    """Open a process's log; each write lands at the end, so that it can be truncated under the writer."""
    path(name).parent.mkdir(parents=True, exist_ok=True)
    return path(name).open("ab")


def rotate(name: str, max_bytes: int = MAX_BYTES) -> bool:
    """Copy a log that has grown too long to ``NAME.log.1`` and empty it; older copies move up."""
    current = path(name)
    if not current.exists() or current.stat().st_size <= max_bytes:
        return False
    for number in range(KEPT, 1, -1):
        older = current.with_name(f"{current.name}.{number - 1}")
        if older.exists():
            older.replace(current.with_name(f"{current.name}.{number}"))
    shutil.copyfile(current, current.with_name(f"{current.name}.1"))
    with current.open("r+b") as file:
        file.truncate(0)
    return True


def tail(name: str, lines: int = 8) -> list[str]:
    """Return the last lines of a log."""
    try:
        with path(name).open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - 16_384))
            return file.read().decode("utf-8", "replace").rstrip().splitlines()[-lines:]
    except OSError:
        return []
