"""Staff passwords, sessions and the first administrator."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy.orm import Session

from api.models import StaffSession, StaffUser, now
from api.staff.repository import StaffRepository

_hasher = PasswordHasher()


@dataclass(frozen=True)
class Staff:
    """Who is signed in. ``department`` is None for those who see every department."""

    id: int
    username: str
    role: str
    department: str | None
    csrf: str

    @property
    def can_edit(self) -> bool:
        return self.role in ("admin", "reviewer", "editor")

    @property
    def can_publish(self) -> bool:
        return self.role in ("admin", "reviewer")

    def may_see(self, department: str) -> bool:
        return self.department is None or self.department == department


def hash_password(password: str) -> str:
    return _hasher.hash(password)


@lru_cache
def _nobody() -> str:
    """A hash to check against when there is no such user, so that the answer takes as long."""
    return _hasher.hash(secrets.token_urlsafe())


def password_fits(user: StaffUser | None, password: str) -> bool:
    """Check a password in the same time whether or not the user exists."""
    try:
        fits = _hasher.verify(user.password_hash if user else _nobody(), password)
    except (Argon2Error, InvalidHashError):
        return False
    return fits and user is not None and user.active


def create_first_admin(session: Session) -> str | None:
    """Create ``admin`` with a random password when there is no staff; return the password, this once."""
    repository = StaffRepository(session)
    if repository.any_user():
        return None
    password = secrets.token_urlsafe(12)
    repository.add(StaffUser(username="admin", password_hash=hash_password(password), role="admin"))
    return password


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(session: Session, user: StaffUser, hours: int) -> str:
    """Sign ``user`` in and return the token for the cookie; expired sessions are swept out."""
    repository = StaffRepository(session)
    repository.sweep(now())
    token = secrets.token_urlsafe(32)
    expires = now() + dt.timedelta(hours=hours)
    repository.add(
        StaffSession(token_hash=_digest(token), user_id=user.id, expires_at=expires, csrf=secrets.token_urlsafe(24))
    )
    return token


def find_session(session: Session, token: str | None) -> Staff | None:
    """Return who a cookie's token belongs to, while it is valid and the account is active."""
    found = StaffRepository(session).by_token(_digest(token), now()) if token else None
    if found is None:
        return None
    signed_in, user = found
    return Staff(user.id, user.username, user.role, user.department, signed_in.csrf)


def close_session(session: Session, token: str | None) -> None:
    if token:
        StaffRepository(session).forget(_digest(token))


class LoginGuard:
    """Locks a name at an address after too many failures; kept in memory, forgotten after the lock's time."""

    def __init__(self, attempts: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._attempts, self._seconds, self._clock = attempts, seconds, clock
        self._failures: dict[tuple[str, str], list[float]] = {}

    def locked(self, username: str, host: str) -> bool:
        return len(self._recent(username, host)) >= self._attempts

    def failed(self, username: str, host: str) -> None:
        self._failures[username, host] = [*self._recent(username, host), self._clock()][-self._attempts :]
        if len(self._failures) > 10_000:
            del self._failures[next(iter(self._failures))]

    def succeeded(self, username: str, host: str) -> None:
        self._failures.pop((username, host), None)

    def _recent(self, username: str, host: str) -> list[float]:
        oldest = self._clock() - self._seconds
        return [at for at in self._failures.get((username, host), ()) if at > oldest]
