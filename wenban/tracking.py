"""Where submitted matters stand, and what citizens are told about it: written by ``actions``, shown by ``api``.

A row of ``tracked_matters`` is what the department last said; nothing in it is ours. A notice is kept until it is read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, DateTime, String, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from wenban.citizens import now
from wenban.crypto import EncryptedJson, EncryptedText
from wenban.database import Base

LOOK_AGAIN = dt.timedelta(seconds=10)


class TrackedMatter(Base):
    """A submitted matter with the department's last word on it. ``starts_at`` is the city's wall clock."""

    __tablename__ = "tracked_matters"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    citizen_id: Mapped[int | None] = mapped_column(index=True)
    conversation_id: Mapped[str] = mapped_column(String(64), index=True)
    acting_for: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson, default=None)
    kind: Mapped[str] = mapped_column(String(16), index=True)
    service_id: Mapped[str] = mapped_column(String(16))
    service_name: Mapped[str] = mapped_column(String(128))
    connector: Mapped[str] = mapped_column(String(32))
    receipt_no: Mapped[str] = mapped_column(String(64), index=True)
    status: Mapped[str] = mapped_column(String(64), default="")
    message: Mapped[str] = mapped_column(EncryptedText, default="")
    steps: Mapped[list[dict[str, Any]]] = mapped_column(EncryptedJson, default=list)
    lines: Mapped[list[dict[str, str]]] = mapped_column(EncryptedJson, default=list)
    place: Mapped[str | None] = mapped_column(EncryptedText, default=None)
    starts_at: Mapped[dt.datetime | None] = mapped_column(DateTime, default=None, index=True)
    cancellable: Mapped[bool] = mapped_column(default=False)
    finished: Mapped[bool] = mapped_column(default=False, index=True)
    created_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now)
    updated_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now)
    checked_at: Mapped[dt.datetime | None] = mapped_column(DateTime, default=None)
    next_check_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now, index=True)
    unchanged: Mapped[int] = mapped_column(default=0)


class Notice(Base):
    """Something that a citizen is told; ``key`` makes it once only, whoever finds it out."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    citizen_id: Mapped[int | None] = mapped_column(index=True)
    conversation_id: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    service_id: Mapped[str] = mapped_column(String(16))
    receipt_no: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(160))
    text: Mapped[str] = mapped_column(EncryptedText)
    created_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now)
    read_at: Mapped[dt.datetime | None] = mapped_column(DateTime, default=None, index=True)


def _whose(table: type[TrackedMatter] | type[Notice], citizen_id: int | None, conversation_id: str | None) -> Any:
    """Say which rows are whose: a citizen's everywhere, and those that nobody signed in for in this conversation."""
    mine: list[ColumnElement[bool]] = []
    if citizen_id is not None:
        mine.append(table.citizen_id == citizen_id)
    if conversation_id is not None:
        mine.append((table.conversation_id == conversation_id) & table.citizen_id.is_(None))
    return or_(*mine) if mine else table.conversation_id.is_(None)


class TrackingRepository:
    """Every statement on tracked matters and notices."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def matters(
        self, citizen_id: int | None, conversation_id: str | None, kind: str | None = None, limit: int = 200
    ) -> Sequence[TrackedMatter]:
        """Return what somebody submitted, newest first."""
        query = select(TrackedMatter).where(_whose(TrackedMatter, citizen_id, conversation_id))
        if kind is not None:
            query = query.where(TrackedMatter.kind == kind)
        return self.session.scalars(query.order_by(TrackedMatter.created_at.desc()).limit(limit)).all()

    def matter(self, citizen_id: int | None, conversation_id: str | None, receipt_no: str) -> TrackedMatter | None:
        query = select(TrackedMatter).where(
            _whose(TrackedMatter, citizen_id, conversation_id), TrackedMatter.receipt_no == receipt_no
        )
        return self.session.scalars(query).first()

    def look_again(self, keys: Sequence[str]) -> None:
        """Have the watcher ask about these soon: somebody is looking at them."""
        moment = now()
        self.session.execute(
            update(TrackedMatter)
            .where(
                TrackedMatter.key.in_(keys),
                TrackedMatter.finished.is_(False),
                or_(TrackedMatter.checked_at.is_(None), TrackedMatter.checked_at < moment - LOOK_AGAIN),
                TrackedMatter.next_check_at > moment,
            )
            .values(next_check_at=moment)
        )

    def told_of(self, connector: str, receipt_no: str) -> bool:
        """A department says that something has changed: ask it at the next tick; False if the matter is not ours."""
        query = update(TrackedMatter).where(
            TrackedMatter.connector == connector, TrackedMatter.receipt_no == receipt_no
        )
        changed: Any = self.session.execute(query.values(next_check_at=now(), finished=False))
        return bool(changed.rowcount)

    def due(self, moment: dt.datetime, limit: int = 20) -> Sequence[TrackedMatter]:
        query = select(TrackedMatter).where(TrackedMatter.finished.is_(False), TrackedMatter.next_check_at <= moment)
        return self.session.scalars(query.order_by(TrackedMatter.next_check_at).limit(limit)).all()

    def appointments(self, after: dt.datetime, before: dt.datetime) -> Sequence[TrackedMatter]:
        """Return open appointments that begin between two moments of the city's clock."""
        return self.session.scalars(
            select(TrackedMatter).where(
                TrackedMatter.finished.is_(False), TrackedMatter.starts_at > after, TrackedMatter.starts_at <= before
            )
        ).all()

    def tell(self, matter: TrackedMatter, key: str, kind: str, title: str, text: str) -> bool:
        """Keep a notice for whoever the matter is; False when it was told before."""
        if self.was_told(key):
            return False
        self.session.add(
            Notice(
                key=key, citizen_id=matter.citizen_id, conversation_id=matter.conversation_id, kind=kind,
                service_id=matter.service_id, receipt_no=matter.receipt_no, title=title[:160], text=text,
            )
        )  # fmt: skip
        self.session.flush()
        return True

    def was_told(self, key: str) -> bool:
        return self.session.scalar(select(Notice.id).where(Notice.key == key)) is not None

    def notices(
        self, citizen_id: int | None, conversation_id: str | None, unread: bool = False, limit: int = 100
    ) -> Sequence[Notice]:
        query = select(Notice).where(_whose(Notice, citizen_id, conversation_id))
        if unread:
            query = query.where(Notice.read_at.is_(None))
        return self.session.scalars(query.order_by(Notice.id.desc()).limit(limit)).all()

    def recent(self, since: dt.datetime) -> Sequence[Notice]:
        """Return everybody's notices since a moment, oldest first: what is pushed to open conversations."""
        return self.session.scalars(select(Notice).where(Notice.created_at >= since).order_by(Notice.id)).all()

    def read(self, citizen_id: int | None, conversation_id: str | None, ids: Sequence[int] | None = None) -> int:
        """Mark notices as read, all of them without ``ids``; return how many were not yet."""
        query = update(Notice).where(_whose(Notice, citizen_id, conversation_id), Notice.read_at.is_(None))
        if ids is not None:
            query = query.where(Notice.id.in_(ids))
        changed: Any = self.session.execute(query.values(read_at=now()))
        return int(changed.rowcount)

    def claim(self, citizen_id: int, conversation_id: str) -> None:
        """What was submitted in a conversation before its citizen signed in becomes theirs."""
        for table in (TrackedMatter, Notice):
            self.session.execute(
                update(table)
                .where(table.conversation_id == conversation_id, table.citizen_id.is_(None))
                .values(citizen_id=citizen_id)
            )
