"""Look back and forward in a conversation that was played."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from api.evaluation.heard import Exchange, Heard

_MONTH = re.compile(r"\d{4}-\d{2}")


def before(played: Sequence[Exchange], at: int) -> Heard | None:
    """Return the last reply before the turn."""
    return next((exchange.reply for exchange in reversed(played[:at]) if exchange.reply), None)


def earlier_of(played: Sequence[Exchange], at: int, service: str) -> Heard | None:
    """Return the last reply before the turn that was about ``service``."""
    replies = (exchange.reply for exchange in reversed(played[:at]))
    return next((reply for reply in replies if reply and reply.service_id == service), None)


def later_of(played: Sequence[Exchange], at: int, service: str) -> Heard | None:
    """Return the first reply after the turn that is about ``service``, or should be."""
    for exchange in played[at + 1 :]:
        if exchange.reply and service in (exchange.reply.service_id, exchange.expect.service_id):
            return exchange.reply
    return None


def open_services(played: Sequence[Exchange], at: int) -> set[str]:
    """Return the services whose form was opened before the turn and neither submitted nor cancelled."""
    waiting: set[str] = set()
    for exchange in played[:at]:
        reply = exchange.reply
        if reply is None or reply.service_id is None:
            continue
        if reply.open:
            waiting.add(str(reply.form_service))
        elif reply.submitted or reply.status == "cancelled":
            waiting.discard(reply.service_id)
    return waiting


def receipts(played: Sequence[Exchange], at: int, service: str | None) -> list[str | None]:
    """Return the receipts that the service gave before the turn."""
    replies = [exchange.reply for exchange in played[:at] if exchange.reply and exchange.reply.submitted]
    return [reply.receipt for reply in replies if reply.service_id == service]


def lost(played: Sequence[Exchange], at: int, service: str) -> str | None:
    """Return what became of a matter put aside at the turn, when it comes back with less or not at all."""
    stood, later = earlier_of(played, at, service), later_of(played, at, service)
    if stood is None or later is None:
        return None
    return missing(stood, later) if later.service_id == service else f"{service} did not come back"


def missing(stood: Heard, now: Heard) -> str | None:
    """Return which values stood and stand no more."""
    gone = sorted(set(stood.slots) - set(now.slots))
    return f"lost {', '.join(gone)}" if gone else None


def paid_accounts(reply: Heard) -> str:
    """Return, as one text, what a payment was for: its bills if it has any, else the values that name a payer."""
    bills = reply.slots.get("bills")
    if bills and not any(_MONTH.fullmatch(str(bill)) for bill in bills):
        return _flat(bills)
    return _flat([value for name, value in reply.slots.items() if name not in ("amount", "people")])


def first_question_marks(reply: Heard) -> int:
    """Return the most question marks that one question of the reply has."""
    texts = [str(message.get("text") or "") for message in reply.messages if message.get("type") == "question"]
    return max((text.count("？") + text.count("?") for text in texts), default=0)


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(_flat(item) for name, item in value.items() if name != "months")
    return " ".join(_flat(item) for item in value) if isinstance(value, list) else str(value)
