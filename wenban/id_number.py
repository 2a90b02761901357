"""The 18-digit citizen identity number: its check digit and the date of birth in it (GB 11643)."""

from __future__ import annotations

import datetime as dt
import re

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def birth_date(number: str) -> dt.date | None:
    """Return the date of birth in a number, or None when it is no valid number.

    >>> birth_date("371302198503120021")
    datetime.date(1985, 3, 12)
    """
    number = number.strip().upper()
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", number):
        return None
    check = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True)) % 11
    if _CHECKS[check] != number[17]:
        return None
    try:
        return dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def birthday(born: dt.date, years: int) -> dt.date:
    """Return the day on which somebody becomes so many years old."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:  # born on 29 February
        return dt.date(born.year + years, 3, 1)
