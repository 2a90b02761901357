"""Keep what date rules share: the rule itself, what it resolves to, and hints of the past."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from nlu.entities.types import Message


@dataclass(frozen=True)
class Found:
    """Hold what a date expression means: a day, a range of days or a month (its first day)."""

    day: date | None = None
    end: date | None = None
    month: bool = False
    meta: dict[str, Any] = field(default_factory=dict)
    problem: str | None = None


@dataclass(frozen=True)
class Rule:
    """Pair a pattern with what it means; resolve returns None when the match is no date after all."""

    pattern: re.Pattern[str]
    resolve: Callable[[re.Match[str], Message], Found | None]


_DONE = re.compile(
    r"^.{0,3}(?:就|已经|都|刚|才|曾|还)?.{0,5}(?:办|交|去|来|报|提|递|约|倒|买|跑|丢|出|发生|寄|签|打|问|查|申请|收到|缴|充|到)"
    r".{0,4}(?:了(?!吧|行|好|吗|么)|过|的(?:[,，。]|$))"
)
_WISH = re.compile(r"想|要|能|可以|行不|帮|改|约到|挪")


def is_past(message: Message, match: re.Match[str]) -> bool:
    """Tell whether the words around a date without a year say that it is over."""
    if message.past:
        return True
    after = re.split(r"[,，。；;！？!?]", message.after(match.end(), 14))[0]
    return bool(_DONE.search(after)) and not _WISH.search(after) and not _WISH.search(message.before(match.start(), 6))


def steps(lead: str) -> int:
    """Count how many weeks or months 下下, 上 or the dialect's 大上 (the one before last) are away."""
    count = lead.count("下") - lead.count("上")
    if lead.startswith("大"):
        count += 1 if count > 0 else -1
    return count
