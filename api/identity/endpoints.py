"""``/identity``: send the browser to sign in, take it back, sign it out."""

from __future__ import annotations

import secrets
from typing import Annotated
from urllib.parse import urlsplit

import anyio
import structlog
from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.conversations.schemas import TurnRequest
from api.deps import Services, ServicesDep, SignedInDep, limit_turns
from api.errors import ConversationNotFound, Forbidden, NotFound, SignInRequired
from api.identity.oidc import PENDING_SECONDS, Pending
from api.identity.service import COOKIE
from api.web import chat
from api.web.view import view_of
from wenban.identity import Citizen

router = APIRouter(prefix="/identity", include_in_schema=False)
log = structlog.get_logger("api.identity")
PENDING = "wenban_signin"
GO_ON = {"do": "resume", "label": "已登录，接着办"}


def local(target: str) -> str:
    """Return a path of ours; anything else would let a link lead somewhere foreign."""
    parts = urlsplit(target)
    odd = "\\" in target or target.startswith("//") or any(char <= " " for char in target)
    return "/" if odd or parts.scheme or parts.netloc or not target.startswith("/") else target


@router.get("/sign-in", dependencies=[Depends(limit_turns)])
async def sign_in(
    request: Request,
    services: ServicesDep,
    level: Annotated[int, Query(ge=1, le=4)] = 1,
    next: Annotated[str, Query(max_length=300)] = "/",
) -> Response:
    """Send the browser to the issuer, asking for a level."""
    if not services.identity.enabled:
        raise NotFound("这里还没有接上统一身份认证，不能登录。")
    url, pending = await services.identity.oidc.begin(services.identity.redirect_uri(request), local(next), level)
    response = RedirectResponse(url, 303)
    response.set_cookie(
        PENDING, pending.seal(), max_age=PENDING_SECONDS, httponly=True, samesite="lax",
        secure=services.api_settings.secure_cookies, path="/identity",
    )  # fmt: skip
    return response


@router.get("/callback", dependencies=[Depends(limit_turns)])
async def callback(request: Request, services: ServicesDep) -> Response:
    """Take the browser back from the issuer: open a session, and go on where the citizen was."""
    pending = Pending.unseal(request.cookies.get(PENDING))
    identity = await services.identity.oidc.finish(pending, dict(request.query_params))
    assert pending is not None
    await anyio.to_thread.run_sync(services.identity.sign_out, request)  # who was here before
    citizen, cookie = await anyio.to_thread.run_sync(services.identity.sign_in, identity)
    log.info("signed_in", level=citizen.level)
    conversation_id = await _conversation(request, services, citizen)
    if conversation_id and pending.target == "/" and await services.space.is_open(conversation_id):
        turn = TurnRequest.model_validate({"payload": GO_ON, "mode": view_of(request).mode})
        await services.conversations.turn(conversation_id, turn, citizen)
    response = RedirectResponse("/#latest" if pending.target == "/" else pending.target, 303)
    secure = services.api_settings.secure_cookies
    hours = services.identity.settings.session_hours
    response.set_cookie(COOKIE, cookie, max_age=int(hours * 3600), httponly=True, samesite="lax", secure=secure)
    response.delete_cookie(PENDING, path="/identity")
    if conversation_id:
        chat.remember(response, conversation_id, secure)
    return response


async def _conversation(request: Request, services: Services, citizen: Citizen) -> str | None:
    """Return the conversation to go on with.

    This browser's becomes theirs, and is gone on with, unless a form waits for them elsewhere and none does here.
    """
    present = chat.cookie_of(request)
    if present is not None:
        try:
            await services.conversations.claim(present, citizen)
        except (ConversationNotFound, SignInRequired):
            present = None  # somebody else's, of an earlier sign-in
    if present is not None and await services.space.is_open(present):
        return present
    waiting = [item for item in await services.space.conversations(citizen) if item.open]
    return waiting[0].conversation_id if waiting else present


@router.post("/sign-out")
async def sign_out(
    request: Request, services: ServicesDep, signed: SignedInDep, csrf: Annotated[str, Form(max_length=64)] = ""
) -> Response:
    """End the session; only our own page, which knows its token, can ask for it."""
    if signed is not None and signed.via == "cookie":
        if not secrets.compare_digest(csrf.encode(), signed.csrf.encode()):
            raise Forbidden("页面已过期，请刷新后再退出。")
        await anyio.to_thread.run_sync(services.identity.sign_out, request)
    response = RedirectResponse("/", 303)
    response.delete_cookie(COOKIE)
    chat.forget(response)  # the next person at this screen must not see the conversation
    return response
