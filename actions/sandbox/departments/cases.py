"""The common counter: how far a case is, by receipt number or by name and ID number."""

from __future__ import annotations

from sqlalchemy import select

from actions.connectors.contract import Found, Item, Line
from actions.sandbox.checks import id_no, need
from actions.sandbox.department import Call, Department
from actions.sandbox.matters import by_receipt
from actions.sandbox.problems import Refusal
from actions.sandbox.progress import describe
from actions.sandbox.tables import Matter

cases = Department("cases")
KINDS = ("ss_card", "property", "chronic")


def _mine(call: Call, operation: str | None) -> list[Matter]:
    """Return the cases of whoever gave name and number; the name must be right, too."""
    number, name = id_no(call), need(call, "name")
    query = select(Matter).where(Matter.holder == call.digest(number), Matter.kind == "case")
    if operation is not None:
        query = query.where(Matter.operation == operation)
    rows = call.session.scalars(query.order_by(Matter.submitted_at.desc()))
    return [row for row in rows if row.fields.get("name") in (name, None)]


def _found(call: Call, matters: list[Matter]) -> Found:
    states = [describe(call, matter) for matter in matters]
    items = [
        Item(
            id=matter.receipt_no,
            title=f"{matter.title} {matter.receipt_no}",
            lines=[
                Line(label=call.say("label_state"), value=state.status),
                *state.lines,
                *(Line(label=step.name, value=step.at[:16].replace("T", " ")) for step in state.steps if step.at),
            ],
            data={"receipt_no": matter.receipt_no, "status": state.status},
        )
        for matter, state in zip(matters, states, strict=True)
    ]
    message = states[0].message if len(states) == 1 else call.say("several", n=len(states))
    return Found(message=message, items=items, as_of=call.as_of())


@cases.query(*KINDS)
def one_kind(call: Call) -> Found:
    """Cases of one kind; a receipt number that is of another kind is shown as what it is."""
    if call.text("receipt_no"):
        return _found(call, [by_receipt(call, call.text("receipt_no"), anywhere=True)])
    matters = _mine(call, call.operation)
    if not matters:
        raise Refusal("not_found", call.say("none_of_kind", kind=call.say(f"kind_{call.operation}")))
    return _found(call, matters)


@cases.query("any")
def any_kind(call: Call) -> Found:
    if call.text("receipt_no"):
        return _found(call, [by_receipt(call, call.text("receipt_no"), anywhere=True)])
    matters = _mine(call, None)
    if not matters:
        raise Refusal("not_found", call.say("none_at_all"))
    return _found(call, matters)
