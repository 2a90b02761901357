"""What the engine works with in one turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from actions.engine.state import Desk
from wenban.turns import Message


@dataclass
class TurnInput:
    """What the citizen did in this turn."""

    conversation_id: str
    text: str
    act: str
    now: datetime
    payload: dict[str, Any] = field(default_factory=dict)
    citizen: dict[str, Any] | None = None


@dataclass
class Outcome:
    """What the assistant says, and fields of the turn that differ from what the desk implies."""

    messages: list[Message] = field(default_factory=list)
    turn: dict[str, Any] = field(default_factory=dict)

    def add(self, *messages: Message) -> Outcome:
        self.messages += messages
        return self

    def join(self, other: Outcome) -> Outcome:
        """Say what ``other`` says after this, with its turn."""
        self.turn.update(other.turn)
        return self.add(*other.messages)


def text_message(text: str, speech: str | None = None, **extra: Any) -> Message:
    return Message(type="text", text=text, speech=speech or text, **extra)


def notice(text: str, **extra: Any) -> Message:
    return Message(type="notice", text=text, speech=text, **extra)


__all__ = ["Desk", "Outcome", "TurnInput", "notice", "text_message"]
