"""Find out what departments have done: ask about open matters, ever more rarely while nothing happens.

Several watchers may run: a change is put down in one transaction with its notice, and a notice's key is unique.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import IntegrityError

from actions.connectors.client import ConnectorDown, ConnectorError, Connectors
from actions.connectors.contract import Status
from actions.texts import say
from actions.tracking.keeping import note
from actions.tracking.settings import WatchSettings
from wenban.citizens import now
from wenban.database import session_scope
from wenban.tracking import TrackedMatter, TrackingRepository

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Due:
    key: str
    connector: str
    receipt_no: str


class Watcher:
    """``clock`` is the city's wall clock; pauses are counted in UTC."""

    def __init__(
        self,
        connectors: Connectors,
        settings: WatchSettings | None = None,
        clock: Callable[[], dt.datetime] = dt.datetime.now,
        moment: Callable[[], dt.datetime] = now,
    ) -> None:
        self.connectors, self.settings = connectors, settings or WatchSettings()
        self.clock, self.moment = clock, moment

    async def run(self) -> None:
        """Tick for ever; an error is logged and the next tick tries again."""
        while True:
            try:
                await self.tick()
            except Exception as error:
                log.error("watch.failed", error=type(error).__name__)
            await asyncio.sleep(self.settings.tick_seconds)

    async def tick(self) -> int:
        """Ask about everything that is due, then remind; return how many notices there are to tell."""
        told = 0
        for due in await asyncio.to_thread(self._due):
            told += await self._ask(due)
        for due in await asyncio.to_thread(self._soon):
            told += await self._remind(due)
        return told

    async def _status(self, due: Due) -> Status | None:
        try:
            return await self.connectors.get(due.connector).status(due.receipt_no)
        except (ConnectorDown, ConnectorError):
            return None

    async def _ask(self, due: Due) -> int:
        status = await self._status(due)
        try:
            return await asyncio.to_thread(self._put_down, due, status)
        except IntegrityError:
            return 0  # another watcher told it in the same moment

    def _due(self) -> list[Due]:
        with session_scope() as session:
            return [Due(m.key, m.connector, m.receipt_no) for m in TrackingRepository(session).due(self.moment())]

    def _put_down(self, due: Due, status: Status | None) -> int:
        with session_scope() as session:
            row = session.get(TrackedMatter, due.key)
            if row is None:
                return 0
            first = row.checked_at is None
            news = note(row, status, self.clock()) if status is not None else False
            row.unchanged = 0 if news else row.unchanged + 1
            row.next_check_at = self.moment() + self._pause(row.unchanged)
            if not news or first or status is None:
                return 0
            return int(self._tell(TrackingRepository(session), row, status))

    def _pause(self, unchanged: int) -> dt.timedelta:
        doubled = self.settings.first_seconds * 2.0 ** min(unchanged, 30)
        return dt.timedelta(seconds=min(doubled, self.settings.longest_seconds))

    @staticmethod
    def _tell(repository: TrackingRepository, row: TrackedMatter, status: Status) -> bool:
        state = "|".join(f"{step.name}:{step.state}:{step.note}" for step in status.steps)
        digest = hashlib.sha256(f"{status.status}|{state}".encode()).hexdigest()[:16]
        title = say("notices.changed_title", service=row.service_name, status=status.status)
        text = say("notices.changed", service=row.service_name, receipt=row.receipt_no, message=status.message)
        return repository.tell(row, f"status:{row.key}:{digest}", "status", title, text)

    # -- reminders ---------------------------------------------------------------------------------------------

    def _leads(self) -> list[tuple[str, float]]:
        """The nearest first: when both are due, the earlier one has been overtaken."""
        return [("same_day", self.settings.same_day_hours), ("day_before", self.settings.day_hours)]

    def _soon(self) -> list[Due]:
        """Return appointments of which a reminder is due and was not given."""
        with session_scope() as session:
            repository = TrackingRepository(session)
            until = self.clock() + dt.timedelta(hours=max(hours for _, hours in self._leads()))
            rows = repository.appointments(self.clock(), until)
            return [
                Due(row.key, row.connector, row.receipt_no)
                for row in rows
                if (name := self._due_lead(row)) is not None and not repository.was_told(_key(row, name))
            ]

    def _due_lead(self, row: TrackedMatter) -> str | None:
        """Return which reminder is due: its moment has come, and came after the booking."""
        assert row.starts_at is not None
        booked = row.created_at.replace(tzinfo=dt.UTC).astimezone().replace(tzinfo=None)
        for name, hours in self._leads():
            moment = row.starts_at - dt.timedelta(hours=hours)
            if moment <= self.clock() < row.starts_at:
                return name if booked <= moment else None
        return None

    async def _remind(self, due: Due) -> int:
        """Remind, unless the department says that the appointment is off."""
        status = await self._status(due)
        try:
            return await asyncio.to_thread(self._put_reminder, due, status)
        except IntegrityError:
            return 0

    def _put_reminder(self, due: Due, status: Status | None) -> int:
        with session_scope() as session:
            row = session.get(TrackedMatter, due.key)
            if row is None or row.starts_at is None:
                return 0
            if status is not None:
                note(row, status, self.clock())
            name = self._due_lead(row)
            if row.finished or name is None:
                return 0
            when = f"{row.starts_at.month}月{row.starts_at.day}日{row.starts_at:%H:%M}"
            place = say("notices.at", place=row.place) if row.place else ""
            text = say(f"notices.{name}", service=row.service_name, when=when, place=place, receipt=row.receipt_no)
            title = say("notices.reminder_title", service=row.service_name)
            return int(TrackingRepository(session).tell(row, _key(row, name), "reminder", title, text))


def _key(row: TrackedMatter, name: str) -> str:
    assert row.starts_at is not None
    return f"remind:{name}:{row.key}:{row.starts_at:%Y%m%d%H%M}"
