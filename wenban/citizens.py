"""Tables of citizens who have signed in: who they are, and what of their forms is offered again next time."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from typing import Any

from sqlalchemy import DateTime, ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from wenban.crypto import EncryptedJson, EncryptedText, secret
from wenban.database import Base


def now() -> dt.datetime:
    """Return the time, in UTC, without a zone: SQLite keeps none."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


class CitizenRecord(Base):
    """A citizen of one issuer. ``key`` is a keyed digest of issuer and subject, so that rows name nobody."""

    __tablename__ = "citizens"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    subject: Mapped[str] = mapped_column(EncryptedText)
    name: Mapped[str] = mapped_column(EncryptedText)
    level: Mapped[int]
    profile: Mapped[dict[str, str]] = mapped_column(EncryptedJson)
    remember: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now)
    seen_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now)


class SavedValue(Base):
    """A value that a citizen gave in a form, kept to be offered again; ``relative_id`` 0 is the citizen's own."""

    __tablename__ = "saved_values"
    __table_args__ = (UniqueConstraint("citizen_id", "relative_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id", ondelete="CASCADE"), index=True)
    relative_id: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(64))
    label: Mapped[str] = mapped_column(String(64))
    value: Mapped[Any] = mapped_column(EncryptedJson)
    service_name: Mapped[str] = mapped_column(String(128))
    used_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now)


def citizen_key(issuer: str, subject: str) -> str:
    """Return the digest under which a subject of an issuer is found."""
    return hmac.new(secret("citizen.key").encode(), f"{issuer}\n{subject}".encode(), hashlib.sha256).hexdigest()


class SavedValueRepository:
    """Every statement on saved values."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def of(self, citizen_id: int, relative_id: int = 0) -> list[SavedValue]:
        query = select(SavedValue).where(SavedValue.citizen_id == citizen_id, SavedValue.relative_id == relative_id)
        return list(self.session.scalars(query.order_by(SavedValue.used_at.desc())))

    def keep(self, citizen_id: int, relative_id: int, name: str, label: str, value: Any, service_name: str) -> None:
        """Keep a value, in place of the one before; nothing is kept for who asked not to be remembered."""
        citizen = self.session.get(CitizenRecord, citizen_id)
        if citizen is None or not citizen.remember:
            return
        found = next((row for row in self.of(citizen_id, relative_id) if row.name == name), None)
        if found is None:
            found = SavedValue(citizen_id=citizen_id, relative_id=relative_id, name=name)
            self.session.add(found)
        found.label, found.value, found.service_name, found.used_at = label, value, service_name, now()
        self.session.flush()

    def forget(self, citizen_id: int, value_id: int | None = None, relative_id: int | None = None) -> None:
        """Delete one value, those kept for one relative, or all."""
        query = delete(SavedValue).where(SavedValue.citizen_id == citizen_id)
        if value_id is not None:
            query = query.where(SavedValue.id == value_id)
        if relative_id is not None:
            query = query.where(SavedValue.relative_id == relative_id)
        self.session.execute(query)
