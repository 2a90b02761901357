"""What to say when a department refuses, is away, or never answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from actions.connectors.client import ConnectorError
from actions.engine.context import Outcome, notice
from actions.engine.reading import wanted_types
from actions.engine.state import Awaiting, Desk, Matter
from actions.texts import say
from knowledge.declaration import ServiceDeclaration
from nlu.entities import parse_as
from wenban.turns import Choice, Message


def refused(declaration: ServiceDeclaration, desk: Desk, matter: Matter, error: ConnectorError) -> Outcome:
    """Turn a department's refusal into a sentence, and ask again for the field that it is about."""
    problem = error.problem
    names = {f.name for f in declaration.fields}
    field = problem.field if problem.field in names else None
    if field is None and problem.code == "not_found":
        field = next((n for n in reversed(matter.touched) if n in names and n in matter.values), None)
    outcome = Outcome(turn={"status": "form", "note": problem.code})
    choices = (
        [
            Choice(label=o.label, payload={"do": "field", "field": field or "", "value": o.value, "label": o.label})
            for o in problem.alternatives[:6]
        ]
        if field
        else []
    )
    text = problem.message + (f"\n{say('connector.alternatives')}" if choices else "")
    outcome.add(Message(type="notice", text=text, speech=problem.message, choices=choices))
    if field is None and problem.code in ("already_done", "not_eligible", "conflict", "not_found"):
        desk.finish()
        outcome.turn["status"] = "answered"
        return outcome
    if field is not None:
        refused = matter.values.pop(field, "")
        matter.rejected[field] = str(refused[-1] if isinstance(refused, list) and refused else refused)
        matter.touch(field)
        matter.phase = "filling"
        wanted = sorted({kind for f in declaration.fields for kind in (*wanted_types(f), f.name)})
        kind = next(f.type for f in declaration.fields if f.name == field)
        desk.awaiting = Awaiting(phase="filling", name=field, type=kind, wants=wanted)
        outcome.turn["awaiting"] = field
    else:
        matter.phase = "confirm"
    return outcome


def take_back(declaration: ServiceDeclaration, matter: Matter, changed: Mapping[str, Any], now: datetime) -> None:
    """Use the number again that was refused because the name beside it was wrong, now that the name is another."""
    if not any(f.type == "person" for f in declaration.fields if f.name in changed):
        return
    for field in (f for f in declaration.fields if f.type == "id_no" and f.name not in matter.values):
        number = parse_as("id_no", matter.rejected.get(field.name, ""), now).value
        if number is not None:
            matter.values[field.name] = number
            matter.rejected.pop(field.name)


def down(declaration: ServiceDeclaration) -> Message:
    confirming = declaration.operation is not None and declaration.operation.confirm
    retry = Choice(label=say("connector.retry"), payload={"do": "confirm", "label": say("connector.retry")})
    path = "connector.down" if confirming else "connector.down_query"
    return notice(say(path, department=declaration.department), choices=[retry])


def unsure(declaration: ServiceDeclaration) -> Message:
    """The submission went out and no answer came: neither done nor not done may be said."""
    retry = Choice(label=say("connector.check"), payload={"do": "confirm", "label": say("connector.check")})
    return notice(say("connector.unknown", department=declaration.department), choices=[retry])
