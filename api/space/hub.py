"""Push notices into open conversations: one look at the table a second for all sockets of this process.

The table is the only channel, so it makes no difference which process found something out, or how many of us run.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass, field

import anyio
import structlog
from sqlalchemy import Engine

from api.models import now
from api.space.schemas import NoticeView
from api.space.service import Scope, notice_view
from wenban.database import session_scope
from wenban.tracking import TrackingRepository

log = structlog.get_logger("api.hub")
WINDOW = dt.timedelta(seconds=60)  # a notice is committed a little after its time stamp


@dataclass(eq=False)
class Listener:
    """One open socket."""

    scope: Scope
    queue: asyncio.Queue[NoticeView] = field(default_factory=lambda: asyncio.Queue(maxsize=100))


class Hub:
    def __init__(self, engine: Engine, seconds: float = 1.0, most: int = 2000) -> None:
        self.engine, self.seconds, self.most = engine, seconds, most
        self.listeners: set[Listener] = set()
        self._told: dict[int, dt.datetime] = {}
        self._task: asyncio.Task[None] | None = None

    @property
    def full(self) -> bool:
        return len(self.listeners) >= self.most

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="hub")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def join(self, scope: Scope) -> Listener:
        listener = Listener(scope)
        self.listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        self.listeners.discard(listener)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self.seconds)
            if not self.listeners:
                continue
            try:
                await self._tell()
            except Exception as error:  # the database is away: what it holds is told once it is back
                log.error("hub_failed", error=type(error).__name__)

    async def _tell(self) -> None:
        since = now() - WINDOW
        self._told = {number: at for number, at in self._told.items() if at >= since}
        for citizen_id, conversation_id, notice in await anyio.to_thread.run_sync(self._recent, since):
            if notice.id in self._told:
                continue
            self._told[notice.id] = notice.created_at
            for listener in list(self.listeners):
                if _concerns(listener.scope, citizen_id, conversation_id) and not listener.queue.full():
                    listener.queue.put_nowait(notice)

    def _recent(self, since: dt.datetime) -> list[tuple[int | None, str, NoticeView]]:
        with session_scope(self.engine) as session:
            rows = TrackingRepository(session).recent(since)
            return [(row.citizen_id, row.conversation_id, notice_view(row)) for row in rows]


def _concerns(scope: Scope, citizen_id: int | None, conversation_id: str) -> bool:
    if citizen_id is not None:
        return scope.citizen_id == citizen_id
    return scope.conversation_id == conversation_id
