"""Rasa's tracker, as far as we must reach into it: the events of conversations that are deleted go too."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing

from wenban.settings import get_settings


def forget(conversation_ids: Sequence[str]) -> int:
    """Delete everything that the dialogue engine keeps of these conversations; return how many events that were."""
    path = get_settings().home / "tracker.db"
    if not conversation_ids or not path.exists():
        return 0
    with closing(sqlite3.connect(path, timeout=10)) as database, database:
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'").fetchone():
            return 0
        rows = [(name,) for name in conversation_ids]
        return database.executemany("DELETE FROM events WHERE sender_id = ?", rows).rowcount
