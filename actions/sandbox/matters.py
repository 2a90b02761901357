"""Keep what was submitted: receipt numbers, the record, finding it again."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select

from actions.connectors.contract import Option
from actions.sandbox.department import Call
from actions.sandbox.problems import Refusal
from actions.sandbox.tables import Counter, Matter


def number(call: Call, prefix: str) -> str:
    """Return the next receipt number of a series, e.g. ``YY202611220001``."""
    series = f"{prefix}{call.clock.today():%Y%m%d}"
    counter = call.session.get(Counter, series) or Counter(series=series, last=0)
    counter.last += 1
    call.session.add(counter)
    return f"{series}{counter.last:04d}"


def keep(call: Call, receipt_no: str, kind: str, title: str, **rest: Any) -> Matter:
    """Write down a matter; ``rest`` are columns, and ``data`` what its kind needs."""
    columns: dict[str, Any] = {"holder": call.holder, "data": {}, "state": "open"} | rest
    matter = Matter(
        receipt_no=receipt_no,
        connector=call.connector,
        operation=call.operation,
        kind=kind,
        title=title,
        submitted_at=call.clock.now(),
        fields=call.fields,
        **columns,
    )
    call.session.add(matter)
    call.session.flush()
    return matter


def by_receipt(call: Call, receipt_no: str, anywhere: bool = False) -> Matter:
    """Return a matter of this connector (or, at the city's common counter, of any).

    Raises:
        Refusal: not_found.
    """
    matter = call.session.get(Matter, re.sub(r"[\s-]", "", receipt_no).upper())
    if matter is None or not (anywhere or matter.connector == call.connector):
        raise Refusal("not_found", call.say("no_receipt", receipt_no=receipt_no), field="receipt_no")
    return matter


def refuse_second(call: Call, subject: str, key: str) -> None:
    """Refuse what the same person has already in hand.

    Raises:
        Refusal: already_done, with the first receipt's number as the alternative.
    """
    if call.holder is None:
        return
    query = select(Matter).where(
        Matter.connector == call.connector,
        Matter.holder == call.holder,
        Matter.subject == subject,
        Matter.state != "cancelled",
    )
    old = call.session.scalars(query.order_by(Matter.submitted_at.desc())).first()
    if old is not None:
        again = Option(value=old.receipt_no, label=call.say("see_receipt", receipt_no=old.receipt_no))
        raise Refusal("already_done", call.say(key, receipt_no=old.receipt_no), alternatives=[again])


def subject(call: Call, *parts: Any) -> str:
    """Return the hash of what a matter is about, however it was spaced and punctuated."""
    return call.digest("|".join(re.sub(r"[\W_]+", "", str(part or "")) for part in (call.operation, *parts)))
