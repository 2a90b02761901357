"""One turn at a time in each conversation of this process."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary


class ConversationLocks:
    """A lock a conversation, forgotten when nobody holds it."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, conversation_id: str) -> asyncio.Lock:
        lock = self._locks.get(conversation_id)
        if lock is None:
            lock = self._locks[conversation_id] = asyncio.Lock()
        return lock
