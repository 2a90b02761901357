"""Begin to track a matter, and note what its department says of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from actions.connectors.contract import Accepted, Status
from wenban.citizens import now
from wenban.database import session_scope
from wenban.tracking import TrackedMatter

OWN_CONNECTOR = "desk"
FORGOTTEN = dt.timedelta(days=730)


def acting_for(citizen: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return who a citizen acts for and by what right, as records keep it even after the consent has ended."""
    relative = (citizen or {}).get("acting_for")
    kept = ("id", "name", "relation", "basis", "agreed_at")
    return {name: relative[name] for name in kept if name in relative} if relative else None


def track(
    session: Session, key: str, conversation_id: str, citizen: dict[str, Any] | None, accepted: Accepted, **columns: Any
) -> TrackedMatter:
    """Show an accepted matter in "我的办件"; the same key is shown once."""
    row = session.get(TrackedMatter, key)
    if row is None:
        row = TrackedMatter(key=key, conversation_id=conversation_id, message="", steps=[], lines=[])
        row.citizen_id = (citizen or {}).get("id")
        row.acting_for = acting_for(citizen)
        session.add(row)
    for name, value in columns.items():
        setattr(row, name, value)
    calendar = accepted.calendar or {}
    row.receipt_no, row.status, row.message = accepted.receipt_no, accepted.status[:64], accepted.message
    row.lines = [line.model_dump() for line in accepted.lines]
    row.place = calendar.get("place")
    row.starts_at = _moment(calendar.get("start"))
    row.finished = row.connector == OWN_CONNECTOR
    session.flush()
    return row


def note(row: TrackedMatter, status: Status, today: dt.datetime) -> bool:
    """Put down what the department says; return whether that is news."""
    steps = [step.model_dump() for step in status.steps]
    was = (row.status, [(step["name"], step["state"], step.get("note")) for step in row.steps])
    news = was != (status.status[:64], [(step["name"], step["state"], step.get("note")) for step in steps])
    row.status, row.message, row.cancellable = status.status[:64], status.message, status.cancellable
    row.steps, row.lines = steps, [line.model_dump() for line in status.lines]
    row.checked_at = now()
    if news:
        row.updated_at = row.checked_at
    row.finished = _is_over(row, status, today)
    return news


def note_cancelled(key: str, status: Status) -> None:
    """A citizen has taken a matter back: they know, so nothing is told."""
    with session_scope() as session:
        row = session.get(TrackedMatter, key)
        if row is not None:
            note(row, status, dt.datetime.now())


def _is_over(row: TrackedMatter, status: Status, today: dt.datetime) -> bool:
    """Say whether nothing more is to be expected."""
    if row.created_at < now() - FORGOTTEN:
        return True
    if row.starts_at is not None and not status.cancellable and today > row.starts_at + dt.timedelta(days=1):
        return True
    return all(step.state == "done" for step in status.steps) and not status.cancellable


def _moment(text: str | None) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
