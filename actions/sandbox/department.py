"""A department: named operations under a connector's name, and the call that one of them gets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from actions.connectors.contract import Accepted, Found, LicenceAsk, LicenceRef, Licences, Line, Option, Quote
from actions.sandbox import texts
from actions.sandbox.clock import Clock
from actions.sandbox.faults import Faults
from actions.sandbox.problems import Refusal

Answer = TypeVar("Answer")


@dataclass
class Call:
    """One request: what was asked, by whom, and what the department works with. ``delay`` holds back the answer."""

    connector: str
    operation: str
    session: Session
    clock: Clock
    digest: Callable[[str], str]
    faults: Faults
    settle_seconds: float = 3.0
    fields: dict[str, Any] = field(default_factory=dict)
    citizen: dict[str, Any] = field(default_factory=dict)
    licences: list[LicenceRef] = field(default_factory=list)
    delay: float = 0.0

    def say(self, key: str, **values: Any) -> str:
        return texts.say(self.connector, key, **values)

    def text(self, name: str) -> str:
        """Return a field as text, "" when it is missing."""
        value = self.fields.get(name)
        return "" if value is None else str(value).strip()

    def as_of(self) -> str:
        return self.clock.now().isoformat()

    @property
    def holder(self) -> str | None:
        """Return the hash of whoever asks: by ID number, else telephone, else the signed-in subject."""
        for value in (self.text("id_no").upper(), self.text("phone"), str(self.citizen.get("subject") or "")):
            if value:
                return self.digest(value)
        return None


Handler = Callable[[Call], Answer]
Keeper = Callable[[Call, LicenceAsk], Licences]


class Department:
    """The operations of one connector, registered with decorators."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lists: dict[str, Handler[list[Option]]] = {}
        self.queries: dict[str, Handler[Found]] = {}
        self.quotes: dict[str, Handler[Quote]] = {}
        self.submits: dict[str, Handler[Accepted]] = {}
        self.keeper: Keeper | None = None

    def choices(self, *names: str) -> Callable[[Handler[list[Option]]], Handler[list[Option]]]:
        return _into(self.lists, names)

    def query(self, *names: str) -> Callable[[Handler[Found]], Handler[Found]]:
        return _into(self.queries, names)

    def quote(self, *names: str) -> Callable[[Handler[Quote]], Handler[Quote]]:
        return _into(self.quotes, names)

    def submit(self, *names: str) -> Callable[[Handler[Accepted]], Handler[Accepted]]:
        return _into(self.submits, names)

    def operations(self) -> dict[str, list[str]]:
        """Return the names of what this department offers."""
        return {
            "choices": sorted(self.lists),
            "query": sorted(self.queries),
            "quote": sorted(self.quotes),
            "submit": sorted(self.submits),
        }


def _into(table: dict[str, Handler[Answer]], names: tuple[str, ...]) -> Callable[[Handler[Answer]], Handler[Answer]]:
    def register(handler: Handler[Answer]) -> Handler[Answer]:
        table.update(dict.fromkeys(names, handler))
        return handler

    return register


def lines(rows: dict[str, Any]) -> list[Line]:
    """Return the rows that say something as lines."""
    return [Line(label=label, value=str(value)) for label, value in rows.items() if value not in (None, "")]


def pick(table: dict[str, Handler[Answer]], name: str, connector: str) -> Handler[Answer]:
    """Return the handler called ``name``.

    Raises:
        Refusal: not_found, when the department offers no such thing.
    """
    if name not in table:
        raise Refusal("not_found", texts.say(connector, "no_operation"))
    return table[name]
