"""Sample values that are always the same for the same text, so that two questions get one answer."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

One = TypeVar("One")


def steady(seed: str, low: int, high: int) -> int:
    """Return a whole number from ``low`` to ``high`` that ``seed`` decides."""
    return low + int(hashlib.sha256(seed.encode()).hexdigest()[:8], 16) % (high - low + 1)


def one_of(seed: str, values: Sequence[One]) -> One:
    """Return the value that ``seed`` decides."""
    return values[steady(seed, 0, len(values) - 1)]
