"""Separate consent for sensitive personal data: what a form needs of it, telling, asking, and the record.

What citizens type themselves, after being told that it is sensitive and what for, is given with consent. What we would
fill in ourselves waits for a yes; a city may have one asked for before anything sensitive is given.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from actions.engine import prompts
from actions.engine.context import TurnInput
from actions.engine.state import Matter
from actions.texts import say
from knowledge.declaration import FormField, ServiceDeclaration
from wenban.consents import WHAT, ConsentRepository
from wenban.database import session_scope
from wenban.id_number import birth_date, birthday
from wenban.settings import get_settings
from wenban.turns import Message

CHILD = 14  # younger: what is theirs is sensitive as such


def kinds(field: FormField, value: Any = None, today: dt.date | None = None) -> list[str]:
    """Return what sensitive data a field holds; a value tells whose ID number it is."""
    found = (["id_no"] if field.type == "id_no" else []) + list(field.sensitive)
    if field.type == "id_no" and value and today is not None and birth_date(str(value)):
        found = [kind for kind in found if kind != "minor"] + (["minor"] if is_child(str(value), today) else [])
    return list(dict.fromkeys(found))


def is_child(id_no: str, today: dt.date) -> bool:
    """Say whether the person with this number is younger than 14."""
    born = birth_date(id_no)
    return born is not None and birthday(born, CHILD) > today


def of_form(declaration: ServiceDeclaration, matter: Matter, today: dt.date, filled_only: bool = False) -> list[str]:
    """Return what sensitive data a form asks for, or holds now."""
    return list(
        dict.fromkeys(
            kind
            for field in prompts.active_fields(declaration, matter)
            if (field.required and not filled_only) or field.name in matter.values
            for kind in kinds(field, matter.values.get(field.name), today)
        )
    )


def names(what: list[str]) -> str:
    return "、".join(WHAT[kind] for kind in what)


def tell(question: Message, declaration: ServiceDeclaration, matter: Matter, field: FormField, turn: TurnInput) -> None:
    """Say once, with the first question that it is about, what is sensitive and what it is for."""
    what = of_form(declaration, matter, turn.now.date())
    if what and (kinds(field) or (field.personal and turn.citizen is None)) and not matter.told_sensitive:
        matter.told_sensitive = matter.told_purpose = True
        question.text = f"{question.text}\n{say('consent.tell', what=names(what))}"
    elif field.personal and not matter.told_purpose and turn.citizen is None:
        matter.told_purpose = True
        prompts.tell_purpose(question)


def tell_at_review(message: Message, declaration: ServiceDeclaration, matter: Matter, turn: TurnInput) -> None:
    """Whoever said everything in one sentence is told before they submit."""
    what = of_form(declaration, matter, turn.now.date(), filled_only=True)
    if not what or matter.told_sensitive or matter.answers.get("sensitive") == "yes":
        return
    matter.told_sensitive = True
    message.text = f"{message.text}\n{say('consent.at_review', what=names(what), service=declaration.name)}"


def relative_of(turn: TurnInput) -> dict[str, Any]:
    return dict((turn.citizen or {}).get("acting_for") or {})


def agreed(declaration: ServiceDeclaration, matter: Matter, turn: TurnInput, what: list[str]) -> bool:
    """Say whether these may be used: agreed to now, or before for this service, or by the relative themselves."""
    citizen_id, relative = (turn.citizen or {}).get("id"), relative_of(turn)
    if not what or relative.get("basis") == "consent":
        return True  # a relative has said yes to their number being used under their own link
    if citizen_id is None:
        return matter.answers.get("sensitive") == "yes"
    with session_scope() as session:
        rows = ConsentRepository(session).standing(
            citizen_id, int(relative.get("id") or 0), "sensitive", declaration.id, say("consent.version")
        )
        return set(what) <= {kind for row in rows for kind in row.what}


def taken_back(declaration: ServiceDeclaration, matter: Matter, turn: TurnInput) -> bool:
    """Empty what we filled with a consent that does not stand any more; it is asked for again."""
    by_name = {field.name: field for field in declaration.fields}
    filled = {name: by_name[name] for name in matter.prefilled if name in by_name and kinds(by_name[name])}
    gone = [name for name, field in filled.items() if matter.values.get(name) == matter.prefilled[name]]
    what = [kind for name in gone for kind in kinds(filled[name], matter.values[name], turn.now.date())]
    if turn.citizen is None or agreed(declaration, matter, turn, what):
        return False
    for name in gone:
        del matter.values[name], matter.prefilled[name]
    matter.held = list(dict.fromkeys([*matter.held, *gone]))
    matter.answers.pop("sensitive", None)
    return True


def standing(declaration: ServiceDeclaration, turn: TurnInput, licences: list[str]) -> int | None:
    """Return the number of an earlier consent to fetch these licences for this service."""
    citizen_id, relative_id = (turn.citizen or {}).get("id"), int(relative_of(turn).get("id") or 0)
    if citizen_id is None:
        return None
    with session_scope() as session:
        version = say("consent.version")
        rows = ConsentRepository(session).standing(citizen_id, relative_id, "licence", declaration.id, version)
        return next((row.id for row in rows if set(licences) <= set(row.what)), None)


def must_ask(declaration: ServiceDeclaration, matter: Matter, field: FormField) -> bool:
    """Say whether this field waits for a yes: we would fill it, or this city always asks."""
    if matter.answers.get("sensitive") is not None or not kinds(field) or field.name in matter.values:
        return False
    return field.name in matter.held or get_settings().consent_ask == "always"


def question(declaration: ServiceDeclaration, matter: Matter, turn: TurnInput, what: list[str]) -> str:
    relative = relative_of(turn)
    whose = f"{relative['name']}的" if relative else say("consent.yours") + "的"
    department = declaration.department
    text = say("consent.ask", service=declaration.name, whose=whose, what=names(what), department=department)
    return say("consent.ask_child") + text if "minor" in what else text


def record(declaration: ServiceDeclaration, turn: TurnInput, kind: str, what: list[str], text: str, how: str) -> int:
    """Keep a consent and return its number."""
    relative = relative_of(turn)
    with session_scope() as session:
        row = ConsentRepository(session).add(
            (turn.citizen or {}).get("id"), turn.conversation_id, relative_id=int(relative.get("id") or 0),
            for_name=relative.get("name"), kind=kind, what=what, service_id=declaration.id, purpose=declaration.name,
            version=say("consent.version"), text=text, how=how,
        )  # fmt: skip
        return row.id


def record_given(declaration: ServiceDeclaration, matter: Matter, turn: TurnInput) -> None:
    """Before data go to a department: keep that what is sensitive in them was given with consent, once a matter."""
    what = of_form(declaration, matter, turn.now.date(), filled_only=True)
    if matter.consented or not what:
        return
    if turn.citizen is None or not agreed(declaration, matter, turn, what):
        text = say("consent.given", service=declaration.name, what=names(what), department=declaration.department)
        record(declaration, turn, "sensitive", what, text, "given")
    matter.consented = True
