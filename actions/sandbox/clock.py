"""The departments' clock: wall time that a test can move, and a length of day that a demo can shorten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta


@dataclass
class Clock:
    """Wall time of the city, shifted by ``shift``; ``day_seconds`` is how long a department's day lasts."""

    day_seconds: float = 86400.0
    shift: timedelta = timedelta()
    wall: Callable[[], datetime] = field(default=datetime.now)

    def now(self) -> datetime:
        return (self.wall() + self.shift).replace(microsecond=0)

    def today(self) -> date:
        return self.now().date()

    def move(self, days: float) -> None:
        """Move on by this many of the department's days."""
        self.shift += timedelta(seconds=days * self.day_seconds)

    def days_since(self, moment: datetime) -> float:
        """Return how many of the department's days have passed since ``moment``."""
        return (self.now() - moment).total_seconds() / self.day_seconds

    def ago(self, days: float) -> datetime:
        return self.now() - timedelta(seconds=days * self.day_seconds)

    def month(self, offset: int = 0) -> str:
        """Return the month ``offset`` months from this one as ``YYYY-MM``."""
        today = self.today()
        number = today.year * 12 + today.month - 1 + offset
        return f"{number // 12:04d}-{number % 12 + 1:02d}"
