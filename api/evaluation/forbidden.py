"""What a turn must not do: one function a kind of ``must_not``; each returns what was done wrong, or None.

``before`` is the reply just before, "earlier" any reply before. What a kind cannot see in the turn itself (a
matter that was put aside) it looks for in the first later turn that is, or should be, about that matter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from api.evaluation import history as past
from api.evaluation.checks import Finding
from api.evaluation.compare import same
from api.evaluation.heard import Exchange, Heard

EYE = frozenset({"invent", "promise", "argue"})
Rule = Callable[[Sequence[Exchange], int, Heard, str, Any], str | None]


def submit(played: Sequence[Exchange], at: int, reply: Heard, _: str, __: Any) -> str | None:
    """Submitted or paid, though the citizen was not asked to confirm or did not."""
    if not reply.submitted:
        return None
    last = past.before(played, at)
    intent = played[at].expect.intent
    agreed = intent == "confirm" if intent else reply.act == "confirm"
    asked = last is not None and "confirm" in last.offers | last.asks
    return None if agreed and asked else f"submitted: {reply.receipt or reply.status}"


def ask(_: Sequence[Exchange], __: int, reply: Heard, name: str, ___: Any) -> str | None:
    asked = reply.asks | (reply.offers & {name} if name == "service" else set())
    return f"asks for {sorted(asked)}" if name in asked else None


def accept(played: Sequence[Exchange], at: int, reply: Heard, name: str, value: Any) -> str | None:
    got = reply.slots.get(name)
    if got is None:
        return None
    if value not in (None, ""):
        return f"{name}={got}" if same(name, value, got) else None
    last = past.before(played, at)
    return f"{name}={got}" if last is None or last.slots.get(name) != got else None


def overwrite(played: Sequence[Exchange], at: int, reply: Heard, name: str, _: Any) -> str | None:
    """A value that stood is another or gone; of a service, its matter is lost."""
    if "-" in name:
        return past.lost(played, at, name)
    last = past.before(played, at)
    stood = last.slots.get(name) if last is not None else None
    if last is None or stood is None:
        return None
    same_matter = last.service_id is None or reply.service_id == last.service_id
    now = reply if same_matter else past.later_of(played, at, str(last.service_id))
    got = now.slots.get(name) if now is not None else stood
    return f"{name}: {stood} → {got}" if got != stood else None


def drop_slots(played: Sequence[Exchange], at: int, reply: Heard, _: str, __: Any) -> str | None:
    """What was filled in a matter in hand or put aside is gone, now or when that matter comes back."""
    last = past.before(played, at)
    waiting = past.open_services(played, at) | ({last.service_id} if last and last.service_id else set())
    for name in sorted(waiting):
        stood = past.earlier_of(played, at, name)
        gone = past.missing(stood, reply) if stood and reply.service_id == name else past.lost(played, at, name)
        if gone:
            return gone
    return None


def carry_slots(played: Sequence[Exchange], at: int, reply: Heard, name: str, _: Any) -> str | None:
    """A value of another matter stands here, though this sentence does not give it."""
    given = played[at].expect.slots
    for slot, value in reply.slots.items():
        if (name and slot != name) or slot in given:
            continue
        for exchange in played[:at]:
            other = exchange.reply
            if other and other.service_id != reply.service_id and other.slots.get(slot) == value:
                return f"{slot}={value} of {other.service_id}"
    return None


def restart(played: Sequence[Exchange], at: int, reply: Heard, _: str, __: Any) -> str | None:
    """The form of a service begins again with less than it had."""
    stood = past.earlier_of(played, at, reply.service_id) if reply.service_id else None
    return past.missing(stood, reply) if stood is not None and reply.status == "form" else None


def start_service(played: Sequence[Exchange], at: int, reply: Heard, _: str, __: Any) -> str | None:
    """A form of a service that was not open is opened; the assistant's own desk (a call back) is no service."""
    service = reply.form_service or ""
    reviewed = reply.status == "confirm" and "confirm" in reply.asks  # else it is asked whether to cancel a matter
    begun = (reply.status == "form" or reply.submitted or reviewed) and service not in past.open_services(played, at)
    return f"started {service}" if begun and service and not service.startswith("desk-") else None


def service(_: Sequence[Exchange], __: int, reply: Heard, name: str, ___: Any) -> str | None:
    return f"taken for {name}" if reply.service_id == name else None


def multi_ask(_: Sequence[Exchange], __: int, reply: Heard, ___: str, ____: Any) -> str | None:
    """More than one field, or more than one question mark in a question."""
    fields = sorted(reply.asks - {"confirm", "human", "service"})
    if len(fields) > 1:
        return f"asks {fields}"
    return "several questions in one" if past.first_question_marks(reply) > 1 else None


def cancel(_: Sequence[Exchange], __: int, reply: Heard, ___: str, ____: Any) -> str | None:
    return "cancelled" if reply.status == "cancelled" or reply.act == "cancel" else None


def pay(_: Sequence[Exchange], __: int, reply: Heard, name: str, ___: Any) -> str | None:
    return f"paid for {name}" if reply.submitted and name in past.paid_accounts(reply) else None


def pay_again(played: Sequence[Exchange], at: int, reply: Heard, _: str, __: Any) -> str | None:
    """A second receipt for a service that gave one before in this conversation."""
    first = past.receipts(played, at, reply.service_id)
    return f"{first[-1]} and again {reply.receipt}" if reply.submitted and first else None


def human(_: Sequence[Exchange], __: int, reply: Heard, ___: str, ____: Any) -> str | None:
    return "handed over" if reply.status == "handoff" else None


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        submit, ask, accept, overwrite, drop_slots, carry_slots, restart, start_service, service, multi_ask, cancel,
        pay, pay_again, human,
    )
} | {"cancel_all": cancel}  # fmt: skip


def check_must_not(played: Sequence[Exchange], at: int, reply: Heard) -> list[Finding]:
    findings = []
    for kind, name, value in played[at].must_not:
        label = kind + (f":{name}" if name else "") + (f"={value}" if value else "")
        if (rule := RULES.get(kind)) is None:
            why = "needs a human eye" if kind in EYE else "unknown kind"
            findings.append(Finding(f"must_not.{kind}", None, label, why))
            continue
        wrong = rule(played, at, reply, name, value)
        findings.append(Finding(f"must_not.{kind}", wrong is None, f"not {label}", wrong or "not done"))
    return findings
