"""The loop of a worker process.

One JSON object a line. On standard output first ``{"ready": name}``, then one answer to each request: ``{"id", …}``
when it is done, ``{"id", "error", "code"?}`` when not. The process ends when its standard input closes, and the kernel
ends it when a request takes longer than its ``limit``.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TextIO, TypeVar


class Named(Protocol):
    """An engine, as far as this loop knows it."""

    name: str


E = TypeVar("E", bound=Named)


def serve(load: Callable[[], E], answer: Callable[[E, dict[str, Any]], dict[str, object]]) -> None:
    """Load the engine, then serve requests until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent closes our input
    replies = _take_stdout()
    engine = load()
    _send(replies, {"ready": engine.name})
    for line in sys.stdin:
        request = json.loads(line)
        # An engine may hang inside C code and the parent may be gone: SIGALRM's default action ends us anyway.
        signal.setitimer(signal.ITIMER_REAL, float(request["limit"]))
        try:
            reply = answer(engine, request)
        except Exception as error:  # the parent decides what to do; this process goes on
            code = getattr(error, "code", None)
            reply = {"error": f"{type(error).__name__}: {error}", **({"code": code} if isinstance(code, str) else {})}
        signal.setitimer(signal.ITIMER_REAL, 0)
        _send(replies, {"id": request["id"], **reply})


def _take_stdout() -> TextIO:
    """Keep standard output for replies alone: libraries that print would break the protocol."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - pyttsx3 prints a line for every file
    return replies


def _send(replies: TextIO, reply: dict[str, object]) -> None:
    replies.write(json.dumps(reply, ensure_ascii=False) + "\n")
    replies.flush()
