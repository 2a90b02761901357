"""Tables of the API: conversations with their messages, feedback, staff and their sessions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import DateTime, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

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
