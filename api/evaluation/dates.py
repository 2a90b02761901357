"""Dates in an expectation: ``<tomorrow>``, ``<next_wed>``, ``<month-2>``, ``<last_year_lunar_12>`` …

A day is an ISO date, a month ``YYYY-MM``, a month of the lunar calendar the span of its solar days.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from borax.calendars.lunardate import LunarDate  # type: ignore[import-untyped]

DAYS = {
    "today": 0,
    "tomorrow": 1,
    "day_after_tomorrow": 2,
    "yesterday": -1,
    "day_before_yesterday": -2,
}
MONTHS = {"this_month": 0, "last_month": -1, "next_month": 1}
YEARS = {"last": -1, "this": 0, "next": 1}
WEEKDAYS = {name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
_TAG = re.compile(r"<([^<>]+)>")


class UnknownDate(ValueError):
    """A tag that names no date."""


@dataclass(frozen=True)
class Span:
    """Any day from ``first`` to ``last`` is right."""

    first: str
    last: str

    def __str__(self) -> str:
        return f"{self.first}…{self.last}"


def resolve(value: Any, today: date) -> Any:
    """Return ``value`` with every date tag in it, however deep, replaced by its date.

    Raises:
        UnknownDate: naming the tag that means nothing.
    """
    if isinstance(value, dict):
        return {key: resolve(item, today) for key, item in value.items()}
    if isinstance(value, list):
        return [resolve(item, today) for item in value]
    match = _TAG.fullmatch(value) if isinstance(value, str) else None
    return _tag(match[1], today) if match else value


def _tag(name: str, today: date) -> str | Span:
    if name in DAYS:
        return _day(today, DAYS[name])
    if name in MONTHS:
        return _month(today, MONTHS[name])
    if match := re.fullmatch(r"(today|month)([+-]\d+)", name):
        shift = int(match[2])
        return _day(today, shift) if match[1] == "today" else _month(today, shift)
    if (match := re.fullmatch(r"(this|next|last)_([a-z]{3})", name)) and match[2] in WEEKDAYS:
        return _weekday(today, match[1], WEEKDAYS[match[2]])
    if (match := re.fullmatch(r"(last|this|next)_year_lunar_(\d{1,2})", name)) and 1 <= int(match[2]) <= 12:
        return _lunar_month(today, YEARS[match[1]], int(match[2]))
    raise UnknownDate(f"<{name}>")


def _day(today: date, shift: int) -> str:
    return (today + timedelta(days=shift)).isoformat()


def _month(today: date, shift: int) -> str:
    months = today.year * 12 + today.month - 1 + shift
    return f"{months // 12:04d}-{months % 12 + 1:02d}"


def _weekday(today: date, which: str, weekday: int) -> str:
    """``this`` is the nearest such day, today included; ``next`` and ``last`` are of the week after and before."""
    if which == "this":
        return _day(today, (weekday - today.weekday()) % 7)
    return _day(today, weekday - today.weekday() + (7 if which == "next" else -7))


def _lunar_month(today: date, shift: int, month: int) -> Span:
    year = LunarDate.from_solar(today).year + shift
    first = LunarDate(year, month, 1).to_solar_date()
    last = (LunarDate(year, month + 1, 1) if month < 12 else LunarDate(year + 1, 1, 1)).to_solar_date()
    return Span(first.isoformat(), (last - timedelta(days=1)).isoformat())
