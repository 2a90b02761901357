"""What a turn must be: one function a kind of check; each thing expected is one check.

The act: the names of ``dialogues.md`` against ``turn.act``. Only these differ: a question in the middle of a matter
(``digress``) may be called whatever it is by itself; refusing to give an optional value and choosing from a list
also give a value (``fill``); asking for the list of one's matters is ``progress``; asking for what was said or
filled is ``repeat``. ``fill`` is never taken for ``correct``, nor ``start`` for ``ask``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from api.evaluation.compare import same
from api.evaluation.heard import Exchange, Heard

ACTS: dict[str, frozenset[str]] = {
    "ask": frozenset({"ask", "query"}),
    "fill": frozenset({"fill", "inform", "choose", "skip"}),
    "correct": frozenset({"correct", "deny"}),
    "digress": frozenset({"digress", "ask", "query", "start", "progress", "chitchat", "out_of_scope"}),
    "progress": frozenset({"progress", "my_records"}),
    "repeat": frozenset({"repeat", "review"}),
    "back": frozenset({"back", "go_back"}),
    "review": frozenset({"review", "repeat"}),
}


@dataclass(frozen=True)
class Finding:
    """One check. ``passed`` is None where a person has to look: it is then not counted."""

    kind: str
    passed: bool | None
    expected: Any = None
    got: Any = None


Check = Callable[[Sequence[Exchange], int, Heard], list[Finding]]


def check_intent(played: Sequence[Exchange], at: int, reply: Heard) -> list[Finding]:
    expected = played[at].expect.intent
    if expected is None:
        return []
    return [Finding("intent", reply.act in ACTS.get(expected, {expected}), expected, reply.act)]


def check_service(played: Sequence[Exchange], at: int, reply: Heard) -> list[Finding]:
    expected = played[at].expect.service_id
    if expected is None:
        return []
    return [Finding("service_id", reply.service_id == expected, expected, reply.service_id)]


def check_slots(played: Sequence[Exchange], at: int, reply: Heard) -> list[Finding]:
    findings = []
    for name, expected in played[at].expect.slots.items():
        got = reply.slots.get(name)
        findings.append(Finding(f"slots.{name}", same(name, expected, got), expected, got))
    return findings


def check_must_ask(played: Sequence[Exchange], at: int, reply: Heard) -> list[Finding]:
    """The reply asks for, or offers, at least one of these."""
    expected = played[at].expect.must_ask
    if not expected:
        return []
    asked = reply.asks | reply.offers
    return [Finding("must_ask", bool(asked & set(expected)), expected, sorted(asked) or reply.status)]


def check_status(played: Sequence[Exchange], at: int, reply: Heard) -> list[Finding]:
    expected = played[at].expect.status
    return [Finding("status", reply.status in expected, expected, reply.status)] if expected else []


def check_says(played: Sequence[Exchange], at: int, reply: Heard) -> list[Finding]:
    """One of these words can be read in the reply."""
    expected = played[at].expect.says
    if not expected:
        return []
    return [Finding("says", any(word in reply.text for word in expected), expected, reply.text[:160])]


CHECKS: tuple[Check, ...] = (check_intent, check_service, check_slots, check_must_ask, check_status, check_says)
