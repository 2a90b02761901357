"""A citizen's turn: keep it, ask the dialogue engine, keep the reply; degrade rather than fail."""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

import anyio
import structlog
from sqlalchemy import Engine

from api.conversations.degrade import DegradedReplies
from api.conversations.locks import ConversationLocks
from api.conversations.rasa import DialogueUnavailable, RasaClient
from api.conversations.repository import ConversationRepository
from api.conversations.schemas import FeedbackRequest, HistoryItem, TurnRequest
from api.errors import ConversationNotFound, MessageNotFound
from api.metrics import Metrics
from api.models import Conversation, ConversationMessage
from wenban.database import session_scope
from wenban.turns import Reply

log = structlog.get_logger("api.turns")
T = TypeVar("T")
MARGIN = 2.5  # seconds of a turn for everything but the departments


class ConversationService:
    def __init__(
        self, engine: Engine, rasa: RasaClient, degraded: DegradedReplies, metrics: Metrics, city: str
    ) -> None:
        self.engine, self.rasa, self.degraded, self.metrics, self.city = engine, rasa, degraded, metrics, city
        self.locks = ConversationLocks()

    async def _in_session(self, work: Callable[[ConversationRepository], T]) -> T:
        def run() -> T:
            with session_scope(self.engine) as session:
                return work(ConversationRepository(session))

        return await anyio.to_thread.run_sync(run)

    async def create(self) -> str:
        """Start a conversation and return its id, which nobody can guess."""
        conversation_id = secrets.token_urlsafe(18)
        await self._in_session(lambda repository: repository.create(conversation_id))
        return conversation_id

    async def exists(self, conversation_id: str) -> bool:
        return await self._in_session(lambda repository: repository.get(conversation_id) is not None)

    async def turn(self, conversation_id: str, request: TurnRequest) -> tuple[Reply, int]:
        """Return the reply to ``request`` and the id it is kept under."""
        async with self.locks.of(conversation_id):
            asked, stored = await self._in_session(lambda repository: _begin(repository, conversation_id, request))
            if stored is not None:
                return stored
            started = time.perf_counter()
            reply = await self._ask(conversation_id, request)
            seconds = time.perf_counter() - started
            reply_id = await self._in_session(lambda repository: _finish(repository, conversation_id, asked, reply))
        status = reply.turn.status
        self.metrics.turns.labels(status).inc()
        self.metrics.turn_seconds.labels(status).observe(seconds)
        log.info("turn", conversation=short(conversation_id), status=status, ms=round(seconds * 1000))
        return reply, reply_id

    async def _ask(self, conversation_id: str, request: TurnRequest) -> Reply:
        metadata: dict[str, Any] = {
            "mode": request.mode,
            "payload": request.payload_json(),
            "turn_id": uuid.uuid4().hex,
            "city": self.city,
            "deadline": time.time() + self.rasa.seconds - MARGIN,
        }
        try:
            return await self.rasa.turn(conversation_id, None if request.payload else request.text, metadata)
        except DialogueUnavailable as error:
            log.warning("dialogue_unavailable", conversation=short(conversation_id), reason=error.reason)
            self.metrics.degraded.labels(error.reason).inc()
            # Where the engine was not reached at all, nothing can have been submitted.
            unsure = error.reason != "connection" and await self._in_session(
                lambda repository: repository.awaiting(conversation_id) == "confirm"
            )
            return await self.degraded.reply(request.words, request.payload, error.reason, unsure)

    async def history(self, conversation_id: str, after: int | None = None) -> list[HistoryItem]:
        def work(repository: ConversationRepository) -> list[HistoryItem]:
            _known(repository, conversation_id)
            return [_item(message, helpful) for message, helpful in repository.history(conversation_id, after)]

        return await self._in_session(work)

    async def feedback(self, conversation_id: str, request: FeedbackRequest) -> None:
        def work(repository: ConversationRepository) -> None:
            _known(repository, conversation_id)
            message = repository.message(conversation_id, request.message_id)
            if message is None or message.role != "assistant":
                raise MessageNotFound
            repository.rate(conversation_id, message.id, request.helpful, request.reason)

        await self._in_session(work)


def short(conversation_id: str) -> str:
    """Return what logs may hold: the whole id would let whoever reads them read the conversation."""
    return conversation_id[:8]


def _known(repository: ConversationRepository, conversation_id: str) -> Conversation:
    conversation = repository.get(conversation_id)
    if conversation is None:
        raise ConversationNotFound
    return conversation


def _begin(
    repository: ConversationRepository, conversation_id: str, request: TurnRequest
) -> tuple[int, tuple[Reply, int] | None]:
    """Keep what the citizen said; return its id, and the stored reply if this request was answered before."""
    conversation = _known(repository, conversation_id)
    if request.client_id and (earlier := repository.by_client_id(conversation_id, request.client_id)):
        answered = repository.reply_to(earlier.id)
        return earlier.id, (_reply(answered), answered.id) if answered else None
    conversation.mode = request.mode
    content = {"text": request.words, "payload": request.payload_json()}
    return repository.add(conversation, "citizen", content, client_id=request.client_id), None


def _finish(repository: ConversationRepository, conversation_id: str, asked: int, reply: Reply) -> int:
    body = reply.model_dump(mode="json", exclude_defaults=True)
    return repository.add(
        _known(repository, conversation_id), "assistant", {"messages": body["messages"]},
        turn=body.get("turn", {}), reply_to=asked,
    )  # fmt: skip


def _reply(message: ConversationMessage) -> Reply:
    return Reply.model_validate({"messages": message.content["messages"], "turn": message.turn or {}})


def _item(message: ConversationMessage, helpful: bool | None) -> HistoryItem:
    item = HistoryItem(id=message.id, role="citizen", created_at=message.created_at)
    if message.role == "citizen":
        item.text = message.content["text"]
        return item
    reply = _reply(message)
    return item.model_copy(
        update={"role": "assistant", "messages": reply.messages, "turn": reply.turn, "helpful": helpful}
    )
