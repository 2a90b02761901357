"""Deletion on request: all that is known of a citizen, or a conversation that nobody signed in for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from wenban import trackers
from wenban.citizens import CitizenRecord, now
from wenban.consents import Consent
from wenban.far_tables import CALLBACKS, CONVERSATIONS, FILES, MATTERS, UNSURE
from wenban.ratings import Rating
from wenban.tracking import Notice, TrackedMatter

_LOOSE = {"synchronize_session": False}


def erase(session: Session, citizen_id: int) -> dict[str, int]:
    """Delete all that is known of a citizen, at their request; return how many rows of which tables went.

    What a department has received is not called back. Matters whose outcome is not known yet keep their key and
    nothing of the citizen; consents stay as proof without a name; ratings stay without their words.
    """
    conversations = list(session.scalars(select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.citizen_id == citizen_id)))
    receipts = session.scalars(select(TrackedMatter.receipt_no).where(TrackedMatter.citizen_id == citizen_id))
    abouts = [*receipts, *(f"conversation:{name}" for name in conversations)]
    session.execute(update(Rating).where(Rating.about.in_(abouts)).values(comment=None), execution_options=_LOOSE)
    mine = Consent.citizen_id == citizen_id
    session.execute(update(Consent).where(mine, Consent.withdrawn_at.is_(None)).values(withdrawn_at=now()))
    session.execute(update(Consent).where(mine).values(for_name=None, conversation_id=None, citizen_id=None))
    _forget_unsettled(session, MATTERS.c.citizen_id == citizen_id)
    counts = _delete(
        session,
        ("matters", MATTERS, MATTERS.c.citizen_id == citizen_id),
        ("callback_requests", CALLBACKS, CALLBACKS.c.citizen_id == citizen_id),
        ("tracked_matters", TrackedMatter, TrackedMatter.citizen_id == citizen_id),
        ("notices", Notice, Notice.citizen_id == citizen_id),
    )
    counts |= erase_conversations(session, conversations)
    return counts | _delete(session, ("citizens", CitizenRecord, CitizenRecord.id == citizen_id))


def erase_conversations(session: Session, ids: Sequence[str]) -> dict[str, int]:
    """Delete conversations with what was said and submitted in them by nobody in particular, and their files."""
    _forget_unsettled(session, MATTERS.c.conversation_id.in_(ids) & MATTERS.c.citizen_id.is_(None))
    trackers.forget(ids)
    return _delete(
        session,
        ("matters", MATTERS, MATTERS.c.conversation_id.in_(ids) & MATTERS.c.citizen_id.is_(None)),
        ("callback_requests", CALLBACKS, CALLBACKS.c.conversation_id.in_(ids) & CALLBACKS.c.citizen_id.is_(None)),
        ("tracked_matters", TrackedMatter, TrackedMatter.conversation_id.in_(ids) & TrackedMatter.citizen_id.is_(None)),
        ("notices", Notice, Notice.conversation_id.in_(ids) & Notice.citizen_id.is_(None)),
        ("attachments", FILES, FILES.c.conversation_id.in_(ids)),
        ("conversations", CONVERSATIONS, CONVERSATIONS.c.id.in_(ids)),
    )


def _forget_unsettled(session: Session, whose: ColumnElement[bool]) -> None:
    nothing: dict[str, Any] = {"fields": {}, "acting_for": None, "citizen_id": None, "conversation_id": ""}
    session.execute(update(MATTERS).where(whose, MATTERS.c.status.in_(UNSURE)).values(**nothing))


def _delete(session: Session, *what: tuple[str, Any, ColumnElement[bool]]) -> dict[str, int]:
    counts = {}
    for name, target, where in what:
        gone: Any = session.execute(delete(target).where(where), execution_options=_LOOSE)
        counts[name] = int(gone.rowcount)
    return counts
