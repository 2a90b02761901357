"""The player: says each turn of a dialogue to a running system over its public API, and keeps what it hears."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import httpx

from api.evaluation.dates import resolve
from api.evaluation.heard import Exchange, Heard
from api.evaluation.script import Expect, Script

PAUSE = 3.0


class Unreachable(RuntimeError):
    """No system answers at the address."""


class Player:
    """Plays dialogues one after the other. A system that restarts is waited for, ``patience`` seconds in all."""

    def __init__(
        self,
        http: httpx.Client,
        patience: float = 180.0,
        now: Callable[[], datetime] = datetime.now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.http, self.patience, self.now, self.sleep = http, patience, now, sleep

    def check(self) -> None:
        """Make sure that a system is there.

        Raises:
            Unreachable: when it is not.
        """
        try:
            self.http.get("/healthz").raise_for_status()
        except httpx.HTTPError as error:
            raise Unreachable(f"{self.http.base_url} does not answer: {error}") from None

    def play(self, script: Script) -> list[Exchange]:
        """Return one exchange a turn; an exchange without a reply says why."""
        conversation, error = self._start()
        played: list[Exchange] = []
        receipt = ""
        for number, turn in enumerate(script.turns, 1):
            exchange = self._exchange(number, turn.user.replace("<receipt>", receipt), turn.expect)
            if conversation:
                begun = time.perf_counter()
                exchange.reply, exchange.error = self._say(conversation, exchange.user, script.mode)
                exchange.seconds = time.perf_counter() - begun
            else:
                exchange.error = error
            receipt = (exchange.reply.receipt if exchange.reply else None) or receipt
            played.append(exchange)
        return played

    def _exchange(self, number: int, user: str, expect: Expect) -> Exchange:
        today = self.now().date()
        slots = {name: resolve(value, today) for name, value in expect.slots.items()}
        resolved = expect.model_copy(update={"slots": slots})
        return Exchange(number, user, resolved, must_not=[rule_of(text, today) for text in expect.must_not])

    def _start(self) -> tuple[str, str]:
        response, error = self._post("/v1/conversations", None)
        return (str(response.json()["conversation_id"]), "") if response is not None else ("", error)

    def _say(self, conversation: str, text: str, mode: str) -> tuple[Heard | None, str]:
        while True:
            # The client's id makes a repeated request harmless; a reply of the degraded mode is asked for anew.
            body = {"text": text, "mode": mode, "client_id": uuid.uuid4().hex}
            response, error = self._post(f"/v1/conversations/{conversation}/messages", body)
            if response is None:
                return None, error
            reply = Heard(response.json())
            note = str(reply.turn.get("note") or "")
            if not note.startswith("dialogue_unavailable"):
                return reply, ""
            if not self._wait():
                return reply, note

    def _post(self, path: str, body: dict[str, Any] | None) -> tuple[httpx.Response | None, str]:
        while True:
            try:
                response = self.http.post(path, json=body)
            except httpx.HTTPError as failure:
                error = f"{type(failure).__name__}: {failure}"
            else:
                if response.is_success:
                    return response, ""
                error = f"HTTP {response.status_code}: {response.text[:200]}"
                if response.status_code not in (429, 502, 503, 504):
                    return None, error
            if not self._wait():
                return None, error

    def _wait(self) -> bool:
        """Wait a moment, if there is patience left."""
        if self.patience <= 0:
            return False
        self.patience -= PAUSE
        self.sleep(PAUSE)
        return True


def rule_of(text: str, today: date) -> tuple[str, str, Any]:
    """Split ``accept:event_date=<today>`` into its kind, its name and its value."""
    head, _, value = text.partition("=")
    kind, _, name = head.partition(":")
    return kind, name, resolve(value, today)


def reset_sandbox(http: httpx.Client) -> str:
    """Have the sandbox departments forget what was booked and paid; return what became of it."""
    try:
        response = http.post("/reset")
    except httpx.HTTPError:
        return "not reached"
    return "reset" if response.is_success else "not reset (it needs WENBAN_SANDBOX_FAULTS=1)"
