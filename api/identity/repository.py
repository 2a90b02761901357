"""Every statement on citizens, their sessions and the people they act for."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.identity.claims import Identity
from api.models import CitizenSession, RelativeRecord, now
from wenban.citizens import CitizenRecord, citizen_key
from wenban.identity import Citizen, Relative

SEEN_AGAIN = dt.timedelta(hours=1)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def stands(relative: RelativeRecord) -> bool:
    """Say whether somebody may be acted for now."""
    return relative.status == "agreed" and (relative.expires_at is None or relative.expires_at >= now())


class CitizenRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def known(self, identity: Identity) -> CitizenRecord:
        """Return the row of an identity, made or brought up to date."""
        key = citizen_key(identity.issuer, identity.subject)
        row = self.session.scalar(select(CitizenRecord).where(CitizenRecord.key == key))
        if row is None:
            row = CitizenRecord(key=key, subject=identity.subject)
            self.session.add(row)
        values = {"name": identity.name, "level": identity.level, "profile": identity.profile}
        for name, value in values.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
        if row.seen_at is None or row.seen_at < now() - SEEN_AGAIN:
            row.seen_at = now()
        self.session.flush()
        return row

    def get(self, citizen_id: int) -> CitizenRecord | None:
        return self.session.get(CitizenRecord, citizen_id)

    # -- sessions ----------------------------------------------------------------------------------------------

    def open(self, citizen: CitizenRecord, level: int, hours: float) -> str:
        """Sign a browser in and return the token for its cookie; expired sessions are swept out."""
        self.session.execute(delete(CitizenSession).where(CitizenSession.expires_at < now()))
        token = secrets.token_urlsafe(32)
        self.session.add(
            CitizenSession(
                token_hash=digest(token), citizen_id=citizen.id, level=level, csrf=secrets.token_urlsafe(24),
                expires_at=now() + dt.timedelta(hours=hours),
            )
        )  # fmt: skip
        self.session.flush()
        return token

    def find(self, token: str) -> CitizenSession | None:
        query = select(CitizenSession).where(
            CitizenSession.token_hash == digest(token), CitizenSession.expires_at > now()
        )
        return self.session.scalar(query)

    def close(self, token: str) -> None:
        self.session.execute(delete(CitizenSession).where(CitizenSession.token_hash == digest(token)))

    # -- relatives ---------------------------------------------------------------------------------------------

    def relatives(self, citizen_id: int) -> list[RelativeRecord]:
        query = select(RelativeRecord).where(RelativeRecord.citizen_id == citizen_id).order_by(RelativeRecord.id)
        return list(self.session.scalars(query))

    def relative(self, citizen_id: int, relative_id: int | None) -> RelativeRecord | None:
        """Return a relative of this citizen's, and of nobody else's."""
        row = self.session.get(RelativeRecord, relative_id) if relative_id else None
        return row if row is not None and row.citizen_id == citizen_id else None

    def asked(self, token: str) -> RelativeRecord | None:
        """Return the request that waits for this link's yes or no."""
        query = select(RelativeRecord).where(
            RelativeRecord.token_hash == digest(token), RelativeRecord.expires_at > now()
        )
        return self.session.scalar(query)

    def as_citizen(self, row: CitizenRecord, level: int, relative_id: int | None) -> Citizen:
        """Return who acts, and for whom while that consent stands."""
        relative = self.relative(row.id, relative_id)
        acting = None
        if relative is not None and stands(relative):
            agreed = relative.evidence.get("at", "")
            right = {"relation": relative.relation, "basis": relative.basis, "agreed_at": agreed}
            acting = Relative.model_validate({"id": relative.id, **right, **relative.person})
        return Citizen(
            id=row.id, subject=row.subject, name=row.name, level=level, profile=row.profile, acting_for=acting
        )
