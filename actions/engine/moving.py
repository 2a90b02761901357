"""Through a form: what is asked next, where it stands, one step back, what was filled."""

from __future__ import annotations

from typing import Any

from actions.engine import prompts
from actions.engine.context import Outcome, text_message
from actions.engine.showing import show
from actions.engine.state import Matter
from actions.texts import say
from knowledge.declaration import FormField, ServiceDeclaration


def carry_over(declaration: ServiceDeclaration, matter: Matter, carried: dict[str, Any]) -> None:
    """Take values over from a look-up that this matter continues; a list where a list is wanted."""
    for field in declaration.fields:
        value = carried.get(field.name)
        if value is not None:
            single = value[0] if isinstance(value, list) and not field.many else value
            matter.values[field.name] = [single] if field.many and not isinstance(single, list) else single


def next_field(declaration: ServiceDeclaration, matter: Matter) -> FormField | None:
    """Return the field to ask for next; None when nothing is missing."""
    if matter.editing:
        return next((f for f in declaration.fields if f.name == matter.editing), None)
    missing = prompts.missing_fields(declaration, matter)
    # What was just refused is asked again before anything else.
    return next((f for f in missing if f.name in matter.rejected), missing[0] if missing else None)


def advance(declaration: ServiceDeclaration, matter: Matter) -> None:
    """Set the phase that the values allow."""
    assert declaration.operation is not None
    if matter.phase == "ready":
        return
    if next_field(declaration, matter) is not None:
        matter.phase = "filling"
    elif declaration.operation.confirm:
        matter.phase = "confirm"
    else:
        matter.phase = "ready"


def go_back(declaration: ServiceDeclaration, matter: Matter) -> Outcome:
    """Empty the field that was filled last, so that it is asked again."""
    matter.rejected.clear()
    matter.editing = None
    names = {f.name for f in prompts.active_fields(declaration, matter) if f.required}
    filled = [name for name in matter.touched if name in names and name in matter.values]
    if not filled:
        return Outcome().add(text_message(say("form.back_none")))
    matter.values.pop(filled[-1])
    matter.touched.remove(filled[-1])
    matter.phase = "filling"
    return Outcome()


def recount(declaration: ServiceDeclaration, matter: Matter) -> Outcome:
    """Say what was filled so far."""
    if not matter.values:
        return Outcome().add(text_message(say("form.nothing_yet")))
    return Outcome().add(text_message(say("form.filled", values=shown(declaration, matter.values))))


def skip(declaration: ServiceDeclaration, matter: Matter) -> Outcome:
    """Leave out an optional field; a required one says why not."""
    field = next_field(declaration, matter)
    if field is None or not field.required:
        matter.editing = None
        advance(declaration, matter)
        return Outcome()
    return Outcome().add(text_message(say("form.cannot_skip", prompt=field.prompt)))


def shown(declaration: ServiceDeclaration, values: dict[str, Any]) -> str:
    """Return values as a citizen reads them ("姓名王秀兰，日期11月25日")."""
    labels = {f.name: f for f in declaration.fields}
    return "，".join(
        f"{labels[n].label}{show(labels[n], v)}" if labels[n].type != "bills" else f"{len(v)}笔账单"
        for n, v in values.items()
        if n in labels
    )
