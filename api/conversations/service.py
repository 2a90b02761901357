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

from api.conversations.access import claim, how_to_sign_in, known
from api.conversations.degrade import DegradedReplies
from api.conversations.locks import ConversationLocks
from api.conversations.payloads import ValuePress
from api.conversations.rasa import DialogueUnavailable, RasaClient
from api.conversations.repository import ConversationRepository
from api.conversations.schemas import FeedbackRequest, HistoryItem, TurnRequest
from api.errors import ConversationNotFound, MessageNotFound
from api.metrics import Metrics
from api.models import ConversationMessage
from wenban.database import session_scope
from wenban.identity import Citizen
from wenban.turns import Reply

log = structlog.get_logger("api.turns")
T = TypeVar("T")


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

    async def create(self, citizen: Citizen | None = None) -> str:
        """Start a conversation and return its id, which nobody can guess."""
        conversation_id = secrets.token_urlsafe(18)
        citizen_id = citizen.id if citizen else None
        await self._in_session(lambda repository: repository.create(conversation_id, citizen_id))
        return conversation_id

    async def check(self, conversation_id: str, citizen: Citizen | None = None) -> None:
        """Raise when there is no such conversation, or it is somebody else's."""
        await self._in_session(lambda repository: known(repository, conversation_id, citizen))

    async def claim(self, conversation_id: str, citizen: Citizen) -> None:
        """A conversation that nobody signed in for, with what was submitted in it, becomes the citizen's."""

        def work(repository: ConversationRepository) -> None:
            claim(repository, known(repository, conversation_id, citizen), citizen)

        await self._in_session(work)

    async def turn(
        self, conversation_id: str, request: TurnRequest, citizen: Citizen | None = None
    ) -> tuple[Reply, int]:
        """Return the reply to ``request`` and the id it is kept under."""
        async with self.locks.of(conversation_id):
            asked, stored = await self._in_session(
                lambda repository: _begin(repository, conversation_id, request, citizen)
            )
            if stored is not None:
                return stored
            started = time.perf_counter()
            reply = await self._ask(conversation_id, request, citizen)
            seconds = time.perf_counter() - started
            reply_id = await self._in_session(lambda repository: _finish(repository, conversation_id, asked, reply))
        status = reply.turn.status
        self.metrics.turns.labels(status).inc()
        self.metrics.turn_seconds.labels(status).observe(seconds)
        log.info("turn", conversation=short(conversation_id), status=status, ms=round(seconds * 1000))
        return reply, reply_id

    async def last_answer(self, conversation_id: str) -> HistoryItem | None:
        """Return what the assistant said last."""

        def work(repository: ConversationRepository) -> HistoryItem | None:
            message = repository.last_answer(conversation_id)
            return _item(message, None) if message is not None else None

        return await self._in_session(work)

    async def keep(
        self, conversation_id: str, request: TurnRequest, reply: Reply, citizen: Citizen | None = None
    ) -> tuple[Reply, int]:
        """Keep what was said and ``reply``, without the dialogue engine: what was not heard well is asked about."""
        async with self.locks.of(conversation_id):
            asked, stored = await self._in_session(
                lambda repository: _begin(repository, conversation_id, request, citizen)
            )
            if stored is not None:
                return stored
            return reply, await self._in_session(lambda repository: _finish(repository, conversation_id, asked, reply))

    async def _ask(self, conversation_id: str, request: TurnRequest, citizen: Citizen | None) -> Reply:
        if isinstance(request.payload, ValuePress) and request.payload.do == "sign_in":
            return how_to_sign_in(request.payload)
        metadata: dict[str, Any] = {
            "mode": request.mode,
            "payload": request.payload_json(),
            "turn_id": uuid.uuid4().hex,
            "city": self.city,
            "citizen": citizen.seal() if citizen else None,
        }
        try:
            return await self.rasa.turn(conversation_id, None if request.payload else request.text, metadata)
        except DialogueUnavailable as error:
            log.warning("dialogue_unavailable", conversation=short(conversation_id), reason=error.reason)
            self.metrics.degraded.labels(error.reason).inc()
            # Where the engine was not reached at all, nothing can have been submitted.
            unsure = error.reason not in ("connection", "busy") and await self._in_session(
                lambda repository: repository.awaiting(conversation_id) == "confirm"
            )
            return await self.degraded.reply(request.words, request.payload, error.reason, unsure)

    async def history(
        self, conversation_id: str, after: int | None = None, citizen: Citizen | None = None
    ) -> list[HistoryItem]:
        def work(repository: ConversationRepository) -> list[HistoryItem]:
            known(repository, conversation_id, citizen)
            return [_item(message, helpful) for message, helpful in repository.history(conversation_id, after)]

        return await self._in_session(work)

    async def feedback(self, conversation_id: str, request: FeedbackRequest, citizen: Citizen | None = None) -> None:
        def work(repository: ConversationRepository) -> None:
            known(repository, conversation_id, citizen)
            message = repository.message(conversation_id, request.message_id)
            if message is None or message.role != "assistant":
                raise MessageNotFound
            repository.rate(conversation_id, message.id, request.helpful, request.reason)

        await self._in_session(work)


def short(conversation_id: str) -> str:
    """Return what logs may hold: the whole id would let whoever reads them read the conversation."""
    return conversation_id[:8]


def _begin(
    repository: ConversationRepository, conversation_id: str, request: TurnRequest, citizen: Citizen | None
) -> tuple[int, tuple[Reply, int] | None]:
    """Keep what the citizen said; return its id, and the stored reply if this request was answered before."""
    conversation = known(repository, conversation_id, citizen)
    if citizen is not None:
        claim(repository, conversation, citizen)
    if request.client_id and (earlier := repository.by_client_id(conversation_id, request.client_id)):
        answered = repository.reply_to(earlier.id)
        return earlier.id, (_reply(answered), answered.id) if answered else None
    conversation.mode = request.mode
    content = {"text": request.words, "payload": request.payload_json()}
    return repository.add(conversation, "citizen", content, client_id=request.client_id), None


def _finish(repository: ConversationRepository, conversation_id: str, asked: int, reply: Reply) -> int:
    body = reply.model_dump(mode="json", exclude_defaults=True)
    conversation = repository.get(conversation_id)
    if conversation is None:
        raise ConversationNotFound
    return repository.add(
        conversation, "assistant", {"messages": body["messages"]},
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
