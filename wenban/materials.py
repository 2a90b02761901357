"""Materials kept for next time: files that a signed-in citizen handed in, encrypted, offered again when asked for."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence

from sqlalchemy import DateTime, ForeignKey, Integer, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from wenban.attachments import Attachment, AttachmentRepository
from wenban.citizens import CitizenRecord, now
from wenban.crypto import EncryptedBytes, EncryptedText
from wenban.database import Base

MOST = 30  # of one citizen; the longest unused go first


class KeptMaterial(Base):
    """A file that was handed in as ``kind`` ("诊断证明"); ``relative_id`` 0 is the citizen's own."""

    __tablename__ = "kept_materials"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    citizen_id: Mapped[int] = mapped_column(ForeignKey("citizens.id", ondelete="CASCADE"), index=True)
    relative_id: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(EncryptedText)
    media_type: Mapped[str] = mapped_column(String(32))
    size: Mapped[int] = mapped_column(Integer)
    content: Mapped[bytes] = mapped_column(EncryptedBytes, deferred=True)
    service_name: Mapped[str] = mapped_column(String(128))
    uploaded_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now)
    used_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now, index=True)


class MaterialRepository:
    """Every statement on kept materials; each is read through its citizen, and for one person only."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def of(self, citizen_id: int, relative_id: int | None = None, kind: str | None = None) -> Sequence[KeptMaterial]:
        """Return what is kept, the latest first."""
        query = select(KeptMaterial).where(KeptMaterial.citizen_id == citizen_id)
        if relative_id is not None:
            query = query.where(KeptMaterial.relative_id == relative_id)
        if kind is not None:
            query = query.where(KeptMaterial.kind == kind)
        return self.session.scalars(query.order_by(KeptMaterial.uploaded_at.desc(), KeptMaterial.id)).all()

    def get(self, citizen_id: int, material_id: str) -> KeptMaterial | None:
        row = self.session.get(KeptMaterial, material_id)
        return row if row is not None and row.citizen_id == citizen_id else None

    def keep(
        self, citizen_id: int, relative_id: int, kind: str, files: Sequence[Attachment], service_name: str
    ) -> None:
        """Keep files in place of those of the same kind; nothing is kept for who asked not to be remembered."""
        citizen = self.session.get(CitizenRecord, citizen_id)
        if citizen is None or not citizen.remember:
            return
        for old in self.of(citizen_id, relative_id, kind):
            self.session.delete(old)
        for file in files:
            self.session.add(
                KeptMaterial(
                    id=secrets.token_hex(16), citizen_id=citizen_id, relative_id=relative_id, kind=kind[:60],
                    name=file.name, media_type=file.media_type, size=file.size, content=file.content,
                    service_name=service_name,
                )
            )  # fmt: skip
        self.session.flush()
        for extra in sorted(self.of(citizen_id), key=lambda row: row.used_at, reverse=True)[MOST:]:
            self.session.delete(extra)

    def use(self, citizen_id: int, relative_id: int, kind: str, conversation_id: str) -> list[str]:
        """Copy what is kept of a kind into a conversation, as if it had been uploaded now; return the files' ids."""
        attachments, made = AttachmentRepository(self.session), []
        for row in self.of(citizen_id, relative_id, kind):
            made.append(attachments.add(conversation_id, row.name, row.media_type, row.content).id)
            row.used_at = now()
        return made

    def forget(self, citizen_id: int, material_id: str | None = None, relative_id: int | None = None) -> None:
        """Delete one, those kept for one relative, or all."""
        query = delete(KeptMaterial).where(KeptMaterial.citizen_id == citizen_id)
        if material_id is not None:
            query = query.where(KeptMaterial.id == material_id)
        if relative_id is not None:
            query = query.where(KeptMaterial.relative_id == relative_id)
        self.session.execute(query)
