"""Every statement on the action server's tables."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from actions.models import CallbackRequest, MatterRecord


class MatterRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def begin(self, key: str, conversation_id: str, **columns: Any) -> MatterRecord:
        """Return the record of ``key``, written first if it is new.

        Once a submission may have reached the department ("submitting", "unknown", "done") its content stands: the
        same key with other content would be a second submission.
        """
        record = self.session.get(MatterRecord, key)
        if record is None:
            record = MatterRecord(key=key, conversation_id=conversation_id, **columns)
            self.session.add(record)
        elif record.status in ("refused", "unsent"):
            record.fields, record.status = columns["fields"], "submitting"
        self.session.flush()
        return record

    def settle(self, key: str, status: str, receipt_no: str | None = None, message: str = "") -> None:
        record = self.session.get(MatterRecord, key)
        if record is not None:
            record.status, record.message = status, message[:400]
            record.receipt_no = receipt_no or record.receipt_no

    def of_conversation(self, conversation_id: str, citizen_id: int | None = None) -> Sequence[MatterRecord]:
        """Return what was submitted in a conversation, or anywhere by a signed-in citizen, newest first."""
        mine = MatterRecord.conversation_id == conversation_id
        if citizen_id is not None:
            mine = or_(mine & MatterRecord.citizen_id.is_(None), MatterRecord.citizen_id == citizen_id)
        query = (
            select(MatterRecord)
            .where(mine, MatterRecord.receipt_no.is_not(None))
            .order_by(MatterRecord.created_at.desc())
        )
        return self.session.scalars(query.limit(20)).all()

    def pending(self, limit: int) -> Sequence[MatterRecord]:
        """Return matters that a department has taken and not settled, the longest untouched first."""
        query = select(MatterRecord).where(MatterRecord.status == "pending").order_by(MatterRecord.updated_at)
        return self.session.scalars(query.limit(limit)).all()

    def by_receipt(self, receipt_no: str) -> MatterRecord | None:
        return self.session.scalars(select(MatterRecord).where(MatterRecord.receipt_no == receipt_no)).first()


class CallbackRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def add(self, key: str, conversation_id: str, details: dict[str, Any], **columns: Any) -> CallbackRequest:
        """Keep a request; the same key is kept once."""
        request = self.session.get(CallbackRequest, key)
        if request is None:
            number = f"HD{dt.date.today():%Y%m%d}{secrets.randbelow(10**6):06d}"
            request = CallbackRequest(
                key=key, conversation_id=conversation_id, details=details, receipt_no=number, **columns
            )
            self.session.add(request)
            self.session.flush()
        return request

    def open(self) -> Sequence[CallbackRequest]:
        query = select(CallbackRequest).where(CallbackRequest.status == "open").order_by(CallbackRequest.created_at)
        return self.session.scalars(query).all()
