"""The page's own conversation: found by its cookie, started by the first message."""

from __future__ import annotations

import json
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.requests import HTTPConnection

from api.conversations.schemas import HistoryItem, Mode, TurnRequest
from api.conversations.service import ConversationService
from api.deps import Services
from api.errors import ConversationNotFound
from api.security import sign, unsign
from api.web.templating import fragment
from wenban.identity import Citizen
from wenban.turns import Message, Turn

COOKIE = "wenban_chat"
COOKIE_DAYS = 30


class WebMessage(Message):
    """A message with its HTML, for our own page."""

    html: str


class WebReply(BaseModel):
    """``text`` is what the citizen said, as it is kept; ``html`` the whole answer as the page shows it."""

    text: str
    messages: list[WebMessage]
    turn: Turn
    message_id: int
    html: str


def cookie_of(connection: HTTPConnection) -> str | None:
    """Return the conversation that the browser's cookie names, if we signed it."""
    return unsign(connection.cookies.get(COOKIE))


async def current(
    connection: HTTPConnection, conversations: ConversationService, citizen: Citizen | None = None
) -> str | None:
    """Return the conversation of the browser's cookie, if it still exists and is not somebody else's.

    Raises:
        SignInRequired: it is a citizen's whose session has ended.
    """
    conversation_id = cookie_of(connection)
    if conversation_id is None:
        return None
    try:
        await conversations.check(conversation_id, citizen)
    except ConversationNotFound:
        return None
    return conversation_id


def remember(response: Response, conversation_id: str, secure: bool) -> None:
    response.set_cookie(
        COOKIE, sign(conversation_id), max_age=COOKIE_DAYS * 86400, httponly=True, samesite="lax", secure=secure
    )


def forget(response: Response) -> None:
    response.delete_cookie(COOKIE)


async def take_turn(
    request: Request, services: Services, turn: TurnRequest, citizen: Citizen | None = None
) -> tuple[str, WebReply]:
    """Take a turn in the browser's conversation, started if there is none; return its id and the reply."""
    conversations = services.conversations
    conversation_id = await current(request, conversations, citizen) or await conversations.create(citizen)
    reply, message_id = await conversations.turn(conversation_id, turn, citizen)
    item = {"id": message_id, "helpful": None, "messages": reply.messages, "turn": reply.turn}
    return conversation_id, WebReply(
        text=turn.words,
        messages=[
            WebMessage(**message.model_dump(), html=fragment("message.html", {"message": message, "live": True}))
            for message in reply.messages
        ],
        turn=reply.turn,
        message_id=message_id,
        html=fragment("reply.html", {"item": item, "live": True}),
    )


def from_form(form: dict[str, Any], mode: Mode) -> TurnRequest:
    """Make a turn of what a plain HTML form posts: a button's payload, a field's control, or words."""
    body: dict[str, Any] = {"mode": mode}
    payload, field, value = (str(form.get(name) or "") for name in ("payload", "field", "value"))
    if payload:
        try:
            body["payload"] = json.loads(payload)
        except ValueError:
            body["payload"] = {}
    elif field and value:
        body["payload"] = {"do": "field", "field": field, "value": value, "label": value[:200]}
    else:
        body["text"] = str(form.get("text") or "")
    try:
        return TurnRequest.model_validate(body)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error


def spoken_mode(reply: WebReply) -> Mode | None:
    """Return the version that the citizen has just asked for in words ("长辈模式", "普通版")."""
    modes: dict[str | None, Mode] = {"elder_mode": "elder", "standard_mode": "standard"}
    return modes.get(reply.turn.note)


def last_answer(history: list[HistoryItem]) -> int | None:
    """Return the id of the newest answer: only its form controls are still of use."""
    return next((item.id for item in reversed(history) if item.role == "assistant"), None)
