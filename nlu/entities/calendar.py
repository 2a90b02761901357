"""Compute days: lunar dates, holidays, months and weeks.

The lunar calendar and the solar terms are borax's (MIT). chinesecalendar knows the announced days off up to the current
year; beyond it, the usual pattern is assumed and the result says so.
"""

import calendar as _calendar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import chinese_calendar
from borax.calendars.lunardate import LunarDate, TermUtils  # type: ignore[import-untyped]

from nlu.resources import rows


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, _calendar.monthrange(year, month)[1])


def add_months(day: date, count: int) -> date:
    """Return the same day `count` months on, or the last of that month."""
    index = day.year * 12 + day.month - 1 + count
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, _calendar.monthrange(year, month + 1)[1]))


def monday(day: date) -> date:
    """Return the Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())


def make_date(year: int, month: int, day: int) -> date | None:
    """Return that day, or None when there is none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def lunar_to_solar(year: int, month: int, day: int) -> date | None:
    """Return the solar day of a lunar one; day 30 of a short month is its day 29."""
    for candidate in (day, day - 1) if day == 30 else (day,):
        try:
            solar: date = LunarDate(year, month, candidate).to_solar_date()
        except (ValueError, OverflowError, IndexError):
            continue
        return solar
    return None


def lunar_year(day: date) -> int:
    """Return the lunar year in which `day` lies."""
    return int(LunarDate.from_solar_date(day.year, day.month, day.day).year)


@dataclass(frozen=True)
class Holiday:
    """Describe a festival as data/holidays.tsv gives it."""

    names: tuple[str, ...]
    calendar: str
    month: str
    day: int
    days_off: int

    def on(self, year: int) -> date | None:
        """Return its day in a year: solar, or lunar for lunar festivals."""
        if self.calendar == "solar":
            return date(year, int(self.month), self.day)
        if self.calendar == "term":
            solar: date = TermUtils.day_start_from_term(year, self.month)
            return solar
        return lunar_to_solar(year, int(self.month), self.day)

    def near(self, today: date, *, past: bool = False, year: int | None = None) -> date | None:
        """Return the next time it falls, today included, or the last time; or the one in a given year."""
        base = lunar_year(today) if self.calendar in ("lunar", "eve") else today.year
        if year is not None:
            return self.on(year)
        days = [day for day in (self.on(base + shift) for shift in (-1, 0, 1)) if day is not None]
        if past:
            return max((day for day in days if day <= today), default=None)
        return min((day for day in days if day >= today), default=None)


@cache
def holidays() -> tuple[Holiday, ...]:
    """Return all festivals."""
    return tuple(
        Holiday(tuple(names.split("|")), kind, month, int(day), int(off))
        for names, kind, month, day, off in rows("holidays.tsv")
    )


@cache
def holiday_names() -> dict[str, Holiday]:
    """Return each name of each festival."""
    return {name: holiday for holiday in holidays() for name in holiday.names}


def first_day_after(holiday: Holiday, day: date) -> tuple[date, bool]:
    """Return the first day after the days off of a holiday that falls on `day`, and whether that is certain."""
    try:
        current = day
        while chinese_calendar.is_holiday(current):
            current += timedelta(days=1)
        if current != day:
            return current, True
    except NotImplementedError:
        pass
    span = max(holiday.days_off, 1)
    end = day + timedelta(days=span)
    if span == 1 and holiday.days_off:
        # A single day off joins the weekend it touches.
        end += timedelta(days={4: 2, 5: 2, 6: 1}.get(day.weekday(), 0))
    if holiday.names[0] == "春节":
        end = day + timedelta(days=7)
    return end, False


def next_working_day(day: date) -> date:
    """Return `day` or the first working day after it."""
    for _ in range(15):
        try:
            working = chinese_calendar.is_workday(day)
        except NotImplementedError:
            working = day.weekday() < 5
        if working:
            return day
        day += timedelta(days=1)
    return day
