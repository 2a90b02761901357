"""``/v1/me``: a signed-in citizen's own; and what belongs to a conversation that nobody signed in for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

import anyio
from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from api.conversations.endpoints import ConversationId
from api.deps import CitizenDep, Services, ServicesDep, limit_reads, limit_turns
from api.errors import SignInRequired
from api.space import relatives
from api.space.schemas import (
    Kind,
    MatterView,
    Me,
    NoticeIds,
    NoticeView,
    OpenConversation,
    RatingView,
    RelativeCreated,
    RelativeRequest,
    RelativeView,
    Remember,
    SavedView,
)  # fmt: skip
from api.space.service import Scope
from knowledge.schemas import Problem
from wenban.database import session_scope
from wenban.identity import LEVELS, Citizen

PROBLEMS: dict[int | str, dict[str, object]] = {code: {"model": Problem} for code in (401, 403, 404, 422, 429)}
router = APIRouter(prefix="/v1", tags=["me"], responses=PROBLEMS, dependencies=[Depends(limit_reads)])
T = TypeVar("T")


def required(citizen: CitizenDep) -> Citizen:
    """Return the signed-in citizen.

    Raises:
        SignInRequired: nobody is signed in.
    """
    if citizen is None:
        raise SignInRequired("请先登录，再看您自己的内容。")
    return citizen


MeDep = Annotated[Citizen, Depends(required)]


async def in_session(services: Services, work: Callable[[Session], T]) -> T:
    def run() -> T:
        with session_scope(services.engine) as session:
            return work(session)

    return await anyio.to_thread.run_sync(run)


@router.get("/me")
async def me(services: ServicesDep, citizen: MeDep) -> Me:
    """Who is signed in, at what level, acting for whom."""
    acting = citizen.acting_for
    shown = acting and RelativeView(**acting.model_dump(include={"id", "name", "relation", "basis"}), status="agreed")
    return Me(
        name=citizen.name, level=citizen.level, level_name=LEVELS[citizen.level], acting_for=shown,
        unread=await services.space.unread(Scope(citizen.id)), remember=await services.space.remembers(citizen),
    )  # fmt: skip


@router.get("/me/matters")
async def my_matters(services: ServicesDep, citizen: MeDep, kind: Kind | None = None) -> list[MatterView]:
    """What was submitted, on any device, newest first."""
    return await services.space.matters(Scope(citizen.id), kind)


@router.get("/me/matters/{receipt_no}")
async def my_matter(services: ServicesDep, citizen: MeDep, receipt_no: str) -> MatterView:
    return await services.space.matter(Scope(citizen.id), receipt_no)


@router.get("/me/ratings")
async def my_ratings(services: ServicesDep, citizen: MeDep) -> list[RatingView]:
    """What the citizen has rated in the last year."""
    return await services.space.ratings(Scope(citizen.id))


@router.get("/me/conversations")
async def my_conversations(services: ServicesDep, citizen: MeDep) -> list[OpenConversation]:
    """Conversations of the last month: go on with one on any device by its id."""
    return await services.space.conversations(citizen)


@router.get("/me/notices")
async def my_notices(services: ServicesDep, citizen: MeDep, unread: bool = False) -> list[NoticeView]:
    return await services.space.notices(Scope(citizen.id), unread)


@router.post("/me/notices/read", status_code=204)
async def read_mine(services: ServicesDep, citizen: MeDep, which: NoticeIds) -> None:
    """Mark notices as read; without ``ids`` all of them."""
    await services.space.read(Scope(citizen.id), which.ids)


@router.get("/me/saved")
async def my_values(services: ServicesDep, citizen: MeDep) -> list[SavedView]:
    """What is offered again in forms; numbers of people are masked."""
    return await services.space.saved(citizen)


@router.delete("/me/saved/{value_id}", status_code=204)
async def forget_value(services: ServicesDep, citizen: MeDep, value_id: int) -> None:
    await services.space.forget(citizen, value_id)


@router.put("/me/remember", status_code=204)
async def remember(services: ServicesDep, citizen: MeDep, wish: Remember) -> None:
    """Remember values for next time, or stop it and delete what was kept."""
    await services.space.remember(citizen, wish.remember)


@router.get("/me/relatives")
async def my_relatives(services: ServicesDep, citizen: MeDep) -> list[RelativeView]:
    """For whom the citizen acts; name one in the header ``Wenban-Acting-For`` of a turn."""
    from api.identity.repository import CitizenRepository

    rows = await in_session(services, lambda session: CitizenRepository(session).relatives(citizen.id))
    return [relatives.view(row) for row in rows]


@router.post("/me/relatives", status_code=201, dependencies=[Depends(limit_turns)])
async def add_relative(services: ServicesDep, citizen: MeDep, request: RelativeRequest) -> RelativeCreated:
    """Add a child by declaration, or ask an adult, who says yes or no under ``link``."""
    name = services.settings.assistant_name
    return await in_session(services, lambda session: relatives.add(session, citizen, request, name))


@router.delete("/me/relatives/{relative_id}", status_code=204)
async def remove_relative(services: ServicesDep, citizen: MeDep, relative_id: int) -> None:
    await in_session(services, lambda session: relatives.remove(session, citizen.id, relative_id))


@router.get("/conversations/{conversation_id}/matters")
async def matters_here(
    services: ServicesDep, conversation_id: ConversationId, citizen: CitizenDep, kind: Kind | None = None
) -> list[MatterView]:
    """What was submitted in a conversation; a signed-in citizen sees all of theirs."""
    return await services.space.matters(await _scope(services, conversation_id, citizen), kind)


@router.get("/conversations/{conversation_id}/notices")
async def notices_here(
    services: ServicesDep, conversation_id: ConversationId, citizen: CitizenDep, unread: bool = False
) -> list[NoticeView]:
    return await services.space.notices(await _scope(services, conversation_id, citizen), unread)


@router.post("/conversations/{conversation_id}/notices/read", status_code=204)
async def read_here(
    services: ServicesDep, conversation_id: ConversationId, citizen: CitizenDep, which: NoticeIds
) -> None:
    await services.space.read(await _scope(services, conversation_id, citizen), which.ids)


async def _scope(services: Services, conversation_id: str, citizen: Citizen | None) -> Scope:
    await services.conversations.check(conversation_id, citizen)
    return Scope(citizen.id if citizen else None, conversation_id)
