"""Every statement on staff accounts and their sessions."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.models import StaffSession, StaffUser


class StaffRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def any_user(self) -> bool:
        return self.session.scalar(select(StaffUser.id).limit(1)) is not None

    def add(self, row: StaffUser | StaffSession) -> None:
        self.session.add(row)
        self.session.flush()

    def by_username(self, username: str) -> StaffUser | None:
        return self.session.scalar(select(StaffUser).where(StaffUser.username == username))

    def by_token(self, token_hash: str, at: dt.datetime) -> tuple[StaffSession, StaffUser] | None:
        row = self.session.execute(
            select(StaffSession, StaffUser)
            .join(StaffUser, StaffUser.id == StaffSession.user_id)
            .where(StaffSession.token_hash == token_hash, StaffSession.expires_at > at, StaffUser.active)
        ).first()
        return (row[0], row[1]) if row else None

    def forget(self, token_hash: str) -> None:
        self.session.execute(delete(StaffSession).where(StaffSession.token_hash == token_hash))

    def sweep(self, at: dt.datetime) -> None:
        self.session.execute(delete(StaffSession).where(StaffSession.expires_at <= at))
