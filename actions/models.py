"""Tables of the action server: matters submitted, and requests to be called back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import DateTime, String
from sqlalchemy.orm import Mapped, mapped_column

from wenban.crypto import EncryptedJson
from wenban.database import Base


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


class MatterRecord(Base):
    """A matter (办件) from the moment it is submitted; what the citizen filled in is encrypted.

    The row is written before the department is called, so that a lost answer can be asked for again with the
    same key and never leads to a second submission. ``citizen_id`` is who acted; ``acting_for`` for whom, if not for
    themselves, with the consent that allowed it.
    """

    __tablename__ = "matters"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(64), index=True)
    service_id: Mapped[str] = mapped_column(String(16), index=True)
    service_name: Mapped[str] = mapped_column(String(128))
    connector: Mapped[str] = mapped_column(String(32))
    operation: Mapped[str] = mapped_column(String(64))
    fields: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    status: Mapped[str] = mapped_column(String(16), default="submitting", index=True)
    receipt_no: Mapped[str | None] = mapped_column(String(64), index=True)
    message: Mapped[str] = mapped_column(String(400), default="")
    citizen_id: Mapped[int | None] = mapped_column(index=True, default=None)
    acting_for: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson, default=None)
    created_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now)
    updated_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now, onupdate=now)


class CallbackRequest(Base):
    """A citizen asked to be called back by a person."""

    __tablename__ = "callback_requests"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(64), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    receipt_no: Mapped[str] = mapped_column(String(64), unique=True)
    status: Mapped[str] = mapped_column(String(16), default="open", index=True)
    citizen_id: Mapped[int | None] = mapped_column(index=True, default=None)
    acting_for: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson, default=None)
    created_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now)
