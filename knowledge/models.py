"""Tables of the knowledge base."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Column, Date, DateTime, ForeignKey, Index, Integer, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wenban.crypto import EncryptedText
from wenban.database import Base


def now() -> dt.datetime:
    """Return the present moment in UTC, without a zone, as every table stores it."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


class Department(Base):
    __tablename__ = "departments"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)


class Service(Base):
    """A service; ``declaration`` is the validated YAML document as JSON."""

    __tablename__ = "services"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"), index=True)
    name: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(8))
    status: Mapped[str] = mapped_column(String(16), default="published", index=True)
    declaration: Mapped[dict[str, Any]] = mapped_column(JSON)
    sample: Mapped[bool] = mapped_column(default=True)
    digest: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now, onupdate=now)
    department: Mapped[Department] = relationship(lazy="joined")


entry_services = Table(
    "qa_entry_services",
    Base.metadata,
    Column("entry_id", ForeignKey("qa_entries.id", ondelete="CASCADE"), primary_key=True),
    Column("service_id", ForeignKey("services.id", ondelete="CASCADE"), primary_key=True),
)


class QaEntry(Base):
    """An entry of the Q&A base; only published ones inside their dates are ever shown to a citizen."""

    __tablename__ = "qa_entries"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"), index=True)
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    spoken: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16), default="draft", index=True)
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    valid_from: Mapped[dt.date | None] = mapped_column(Date)
    valid_to: Mapped[dt.date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(200), default="")
    sample: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(Integer, default=1)
    updated_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now, onupdate=now)
    updated_by: Mapped[str] = mapped_column(String(64), default="seed")
    department: Mapped[Department] = relationship(lazy="joined")
    variants: Mapped[list[QaVariant]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="QaVariant.id", back_populates="entry"
    )
    services: Mapped[list[Service]] = relationship(secondary=entry_services, lazy="selectin")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # optimistic lock


class QaVariant(Base):
    __tablename__ = "qa_variants"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("qa_entries.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    entry: Mapped[QaEntry] = relationship(back_populates="variants")


class UnansweredQuery(Base):
    """A question that was not answered; the text is masked before it comes here, and encrypted at rest."""

    __tablename__ = "unanswered_queries"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(64), default="")
    text: Mapped[str] = mapped_column(EncryptedText)
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    in_scope: Mapped[float] = mapped_column(default=0.0)
    status: Mapped[str] = mapped_column(String(16), default="open", index=True)
    created_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now, index=True)


class AuditRecord(Base):
    """What a staff member or the system changed. Rows are only ever added."""

    __tablename__ = "audit_records"
    __table_args__ = (Index("ix_audit_target", "target_kind", "target_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(DateTime, default=now)
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(32))
    target_kind: Mapped[str] = mapped_column(String(32))
    target_id: Mapped[str] = mapped_column(String(64))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class Publication(Base):
    """One row per change of what citizens may see; its highest id is the version that indexes follow."""

    __tablename__ = "publications"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[dt.datetime] = mapped_column(DateTime, default=now)
    target_kind: Mapped[str] = mapped_column(String(16))
    target_id: Mapped[str] = mapped_column(String(64))
