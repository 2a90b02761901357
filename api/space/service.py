"""What a citizen sees of their own: matters, notices, conversations, remembered values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import anyio
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from api.conversations.repository import ConversationRepository
from api.errors import NotFound
from api.identity.repository import CitizenRepository
from api.models import now
from api.space.schemas import KINDS, MatterView, NoticeView, OpenConversation, RatingView, SavedView, Step
from knowledge.models import Service
from wenban.citizens import SavedValueRepository
from wenban.database import session_scope
from wenban.identity import Citizen
from wenban.masking import mask
from wenban.materials import MaterialRepository
from wenban.ratings import LEVELS, Rating, RatingRepository
from wenban.tracking import Notice, TrackedMatter, TrackingRepository

T = TypeVar("T")
OPEN = frozenset({"form", "confirm", "auth_required"})
RECENT, RATED = dt.timedelta(days=30), dt.timedelta(days=365)


@dataclass(frozen=True)
class Scope:
    """Whose things: a citizen's everywhere, and those of a conversation that nobody signed in for."""

    citizen_id: int | None = None
    conversation_id: str | None = None


class SpaceService:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    async def _run(self, work: Callable[[Session], T]) -> T:
        def run() -> T:
            with session_scope(self.engine) as session:
                return work(session)

        return await anyio.to_thread.run_sync(run)

    async def matters(self, scope: Scope, kind: str | None = None) -> list[MatterView]:
        """Return what was submitted, newest first; looking at it has the departments asked again soon."""

        def work(session: Session) -> list[MatterView]:
            repository = TrackingRepository(session)
            rows = repository.matters(scope.citizen_id, scope.conversation_id, kind)
            repository.look_again([row.key for row in rows if not row.finished][:20])
            return [matter_view(row) for row in rows]

        return await self._run(work)

    async def matter(self, scope: Scope, receipt_no: str) -> MatterView:
        def work(session: Session) -> MatterView:
            repository = TrackingRepository(session)
            row = repository.matter(scope.citizen_id, scope.conversation_id, receipt_no)
            if row is None:
                raise NotFound("没有这个编号的办件，或者它不是您的。")
            repository.look_again([row.key])
            return matter_view(row)

        return await self._run(work)

    async def ratings(self, scope: Scope) -> list[RatingView]:
        """Return what was rated, of one's matters and conversations."""

        def work(session: Session) -> list[RatingView]:
            matters = TrackingRepository(session).matters(scope.citizen_id, scope.conversation_id)
            conversations = {scope.conversation_id} if scope.conversation_id else set()
            if scope.citizen_id is not None:
                rows = ConversationRepository(session).of_citizen(scope.citizen_id, now() - RATED, limit=200)
                conversations |= {row.id for row in rows}
            abouts = [row.receipt_no for row in matters] + [f"conversation:{name}" for name in conversations]
            return [rating_view(row) for row in RatingRepository(session).among(abouts)]

        return await self._run(work)

    async def notices(self, scope: Scope, unread: bool = False) -> list[NoticeView]:
        def work(session: Session) -> list[NoticeView]:
            rows = TrackingRepository(session).notices(scope.citizen_id, scope.conversation_id, unread)
            return [notice_view(row) for row in rows]

        return await self._run(work)

    async def unread(self, scope: Scope) -> int:
        return len(await self.notices(scope, unread=True))

    async def read(self, scope: Scope, ids: Sequence[int] | None = None) -> int:
        return await self._run(
            lambda session: TrackingRepository(session).read(scope.citizen_id, scope.conversation_id, ids)
        )

    async def conversations(self, citizen: Citizen) -> list[OpenConversation]:
        """Return the conversations of the last month, the latest first."""

        def work(session: Session) -> list[OpenConversation]:
            repository = ConversationRepository(session)
            found = []
            for conversation in repository.of_citizen(citizen.id, now() - RECENT):
                turn = repository.last_turn(conversation.id)
                is_open = turn.get("status") in OPEN
                service_id = turn.get("service_id") if is_open else None
                service = session.get(Service, service_id) if service_id else None
                found.append(
                    OpenConversation(
                        conversation_id=conversation.id, last_at=conversation.last_at, open=is_open,
                        service_id=service_id, service_name=service.name if service else None,
                        awaiting=turn.get("awaiting") if is_open else None,
                    )
                )  # fmt: skip
            return found

        return await self._run(work)

    async def is_open(self, conversation_id: str) -> bool:
        """Say whether a form waits for its citizen."""
        turn = await self._run(lambda session: ConversationRepository(session).last_turn(conversation_id))
        return turn.get("status") in OPEN

    async def saved(self, citizen: Citizen) -> list[SavedView]:
        """Return what is offered again in forms, numbers of people masked."""

        def work(session: Session) -> list[SavedView]:
            repository, found = SavedValueRepository(session), []
            people: list[tuple[int, str | None]] = [(0, None)]
            people += [(row.id, row.person["name"]) for row in CitizenRepository(session).relatives(citizen.id)]
            for relative_id, name in people:
                for row in repository.of(citizen.id, relative_id):
                    value = "、".join(map(str, row.value)) if isinstance(row.value, list) else str(row.value)
                    view = SavedView(id=row.id, label=row.label, value=mask(value), service_name=row.service_name)
                    found.append(view.model_copy(update={"for_name": name}))
            return found

        return await self._run(work)

    async def forget(self, citizen: Citizen, value_id: int | None = None) -> None:
        await self._run(lambda session: SavedValueRepository(session).forget(citizen.id, value_id))

    async def remembers(self, citizen: Citizen) -> bool:
        def work(session: Session) -> bool:
            row = CitizenRepository(session).get(citizen.id)
            return row is not None and row.remember

        return await self._run(work)

    async def remember(self, citizen: Citizen, wanted: bool) -> None:
        """Keep values for next time, or stop it and delete what was kept."""

        def work(session: Session) -> None:
            row = CitizenRepository(session).get(citizen.id)
            if row is not None:
                row.remember = wanted
            if not wanted:
                SavedValueRepository(session).forget(citizen.id)
                MaterialRepository(session).forget(citizen.id)

        await self._run(work)


def matter_view(row: TrackedMatter) -> MatterView:
    steps = [Step.model_validate(step) for step in row.steps]
    columns: dict[str, Any] = {name: getattr(row, name) for name in MatterView.model_fields if hasattr(row, name)}
    relative = row.acting_for and {name: row.acting_for[name] for name in ("name", "relation")}
    return MatterView(**columns | {"kind_name": KINDS.get(row.kind, "办件"), "steps": steps, "acting_for": relative})


def rating_view(row: Rating) -> RatingView:
    about_talk = row.about.startswith("conversation:")
    return RatingView(
        receipt_no=None if about_talk else row.about, service_name=row.service_name or "这次对话", stars=row.stars,
        level=LEVELS[row.stars], created_at=row.created_at,
    )  # fmt: skip


def notice_view(row: Notice) -> NoticeView:
    columns: dict[str, Any] = {name: getattr(row, name) for name in NoticeView.model_fields if hasattr(row, name)}
    return NoticeView(**columns | {"read": row.read_at is not None})
