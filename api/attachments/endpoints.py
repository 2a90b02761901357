"""``POST /v1/conversations/{id}/attachments``, and the same for the chat page without JavaScript."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from api.attachments.service import Uploaded, keep
from api.conversations.endpoints import ConversationId
from api.conversations.schemas import TurnRequest
from api.deps import CitizenDep, ConversationsDep, ServicesDep, limit_turns
from api.errors import ConversationNotFound
from api.web import chat
from api.web.view import view_of
from knowledge.schemas import Problem

router = APIRouter(dependencies=[Depends(limit_turns)])
REFUSALS: dict[int | str, dict[str, type[Problem]]] = {
    404: {"model": Problem}, 409: {"model": Problem}, 413: {"model": Problem}, 415: {"model": Problem},
    422: {"model": Problem},
}  # fmt: skip


@router.post(
    "/v1/conversations/{conversation_id}/attachments", status_code=201, tags=["conversations"], responses=REFUSALS
)
async def upload(
    services: ServicesDep,
    conversations: ConversationsDep,
    conversation_id: ConversationId,
    citizen: CitizenDep,
    file: Annotated[UploadFile, File(description="JPG, PNG or PDF, at most 8 MB")],
) -> Uploaded:
    """Keep a photo or PDF for the matter in hand; the turn that names it hands it over."""
    await conversations.check(conversation_id, citizen)
    return await keep(services.engine, conversation_id, file)


@router.post("/chat/attachments", include_in_schema=False)
async def upload_on_page(
    request: Request,
    services: ServicesDep,
    citizen: CitizenDep,
    file: Annotated[UploadFile, File()],
    value: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Keep the file of the page's conversation and name it at once."""
    conversation_id = await chat.current(request, services.conversations, citizen)
    if conversation_id is None:
        raise ConversationNotFound
    kept = await keep(services.engine, conversation_id, file)
    label = f"上传：{value or kept.name}"
    payload = {"do": "attach", "entry_id": kept.attachment_id, "value": value, "label": label}
    turn = TurnRequest.model_validate({"payload": payload, "mode": view_of(request).mode})
    await chat.take_turn(request, services, turn, citizen)
    return RedirectResponse("/#latest", status_code=303)
