"""Typeahead: complete what is being typed, as characters, full pinyin or pinyin initials ("sbk")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pypinyin import Style, lazy_pinyin

from knowledge.schemas import Suggestion


@dataclass(frozen=True)
class Line:
    """One thing that can be suggested; ``keys`` are the texts it may be found by."""

    text: str
    kind: Literal["service", "qa"]
    id: str
    pinyin: str
    initials: str


@lru_cache(maxsize=50_000)
def make_line(text: str, kind: Literal["service", "qa"], owner: str) -> Line:
    pinyin = "".join(lazy_pinyin(text)).lower()
    initials = "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()
    return Line(text, kind, owner, pinyin, initials)


class Typeahead:
    """Names before aliases before questions; the start of a text before its middle; short before long."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = list(lines)

    def suggest(self, typed: str, limit: int) -> list[Suggestion]:
        """Return up to ``limit`` suggestions, at most one an owner."""
        key = "".join(typed.lower().split())
        if not key:
            return []
        latin = key.isascii()
        scored = []
        for order, line in enumerate(self._lines):
            rank = self._rank(key, line, latin)
            if rank is not None:
                scored.append((rank, line.kind == "qa", len(line.text), order, line))
        scored.sort(key=lambda item: item[:4])
        chosen: dict[str, Suggestion] = {}
        for *_, line in scored:
            chosen.setdefault(line.id, Suggestion(text=line.text, kind=line.kind, id=line.id))
            if len(chosen) == limit:
                break
        return list(chosen.values())

    @staticmethod
    def _rank(key: str, line: Line, latin: bool) -> int | None:
        """Return how well ``line`` fits (0 is best), or None."""
        text = line.text.lower()
        if text.startswith(key):
            return 0
        if latin and line.initials.startswith(key):
            return 1
        if latin and line.pinyin.startswith(key):
            return 1
        if key in text:
            return 2
        if latin and len(key) >= 3 and key in line.initials:
            return 3
        if latin and len(key) >= 4 and key in line.pinyin:
            return 4
        return None
