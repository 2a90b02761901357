"""How long a turn's calls to departments may take together, so that the citizen's page never waits in vain.

The API says in each turn until when it waits; every action of that turn runs ``within`` what is left, and the client
shortens its time-outs and stops repeating when it is used up.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

USUAL = 8.0  # seconds, where nobody said
LEAST = 0.3  # less is not worth a call

_until: ContextVar[float | None] = ContextVar("until", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let every call made here end within ``seconds``."""
    token = _until.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(token)


def left() -> float:
    """Return the seconds that are left; ``USUAL`` outside a turn."""
    until = _until.get()
    return USUAL if until is None else until - time.monotonic()


def seconds_until(deadline: object, now: float) -> float:
    """Return what is left until a turn's ``deadline`` (a Unix time); ``USUAL`` at most, whatever the clocks say."""
    if not isinstance(deadline, int | float):
        return USUAL
    return max(0.0, min(float(deadline) - now, USUAL))
