"""Define an entity and the message that extractors share."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass
class Entity:
    """Give one typed value found in text[start:end].

    value is JSON-able; problem says in plain Chinese why the value cannot be accepted, or is None.
    """

    type: str
    value: Any
    text: str
    start: int
    end: int
    problem: str | None = None
    meta: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Parsed:
    """Give the value of one form field, or the problem with it; rest is what else was said."""

    value: Any = None
    problem: str | None = None
    rest: str = ""
    meta: dict[str, Any] = field(default_factory=dict)


class Message:
    """Collect entities of one text; each extractor sees what earlier ones have claimed."""

    def __init__(self, text: str, now: datetime, expect: str | None = None) -> None:
        self.text = text
        self.now = now
        self.expect = expect
        self.entities: list[Entity] = []
        self._claimed = bytearray(len(text))

    @property
    def today(self) -> date:
        """Return the day on which the message was said."""
        return self.now.date()

    @property
    def past(self) -> bool:
        """Tell whether the field asked for lies in the past (an event, a bill) rather than ahead."""
        return self.expect in ("event_date", "past_date", "event_time", "bill_month")

    def free(self, start: int, end: int) -> bool:
        """Tell whether nothing in text[start:end] is claimed."""
        return not any(self._claimed[start:end])

    def claim(self, start: int, end: int) -> None:
        """Keep later extractors from reading text[start:end]."""
        self._claimed[start:end] = b"\x01" * (end - start)

    def add(
        self,
        kind: str,
        value: Any,
        start: int,
        end: int,
        *,
        problem: str | None = None,
        claim: bool = True,
        meta: dict[str, Any] | None = None,
    ) -> Entity:
        """Record an entity and, unless told otherwise, claim its characters."""
        entity = Entity(kind, value, self.text[start:end], start, end, problem, meta or {})
        self.entities.append(entity)
        if claim:
            self.claim(start, end)
        return entity

    def before(self, position: int, count: int = 8) -> str:
        """Return up to `count` characters to the left of `position`."""
        return self.text[max(0, position - count) : position]

    def after(self, position: int, count: int = 8) -> str:
        """Return up to `count` characters to the right of `position`."""
        return self.text[position : position + count]

    def has(self, *kinds: str) -> bool:
        """Tell whether an entity of one of these types was found."""
        return any(entity.type in kinds for entity in self.entities)


def spans_of(entities: Iterable[Entity], *kinds: str) -> list[tuple[int, int]]:
    """Return the spans of the entities of these types."""
    return [(one.start, one.end) for one in entities if one.type in kinds]
