"""Files that citizens hand in with a matter: photos and PDF, checked by their content, encrypted at rest."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence

from sqlalchemy import DateTime, Integer, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from wenban.crypto import EncryptedBytes, EncryptedText
from wenban.database import Base

MAX_BYTES = 8 * 1024 * 1024
MAX_FILES = 12  # in one conversation, not yet handed in
SIGNATURES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"%PDF-", "application/pdf"))


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


class Attachment(Base):
    """One file. ``matter_key`` is set when it is handed in; until then it is swept away after some hours."""

    __tablename__ = "attachments"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(64), index=True)
    matter_key: Mapped[str | None] = mapped_column(String(64), index=True, default=None)
    name: Mapped[str] = mapped_column(EncryptedText)
    media_type: Mapped[str] = mapped_column(String(32))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(EncryptedBytes, deferred=True)
    created_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now, index=True)


def media_type_of(content: bytes) -> str | None:
    """Return what a file is by its first bytes, whatever it is called; None for what is not taken."""
    return next((kind for start, kind in SIGNATURES if content.startswith(start)), None)


class AttachmentRepository:
    """Every statement on attachments; each is read through its conversation only."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def waiting(self, conversation_id: str) -> int:
        """Return how many files of a conversation are not handed in yet."""
        query = select(func.count()).select_from(Attachment)
        query = query.where(Attachment.conversation_id == conversation_id, Attachment.matter_key.is_(None))
        return self.session.scalar(query) or 0

    def add(self, conversation_id: str, name: str, media_type: str, content: bytes) -> Attachment:
        row = Attachment(
            id=secrets.token_hex(16), conversation_id=conversation_id, name=name, media_type=media_type,
            size=len(content), sha256=hashlib.sha256(content).hexdigest(), content=content,
        )  # fmt: skip
        self.session.add(row)
        self.session.flush()
        return row

    def of(self, conversation_id: str, ids: Sequence[str]) -> Sequence[Attachment]:
        query = select(Attachment).where(Attachment.conversation_id == conversation_id, Attachment.id.in_(ids))
        return self.session.scalars(query.order_by(Attachment.created_at, Attachment.id)).all()

    def hand_in(self, conversation_id: str, ids: Sequence[str], matter_key: str) -> None:
        self.session.execute(
            update(Attachment)
            .where(Attachment.conversation_id == conversation_id, Attachment.id.in_(ids))
            .values(matter_key=matter_key)
        )

    def drop(self, conversation_id: str, ids: Sequence[str]) -> None:
        """Delete files that were not handed in."""
        self.session.execute(
            delete(Attachment).where(
                Attachment.conversation_id == conversation_id,
                Attachment.id.in_(ids),
                Attachment.matter_key.is_(None),
            )
        )

    def sweep(self, before: dt.datetime) -> int:
        """Delete what nobody handed in; return how many files that were."""
        gone = delete(Attachment).where(Attachment.matter_key.is_(None), Attachment.created_at < before)
        return int(self.session.execute(gone).rowcount)  # type: ignore[attr-defined]
