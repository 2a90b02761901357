"""Rasa's SQL tracker store with the events encrypted at rest.

What citizens say and fill in passes through the tracker; the key is the one that ``wenban.crypto`` generates.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from cryptography.fernet import Fernet, MultiFernet
from rasa.core.tracker_store import SQLTrackerStore

from wenban.paths import home


class EncryptedText(sa.types.TypeDecorator):
    """Text stored as a Fernet token; the newest key encrypts, every key decrypts."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = (home() / "secrets" / "data.key").read_bytes().split()
        self._cipher = MultiFernet([Fernet(key) for key in keys])

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else self._cipher.encrypt(value.encode()).decode()

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else self._cipher.decrypt(value.encode()).decode()


class EncryptedSQLTrackerStore(SQLTrackerStore):
    """The same tables and queries; only the column of event data is encrypted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        SQLTrackerStore.SQLEvent.__table__.c.data.type = EncryptedText()
        super().__init__(*args, **kwargs)
