"""The sandbox's own tables, apart from the assistant's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Float, Integer, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from wenban.crypto import EncryptedJson


class SandboxBase(DeclarativeBase):
    """A declarative base of its own: the departments' tables never mix with ours."""


class Idempotent(SandboxBase):
    """The answer given to a key; ``digest`` is of the request that it answered."""

    __tablename__ = "idempotency"

    connector: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    answer: Mapped[Any] = mapped_column(EncryptedJson)
    created_at: Mapped[datetime] = mapped_column(DateTime)


class Matter(SandboxBase):
    """Whatever was submitted: ``kind`` says how it goes on; ``holder`` and ``subject`` are keyed hashes."""

    __tablename__ = "matters"

    receipt_no: Mapped[str] = mapped_column(String(32), primary_key=True)
    connector: Mapped[str] = mapped_column(String(32), index=True)
    operation: Mapped[str] = mapped_column(String(48))
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default="open")
    title: Mapped[str] = mapped_column(String(64))
    submitted_at: Mapped[datetime] = mapped_column(DateTime)
    pinned_days: Mapped[float | None] = mapped_column(Float, default=None)
    holder: Mapped[str | None] = mapped_column(String(64), index=True, default=None)
    subject: Mapped[str | None] = mapped_column(String(64), index=True, default=None)
    fields: Mapped[Any] = mapped_column(EncryptedJson)
    data: Mapped[Any] = mapped_column(EncryptedJson)


class Seat(SandboxBase):
    """One taken place; the key makes it impossible to give a place twice."""

    __tablename__ = "seats"

    connector: Mapped[str] = mapped_column(String(32), primary_key=True)
    unit: Mapped[str] = mapped_column(String(64), primary_key=True)
    date: Mapped[str] = mapped_column(String(10), primary_key=True)
    slot: Mapped[str] = mapped_column(String(8), primary_key=True)
    seat: Mapped[int] = mapped_column(Integer, primary_key=True)
    receipt_no: Mapped[str] = mapped_column(String(32), index=True)


class PaidBill(SandboxBase):
    """One paid bill; the key makes it impossible to pay a bill twice."""

    __tablename__ = "paid_bills"

    bill_id: Mapped[str] = mapped_column(String(96), primary_key=True)
    connector: Mapped[str] = mapped_column(String(32))
    receipt_no: Mapped[str] = mapped_column(String(32), index=True)
    fen: Mapped[int] = mapped_column(Integer)
    settles_at: Mapped[datetime] = mapped_column(DateTime)


class Payment(SandboxBase):
    """Money that moved: one row a payment; ``credit_fen`` is what was stored beyond the bills."""

    __tablename__ = "payments"

    receipt_no: Mapped[str] = mapped_column(String(32), primary_key=True)
    connector: Mapped[str] = mapped_column(String(32))
    account: Mapped[str] = mapped_column(String(64), index=True)
    fen: Mapped[int] = mapped_column(Integer)
    credit_fen: Mapped[int] = mapped_column(Integer, default=0)
    settles_at: Mapped[datetime] = mapped_column(DateTime)


class Counter(SandboxBase):
    """The last number given out of a series of receipts."""

    __tablename__ = "counters"

    series: Mapped[str] = mapped_column(String(24), primary_key=True)
    last: Mapped[int] = mapped_column(Integer)
