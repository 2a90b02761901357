"""The dialogue engine, reached over Rasa's REST channel, and the merging of what it says."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
import structlog
from pydantic import BaseModel, ValidationError

from wenban.turns import Message, Reply, Turn

log = structlog.get_logger("api.rasa")

# Rasa reads "/intent{...}" as a command; an invisible no-break space before the slash makes it plain text.
DEFUSE = "\ufeff"


class DialogueUnavailable(Exception):
    """The dialogue engine did not answer: ``reason`` is one of timeout, connection, busy, status, empty, invalid."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ActShare(BaseModel):
    act: str
    confidence: float


class HeardAct(ActShare):
    """Which act a sentence is, alone, and what the classifier thought of before the context rules."""

    ranking: list[ActShare] = []


AT_ONCE = 16  # turns that Rasa works on; more at a time would only make each of them late
QUEUE_SECONDS = 45.0
MARGIN = 2.5  # seconds of a turn for everything but the departments


class RasaClient:
    """One pooled connection to Rasa. Turns beyond ``AT_ONCE`` wait in line; their time counts from their own start."""

    def __init__(self, base_url: str, timeout: float) -> None:
        self._seconds = timeout
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._http = httpx.AsyncClient(base_url=base_url, timeout=httpx.Timeout(timeout, connect=2.0))

    async def aclose(self) -> None:
        await self._http.aclose()

    async def turn(self, conversation_id: str, text: str | None, metadata: dict[str, Any]) -> Reply:
        """Say ``text`` (or press the button in ``metadata``) and return the whole merged reply.

        Raises:
            DialogueUnavailable: when there is no answer that could be shown.
        """
        message = "/press" if text is None else text
        if text is not None and text.lstrip().startswith("/"):
            message = DEFUSE + text
        try:
            await asyncio.wait_for(self._slots.acquire(), QUEUE_SECONDS)
        except TimeoutError as error:
            raise DialogueUnavailable("busy") from error
        try:
            return await self._turn(conversation_id, message, metadata)
        finally:
            self._slots.release()

    async def _turn(self, conversation_id: str, message: str, metadata: dict[str, Any]) -> Reply:
        metadata = {**metadata, "deadline": time.time() + self._seconds - MARGIN}
        body = {"sender": conversation_id, "message": message, "metadata": metadata}
        try:
            response = await self._http.post("/webhooks/rest/webhook", json=body)
            parts = response.json() if response.status_code == 200 else None
        except httpx.TimeoutException as error:
            raise DialogueUnavailable("timeout") from error
        except httpx.HTTPError as error:
            raise DialogueUnavailable("connection") from error
        except ValueError as error:
            raise DialogueUnavailable("invalid") from error
        if parts is None:
            raise DialogueUnavailable("status")
        if not isinstance(parts, list):
            raise DialogueUnavailable("invalid")
        return merge(parts)

    async def parse(self, text: str) -> HeardAct:
        """Return the act of a sentence without saying it: nothing is stored and nothing answered.

        Raises:
            DialogueUnavailable: when the dialogue engine does not answer.
        """
        try:
            response = await self._http.post("/webhooks/acts/parse", json={"text": text})
        except httpx.TimeoutException as error:
            raise DialogueUnavailable("timeout") from error
        except httpx.HTTPError as error:
            raise DialogueUnavailable("connection") from error
        if response.status_code != 200:
            raise DialogueUnavailable("status")
        try:
            return HeardAct.model_validate_json(response.content)
        except ValidationError as error:
            raise DialogueUnavailable("invalid") from error


def merge(parts: list[Any]) -> Reply:
    """Make one reply of Rasa's list: messages in order, later turn fields over earlier ones.

    Raises:
        DialogueUnavailable: when nothing is left to show. With the action server down, Rasa answers 200 with ``[]``.
    """
    messages: list[Message] = []
    turn: dict[str, Any] = {}
    for part in parts:
        if not isinstance(part, dict):
            continue
        custom = part.get("custom")
        if isinstance(custom, dict):
            messages += _messages(custom.get("messages"))
            if isinstance(custom.get("turn"), dict):
                slots = {**turn.get("slots", {}), **(custom["turn"].get("slots") or {})}
                turn.update({name: value for name, value in custom["turn"].items() if value is not None})
                turn["slots"] = slots
        text = part.get("text")
        if isinstance(text, str) and text.strip():
            messages.append(Message(type="text", text=text, speech=text))
    if not messages:
        raise DialogueUnavailable("empty")
    try:
        return Reply(messages=messages, turn=Turn.model_validate(turn))
    except ValidationError as error:
        log.error("invalid_turn", problems=_problems(error))
        raise DialogueUnavailable("invalid") from error


def _messages(values: Any) -> list[Message]:
    messages: list[Message] = []
    for value in values if isinstance(values, list) else []:
        try:
            messages.append(Message.model_validate(value))
        except ValidationError as error:
            log.error("invalid_message", problems=_problems(error))
    return messages


def _problems(error: ValidationError) -> list[str]:
    """Name what is wrong without the values, which may be personal."""
    return [f"{'.'.join(map(str, item['loc']))}: {item['type']}" for item in error.errors()]
