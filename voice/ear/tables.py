"""The data files of this package."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


def lines(name: str) -> list[str]:
    """Return the lines of a data file that are neither empty nor comments."""
    return [line for line in (DATA / name).read_text("utf-8").splitlines() if line and not line.startswith("#")]


@lru_cache
def pairs(name: str) -> dict[str, str]:
    """Return a two-column table."""
    return dict(line.split("\t") for line in lines(name))


@lru_cache
def words(name: str) -> tuple[str, ...]:
    """Return a list of words separated by white space, the longest first."""
    return tuple(sorted({word for line in lines(name) for word in line.split()}, key=lambda word: (-len(word), word)))


def either(options: tuple[str, ...] | list[str]) -> str:
    """Return a regular expression that matches any of the options, the longest first."""
    return "(?:" + "|".join(re.escape(option) for option in sorted(options, key=len, reverse=True)) + ")"
