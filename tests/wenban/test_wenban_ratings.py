"""The working-day clock of rectifications."""

from __future__ import annotations

import datetime as dt

import pytest

from wenban import workdays
from wenban.ratings import Rectification


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-11-20", 1, "2026-11-23"),  # Friday, Monday
        ("2026-11-22", 15, "2026-12-11"),
        ("2026-09-30", 1, "2026-10-08"),  # the National Day holiday
        ("2026-09-18", 2, "2026-09-21"),  # Sunday the 20th is a make-up day
        ("2026-12-31", 1, "2027-01-01"),  # no calendar for 2027 yet: Monday to Friday
        ("2026-11-20", 0, "2026-11-20"),
    ],
)
def test_working_days_after(day: str, count: int, expected: str) -> None:
    assert workdays.after(dt.date.fromisoformat(day), count) == dt.date.fromisoformat(expected)


def test_between_is_the_inverse_of_after() -> None:
    first = dt.date(2026, 9, 15)
    for count in range(30):
        last = workdays.after(first, count)
        assert workdays.between(first, last) == count
        assert workdays.between(last, first) == -count


@pytest.mark.parametrize(
    ("today", "status", "alarm"),
    [
        ("2026-11-23", "open", ""),
        ("2026-12-08", "taken", "soon"),  # three working days are left
        ("2026-12-07", "taken", ""),
        ("2026-12-11", "open", "soon"),
        ("2026-12-12", "open", "overdue"),
        ("2026-12-12", "closed", ""),
    ],
)
def test_the_alarm_comes_before_the_breach(today: str, status: str, alarm: str) -> None:
    case = Rectification(status=status, due_on=dt.date(2026, 12, 11))
    assert case.alarm(dt.date.fromisoformat(today), 3) == alarm
