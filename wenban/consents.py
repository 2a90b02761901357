"""Consent as a record: who agreed to what, for which purpose, in which words, when, and when they took it back.

A row outlives its citizen, as the proof that what was done was allowed: it then names nobody (``who`` is a digest).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from wenban.citizens import CitizenRecord, now
from wenban.crypto import EncryptedText
from wenban.database import Base

KINDS = {"sensitive": "使用敏感信息", "licence": "调取电子证照"}
WHAT = {
    "id_no": "身份证号",
    "health": "健康情况",
    "face": "本人照片",
    "minor": "不满 14 岁孩子的信息",
    "location": "住址和位置",
}


class Consent(Base):
    """One consent. ``version`` names the wording, ``text`` is it; ``how`` is pressed, said, or given with the data.

    ``what`` are kinds of sensitive data or of licences; ``relative_id`` is for whom they acted, 0 for themselves.
    """

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    citizen_id: Mapped[int | None] = mapped_column(
        ForeignKey("citizens.id", ondelete="SET NULL"), index=True, default=None
    )
    who: Mapped[str] = mapped_column(String(80), index=True)
    conversation_id: Mapped[str | None] = mapped_column(String(64), index=True, default=None)
    relative_id: Mapped[int] = mapped_column(default=0)
    for_name: Mapped[str | None] = mapped_column(EncryptedText, default=None)
    kind: Mapped[str] = mapped_column(String(16))
    what: Mapped[list[str]] = mapped_column(JSON)
    service_id: Mapped[str] = mapped_column(String(16))
    purpose: Mapped[str] = mapped_column(String(160))
    version: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(EncryptedText)
    how: Mapped[str] = mapped_column(String(16))
    agreed_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(DateTime, default=None, index=True)


class ConsentRepository:
    """Every statement on consents."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def add(self, citizen_id: int | None, conversation_id: str, **columns: Any) -> Consent:
        """Keep a consent; of who has not signed in, only the conversation is known."""
        citizen = self.session.get(CitizenRecord, citizen_id) if citizen_id is not None else None
        who = citizen.key if citizen is not None else f"conversation:{conversation_id}"
        row = Consent(citizen_id=citizen and citizen.id, who=who, conversation_id=conversation_id, **columns)
        self.session.add(row)
        self.session.flush()
        return row

    def standing(
        self, citizen_id: int, relative_id: int, kind: str, service_id: str, version: str
    ) -> Sequence[Consent]:
        """Return what a citizen has agreed to for a service in the present wording, and not taken back."""
        query = select(Consent).where(
            Consent.citizen_id == citizen_id, Consent.relative_id == relative_id, Consent.kind == kind,
            Consent.service_id == service_id, Consent.version == version, Consent.withdrawn_at.is_(None),
        )  # fmt: skip
        return self.session.scalars(query.order_by(Consent.id.desc())).all()

    def of(self, citizen_id: int, limit: int = 200) -> Sequence[Consent]:
        query = select(Consent).where(Consent.citizen_id == citizen_id).order_by(Consent.id.desc())
        return self.session.scalars(query.limit(limit)).all()

    def withdraw(self, citizen_id: int, consent_id: int | None = None, relative_id: int | None = None) -> int:
        """Take back one consent, those given for one relative, or all; return how many stood."""
        query = update(Consent).where(Consent.citizen_id == citizen_id, Consent.withdrawn_at.is_(None))
        if consent_id is not None:
            query = query.where(Consent.id == consent_id)
        if relative_id is not None:
            query = query.where(Consent.relative_id == relative_id)
        changed: Any = self.session.execute(query.values(withdrawn_at=now()))
        return int(changed.rowcount)
