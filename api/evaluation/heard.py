"""What the system answered in one turn, read leniently: a newer system may send more than we know."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from api.evaluation.script import Expect

OPEN = frozenset({"form", "confirm", "auth_required"})
OPERATORS = ("移动", "联通", "电信")


@dataclass(frozen=True)
class Heard:
    """A reply; ``body`` is the JSON of ``POST …/messages``."""

    body: dict[str, Any]

    @property
    def turn(self) -> dict[str, Any]:
        return self.body.get("turn") or {}

    @property
    def messages(self) -> list[dict[str, Any]]:
        return self.body.get("messages") or []

    @property
    def status(self) -> str:
        return self.turn.get("status") or "answered"

    @property
    def act(self) -> str | None:
        return self.turn.get("act")

    @property
    def service_id(self) -> str | None:
        return self.turn.get("service_id")

    @property
    def slots(self) -> dict[str, Any]:
        """The values that stand; an empty one is none."""
        return {k: v for k, v in (self.turn.get("slots") or {}).items() if v is not None and v != "" and v != []}

    @property
    def asks(self) -> set[str]:
        """The fields asked for: ``awaiting``, ``asks``, and the field of each question."""
        named = [self.turn.get("awaiting"), *(self.turn.get("asks") or [])]
        named += [(m.get("field") or {}).get("name") for m in self.messages if m.get("type") == "question"]
        return {str(name) for name in named if name}

    @property
    def offers(self) -> set[str]:
        """What the reply offers besides: a person, a confirmation, a choice of services or of operators."""
        found = {"human"} if self.status == "handoff" or "human" in self._buttons("do") else set()
        if self.status == "confirm" or any(m.get("type") == "review" for m in self.messages):
            found.add("confirm")
        listed = " ".join(c.get("label") or "" for m in self.messages for c in m.get("choices") or [])
        if self.status == "clarify":
            found.add("service")
            if sum(name in listed for name in OPERATORS) >= 2:
                found.add("operator")
        return found

    def _buttons(self, key: str) -> set[str]:
        return {
            str((c.get("payload") or {}).get(key)) for message in self.messages for c in message.get("choices") or []
        }

    @property
    def receipt(self) -> str | None:
        """The number of what was submitted in this turn."""
        numbers = [(m.get("receipt") or {}).get("number") for m in self.messages if m.get("type") == "receipt"]
        return self.turn.get("receipt") or next((str(number) for number in numbers if number), None)

    @property
    def submitted(self) -> bool:
        return self.status == "done" or self.receipt is not None

    @property
    def open(self) -> bool:
        """Whether a matter is in hand."""
        return self.status in OPEN

    @property
    def form_service(self) -> str | None:
        """The service whose form asks: the question says it, where the turn is about another one."""
        asking = [m.get("service_id") for m in self.messages if m.get("type") in ("question", "review")]
        return next((str(service) for service in reversed(asking) if service), self.service_id)

    @property
    def text(self) -> str:
        """Everything that can be read in the reply."""
        parts = []
        for message in self.messages:
            parts += [message.get("title") or "", message.get("text") or ""]
            parts += [f"{row.get('label')} {row.get('value')}" for row in message.get("rows") or []]
            parts += [str(item) for section in message.get("sections") or [] for item in section.get("items") or []]
        return "\n".join(part for part in parts if part)


@dataclass
class Exchange:
    """One turn as it was played; ``expect`` has its dates resolved. Without a reply ``error`` says why."""

    number: int
    user: str
    expect: Expect
    reply: Heard | None = None
    error: str = ""
    seconds: float = 0.0
    must_not: list[tuple[str, str, Any]] = field(default_factory=list)
