"""``POST /v1/conversations/{id}/messages`` with a recording: what was said, the reply, and the reply spoken."""

from __future__ import annotations

import base64
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Response, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field, ValidationError
from starlette.routing import Match
from starlette.types import Scope

from api.conversations.endpoints import ConversationId
from api.conversations.schemas import ClientId, Mode, TurnRequest
from api.deps import CitizenDep, Services, ServicesDep, limit_turns
from api.errors import ApiError
from api.models import now
from api.speech.hearing import Transcript
from api.speech.pending import is_plain_answer, pending_of, settle
from api.speech.saying import aloud, ask_again, ask_which
from knowledge.schemas import Problem
from voice.encoding import LOUDEST, MEDIA_TYPES, SOFTEST, Format
from voice.service import FASTEST, SLOWEST
from wenban.identity import Citizen
from wenban.turns import Reply


class MultipartRoute(APIRoute):
    """Matches only a multipart body: the same address takes words as JSON."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        kind = dict(scope.get("headers", [])).get(b"content-type", b"")
        if not kind.lower().startswith(b"multipart/form-data"):
            return Match.NONE, {}
        return super().matches(scope)


router = APIRouter(prefix="/v1/conversations", tags=["conversations"], route_class=MultipartRoute)


class SpokenAnswer(BaseModel):
    """The reply as sound. The voice is synthetic, which ``media_type``'s file says in its metadata too."""

    text: str
    media_type: str
    audio: str = Field(description="base64")
    ai_generated: bool = True


class SpokenReply(Reply):
    """A reply with what was heard. ``speech`` is null when it was not asked for or cannot be had now."""

    transcript: Transcript
    speech: SpokenAnswer | None = None


@router.post(
    "/{conversation_id}/messages",
    dependencies=[Depends(limit_turns)],
    include_in_schema=False,  # described beside the JSON body, in api.conversations.endpoints
    responses={413: {"model": Problem}, 415: {"model": Problem}, 422: {"model": Problem}, 503: {"model": Problem}},
)
async def say_aloud(
    services: ServicesDep,
    conversation_id: ConversationId,
    citizen: CitizenDep,
    response: Response,
    audio: Annotated[UploadFile, File()],
    mode: Annotated[Mode, Form()] = "standard",
    client_id: Annotated[ClientId | None, Form()] = None,
    confirm: Annotated[bool, Form(description="ask back before acting on what was heard without certainty")] = True,
    speak: Annotated[bool, Form(description="speak the reply")] = True,
    format: Annotated[Format, Form()] = "opus",
    rate: Annotated[float, Form(ge=SLOWEST, le=FASTEST, allow_inf_nan=False)] = 1.0,
    volume: Annotated[float, Form(ge=SOFTEST, le=LOUDEST, allow_inf_nan=False)] = 1.0,
) -> SpokenReply:
    """Hear a recording, take the turn, speak the reply."""
    await services.conversations.check(conversation_id, citizen)
    heard = await services.hearing.transcribe(await audio.read())
    reply, message_id = await _turn(services, conversation_id, citizen, heard, mode, client_id, confirm)
    response.headers["Wenban-Message-Id"] = str(message_id)
    speech = await _spoken(services, aloud(reply), format, rate, volume) if speak else None
    members: dict[str, Any] = {name: getattr(reply, name) for name in Reply.model_fields}
    return SpokenReply(**members, transcript=heard, speech=speech)


async def _turn(
    services: Services,
    conversation_id: str,
    citizen: Citizen | None,
    heard: Transcript,
    mode: Mode,
    client_id: str | None,
    confirm: bool,
) -> tuple[Reply, int]:
    """Take the turn with the words that are meant, or ask back."""
    conversations, words, sure = services.conversations, heard.text, not heard.uncertain
    if (pending := pending_of(await conversations.last_answer(conversation_id), now())) is not None:
        settled = settle(pending, words)
        if settled.kind == "again":
            return await conversations.keep(conversation_id, _said(words, mode, client_id), ask_again(), citizen)
        if settled.kind == "words":
            words, sure = settled.words, True
    request = _said(words, mode, client_id)
    if confirm and not sure and not is_plain_answer(words):
        readings = (heard.suggestion, words) if heard.suggestion and heard.suggestion != words else (words,)
        return await conversations.keep(conversation_id, request, ask_which(readings), citizen)
    return await conversations.turn(conversation_id, request, citizen)


def _said(words: str, mode: Mode, client_id: str | None) -> TurnRequest:
    try:
        return TurnRequest(text=words, mode=mode, client_id=client_id)
    except ValidationError as error:  # a minute of talk may be more than a message holds
        raise RequestValidationError(error.errors()) from error


async def _spoken(services: Services, text: str, form: Format, rate: float, volume: float) -> SpokenAnswer | None:
    """Speak the reply; without a voice the words remain."""
    try:
        audio = await services.speech.finish(await services.speech.speak(text, "default", rate), form, volume)
    except ApiError:
        services.metrics.speech.labels("failed").inc()
        return None
    services.metrics.speech.labels("ok").inc()
    return SpokenAnswer(text=text, media_type=MEDIA_TYPES[form], audio=base64.b64encode(audio).decode())
