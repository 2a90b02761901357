"""Tables of the API: conversations with their messages, feedback, staff and their sessions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import DateTime, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

import wenban.citizens  # noqa: F401  (foreign keys point at its tables)
from wenban.crypto import EncryptedJson, EncryptedText
from wenban.database import Base


def now() -> dt.datetime:
    """Return the time, in UTC, without a zone: SQLite keeps none."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


class Conversation(Base):
    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    created_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now)
    last_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now, index=True)
    mode: Mapped[str] = mapped_column(String(16), default="standard")
    citizen_id: Mapped[int | None] = mapped_column(
        ForeignKey("citizens.id", ondelete="CASCADE"), index=True, default=None
    )


class ConversationMessage(Base):
    """One side's part of a turn. ``client_id`` is on the citizen's row, ``reply_to`` on the assistant's."""

    __tablename__ = "conversation_messages"
    __table_args__ = (UniqueConstraint("conversation_id", "client_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(12))
    content: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    turn: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson, default=None)
    client_id: Mapped[str | None] = mapped_column(String(64), default=None)
    reply_to: Mapped[int | None] = mapped_column(ForeignKey("conversation_messages.id"), default=None, index=True)
    created_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now)


class Feedback(Base):
    """A citizen's 有帮助 / 没帮助 on an answer; the last word counts."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("message_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("conversation_messages.id", ondelete="CASCADE"))
    helpful: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(EncryptedText, default=None)
    created_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now)


class StaffUser(Base):
    __tablename__ = "staff_users"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(16), default="editor")
    department: Mapped[str | None] = mapped_column(String(64), default=None)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now)


class StaffSession(Base):
    """A signed-in browser. Only the SHA-256 of its token is kept."""

    __tablename__ = "staff_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("staff_users.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[dt.datetime] = mapped_column(DateTime)
    csrf: Mapped[str] = mapped_column(String(64))


class CitizenSession(Base):
    """A browser in which a citizen is signed in. Only the SHA-256 of its token is kept."""

    __tablename__ = "citizen_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id", ondelete="CASCADE"), index=True)
    level: Mapped[int]
    relative_id: Mapped[int | None] = mapped_column(ForeignKey("relatives.id", ondelete="SET NULL"), default=None)
    csrf: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[dt.datetime] = mapped_column(DateTime)


class RelativeRecord(Base):
    """A person for whom a citizen may act, and the consent to it.

    ``status`` is asked (waits for the person's own yes) or agreed. A refused or withdrawn consent leaves no row.
    ``basis`` is guardian (a child's parent declares) or consent (the person agreed); ``evidence`` says what was read
    and agreed to, when and how.
    """

    __tablename__ = "relatives"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id", ondelete="CASCADE"), index=True)
    person: Mapped[dict[str, str]] = mapped_column(EncryptedJson)
    relation: Mapped[str] = mapped_column(String(16))
    basis: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16))
    evidence: Mapped[dict[str, str]] = mapped_column(EncryptedJson)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True, default=None)
    expires_at: Mapped[dt.datetime | None] = mapped_column(DateTime, default=None)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now)
