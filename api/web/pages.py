"""The citizen's pages: the chat, the list of matters, and what the chat page posts to."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.conversations.schemas import FeedbackRequest, Mode, TurnRequest
from api.deps import CitizenDep, ServicesDep, limit_reads, limit_turns
from api.errors import ConversationNotFound, SignInRequired
from api.space.service import Scope
from api.web import chat
from api.web.stages import STAGES, grouped
from api.web.templating import render
from api.web.view import Change, keep_mode, keep_view, view_of
from wenban.identity import Citizen

router = APIRouter(include_in_schema=False)


def space_scope(conversation_id: str | None, citizen: Citizen | None) -> Scope:
    return Scope(citizen.id if citizen else None, conversation_id)


def page_mode(request: Request) -> Mode:
    """Return the version that the address asks for, else the one that the browser remembers."""
    return view_of(request).mode


ModeDep = Annotated[Mode, Depends(page_mode)]


@router.get("/", dependencies=[Depends(limit_reads)])
async def home(request: Request, services: ServicesDep, mode: ModeDep, citizen: CitizenDep) -> Response:
    """The chat page with the browser's conversation, whole and usable without JavaScript."""
    expired, conversation_id = False, None
    try:
        conversation_id = await chat.current(request, services.conversations, citizen)
    except SignInRequired:
        expired = True  # the conversation is kept, and shown again after signing in
    history = await services.conversations.history(conversation_id, citizen=citizen) if conversation_id else []
    context = {
        "history": history,
        "at_home": not history or request.query_params.get("view") == "home",
        "live_id": chat.last_answer(history),
        "groups": grouped(await services.catalogue.page_services()),
        "stages": STAGES,
        "hot": await services.catalogue.page_hot(),
        "max_length": services.settings.max_text_length,
        "expired": expired,
        "unread": await services.space.notices(space_scope(conversation_id, citizen), unread=True),
    }
    response = render(request, "chat.html", context)
    if "mode" in request.query_params:  # a link such as /?mode=elder is a choice like any other
        keep_mode(response, mode, services.api_settings.secure_cookies)
    return response


@router.get("/services", dependencies=[Depends(limit_reads)])
async def matters(
    request: Request, services: ServicesDep, _: CitizenDep, stage: Annotated[str, Query(max_length=4)] = ""
) -> Response:
    """Every matter by life stage, for browsers without JavaScript and for people who like lists."""
    groups = grouped(await services.catalogue.page_services())
    return render(request, "services.html", {"groups": groups, "stage": stage})


@router.get("/family")
async def family(request: Request, _: CitizenDep) -> Response:
    """How a relative can help with a matter."""
    return render(request, "family.html")


@router.post("/chat", dependencies=[Depends(limit_turns)])
async def post_form(request: Request, services: ServicesDep, mode: ModeDep, citizen: CitizenDep) -> Response:
    """Take a turn from a plain form and show the conversation again."""
    form = await request.form()
    turn = chat.from_form({name: value for name, value in form.items() if isinstance(value, str)}, mode)
    conversation_id, reply = await chat.take_turn(request, services, turn, citizen)
    response = RedirectResponse("/#latest", status_code=303)
    if asked := chat.spoken_mode(reply):
        keep_mode(response, asked, services.api_settings.secure_cookies)
    chat.remember(response, conversation_id, services.api_settings.secure_cookies)
    return response


@router.post("/chat/messages", dependencies=[Depends(limit_turns)])
async def post_turn(
    request: Request, services: ServicesDep, citizen: CitizenDep, turn: TurnRequest, response: Response
) -> chat.WebReply:
    """Take a turn from the page's script."""
    conversation_id, reply = await chat.take_turn(request, services, turn, citizen)
    chat.remember(response, conversation_id, services.api_settings.secure_cookies)
    return reply


@router.post("/chat/feedback", dependencies=[Depends(limit_reads)])
async def post_feedback(
    request: Request,
    services: ServicesDep,
    citizen: CitizenDep,
    message_id: Annotated[int, Form(ge=1, le=2**53)],
    helpful: Annotated[bool, Form()],
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    conversation_id = await chat.current(request, services.conversations, citizen)
    if conversation_id is None:
        raise ConversationNotFound
    feedback = FeedbackRequest(message_id=message_id, helpful=helpful, reason=reason or None)
    await services.conversations.feedback(conversation_id, feedback, citizen)
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse("/#latest", status_code=303)
    return Response(status_code=204)


@router.post("/chat/reset")
async def reset() -> Response:
    """Begin anew: the browser forgets its conversation."""
    response = RedirectResponse("/", status_code=303)
    chat.forget(response)
    return response


@router.post("/chat/mode")
async def switch_mode(mode: Annotated[Mode, Form()], services: ServicesDep) -> Response:
    """Remember the elder or the standard version for a year."""
    response = RedirectResponse("/", status_code=303)
    keep_mode(response, mode, services.api_settings.secure_cookies)
    return response


@router.post("/chat/view")
async def change_view(request: Request, change: Annotated[Change, Form()], services: ServicesDep) -> Response:
    """Change type size, colours or motion, for browsers without JavaScript; the script does the same by itself."""
    response = RedirectResponse("/", status_code=303)
    keep_view(response, view_of(request).changed(change), services.api_settings.secure_cookies)
    return response
