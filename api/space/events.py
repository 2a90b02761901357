"""The WebSocket of a conversation: what is unread when it opens, then every notice as it comes.

Server to client only, JSON: ``{"type": "unread", "count", "notices"}``, ``{"type": "notice", "notice", "unread"}``,
``{"type": "error", "code", "message"}`` before it closes. What was pushed stays unread until it is read over HTTP.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from api.conversations.endpoints import known_shape
from api.deps import get_services, limit_reads, same_origin
from api.errors import ApiError, TooManyRequests
from api.space.schemas import NoticeView
from api.space.service import Scope

router = APIRouter()
RECHECK_SECONDS = 30.0  # a session that has ended is told nothing more
CLOSE = {401: 4401, 403: 4403, 404: 4404, 429: 4429, 503: 4503}
Render = Callable[[NoticeView], dict[str, Any]]


def plain(notice: NoticeView) -> dict[str, Any]:
    return notice.model_dump(mode="json")


@router.websocket("/v1/conversations/{conversation_id}/events")
async def events(socket: WebSocket, conversation_id: str) -> None:
    """Listen as whoever may read the conversation."""
    await serve(socket, conversation_id, plain)


async def serve(socket: WebSocket, conversation_id: str | None, render: Render) -> None:
    """Serve one socket; without a conversation, a signed-in citizen's notices."""
    await socket.accept()
    try:
        scope = await _scope(socket, conversation_id)
    except ApiError as error:
        await _refuse(socket, error)
        return
    services = get_services(socket)
    listener = services.hub.join(scope)
    gone = asyncio.create_task(_until_gone(socket))
    try:
        unread = await services.space.notices(scope, unread=True)
        notices = [render(notice) for notice in unread[:20]]
        await socket.send_json({"type": "unread", "count": len(unread), "notices": notices})
        while not gone.done():
            news = asyncio.create_task(listener.queue.get())
            await asyncio.wait({news, gone}, timeout=RECHECK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if not news.done():
                news.cancel()
                if gone.done() or await _scope(socket, conversation_id) == scope:
                    continue
                break
            count = await services.space.unread(scope)
            await socket.send_json({"type": "notice", "notice": render(news.result()), "unread": count})
    except ApiError as error:
        await _refuse(socket, error)
    except (WebSocketDisconnect, RuntimeError):
        pass  # the browser went away while we wrote
    finally:
        services.hub.leave(listener)
        gone.cancel()


async def _scope(socket: WebSocket, conversation_id: str | None) -> Scope:
    """Return whose notices these are.

    Raises:
        ApiError: a foreign page, too many sockets, or somebody who may not read this conversation.
    """
    services = get_services(socket)
    same_origin(socket)
    limit_reads(socket, services)
    if services.hub.full:
        raise TooManyRequests
    signed = await services.identity.who(socket)
    citizen = signed.citizen if signed else None
    if conversation_id is not None:
        await services.conversations.check(known_shape(conversation_id), citizen)
    return Scope(citizen.id if citizen else None, conversation_id)


async def _until_gone(socket: WebSocket) -> None:
    """Read and drop whatever the client sends, until it closes."""
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while True:
            await socket.receive_text()


async def _refuse(socket: WebSocket, error: ApiError) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        await socket.send_json({"type": "error", "code": error.code, "message": error.message})
        await socket.close(CLOSE.get(error.status, 4400))
