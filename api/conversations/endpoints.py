"""``/v1/conversations``: start one, take a turn, read it back, rate an answer."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from api.conversations.schemas import ConversationCreated, FeedbackRequest, History, TurnRequest
from api.deps import CitizenDep, ConversationsDep, limit_reads, limit_turns
from api.errors import ConversationNotFound
from api.security import sign
from knowledge.schemas import Problem
from wenban.turns import Reply

router = APIRouter(
    prefix="/v1/conversations",
    tags=["conversations"],
    responses={401: {"model": Problem}, 404: {"model": Problem}, 422: {"model": Problem}, 429: {"model": Problem}},
)


def known_shape(conversation_id: Annotated[str, Path(description="the capability that starting it returned")]) -> str:
    """Refuse what cannot be an id before it reaches the database."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{8,40}", conversation_id):
        raise ConversationNotFound
    return conversation_id


ConversationId = Annotated[str, Depends(known_shape)]


@router.post("", status_code=201, dependencies=[Depends(limit_turns)])
async def start(conversations: ConversationsDep, citizen: CitizenDep) -> ConversationCreated:
    """Start a conversation; a signed-in citizen's is theirs alone."""
    conversation_id = await conversations.create(citizen)
    return ConversationCreated(conversation_id=conversation_id, token=sign(conversation_id))


@router.get("/{conversation_id}/messages", dependencies=[Depends(limit_reads)])
async def history(
    conversations: ConversationsDep,
    conversation_id: ConversationId,
    citizen: CitizenDep,
    after: Annotated[int | None, Query(ge=0, le=2**53, description="only what came after this id")] = None,
) -> History:
    """Return up to 200 messages, oldest first."""
    return History(messages=await conversations.history(conversation_id, after, citizen))


@router.post("/{conversation_id}/messages", dependencies=[Depends(limit_turns)])
async def say(
    conversations: ConversationsDep,
    conversation_id: ConversationId,
    citizen: CitizenDep,
    request: TurnRequest,
    response: Response,
) -> Reply:
    """Take a turn. The header ``Wenban-Message-Id`` is what feedback refers to."""
    reply, message_id = await conversations.turn(conversation_id, request, citizen)
    response.headers["Wenban-Message-Id"] = str(message_id)
    return reply


@router.post("/{conversation_id}/feedback", status_code=204, dependencies=[Depends(limit_reads)])
async def feedback(
    conversations: ConversationsDep, conversation_id: ConversationId, citizen: CitizenDep, request: FeedbackRequest
) -> None:
    """Say whether an answer helped, and why not."""
    await conversations.feedback(conversation_id, request, citizen)
