"""Working days by the official holiday calendar: weekends and holidays do not count, make-up days do."""

from __future__ import annotations

import datetime as dt

import chinese_calendar


def is_workday(day: dt.date) -> bool:
    """Say whether offices work on ``day``; for years whose calendar is not published yet, Monday to Friday."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def after(day: dt.date, count: int) -> dt.date:
    """Return the ``count``-th working day after ``day``, which itself does not count.

    >>> after(dt.date(2026, 9, 30), 1)  # the National Day holiday lies between
    datetime.date(2026, 10, 8)
    """
    while count > 0:
        day += dt.timedelta(days=1)
        count -= is_workday(day)
    return day


def between(first: dt.date, last: dt.date) -> int:
    """Return how many working days lie after ``first`` up to and with ``last``; negative when ``last`` is before."""
    if last < first:
        return -between(last, first)
    return sum(is_workday(first + dt.timedelta(days=n)) for n in range(1, (last - first).days + 1))
