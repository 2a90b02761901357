"""Fill a form with what is known of a signed-in citizen, say so, and keep what may be offered again next time.

What belongs to one person is filled for that person only: a sentence that speaks of somebody else, or a form that
already names somebody else, gets no ID number of the citizen's.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any

from actions.engine import consenting, prompts
from actions.engine.context import TurnInput, text_message
from actions.engine.showing import show
from actions.engine.state import Matter
from actions.engine.validation import check
from actions.texts import say
from actions.tracking.keeping import acting_for
from knowledge.declaration import FormField, ServiceDeclaration
from wenban.citizens import SavedValueRepository
from wenban.database import session_scope
from wenban.masking import mask
from wenban.turns import Message

SOMEBODY_ELSE = re.compile(
    r"妈|爸|爹|娘|奶奶|爷爷|姥|外公|外婆|老伴|老婆|媳妇|老公|丈夫|妻子|爱人|孩子|小孩|儿子|女儿|闺女|孙|哥|姐|弟|妹"
    r"|公公|婆婆|岳父|岳母|舅|姑|姨|叔|伯|侄|外甥|邻居|朋友|同事|老人"
)
PERSON = ("profile.name", "profile.id_no")
REUSED = ("account", "plate")


def level_of(turn: TurnInput) -> int:
    return int((turn.citizen or {}).get("level") or 0)


def asker(turn: TurnInput) -> dict[str, Any] | None:
    """Return what a department is told of who asks: subject, level and for whom; never the profile."""
    if turn.citizen is None:
        return None
    told = {name: turn.citizen[name] for name in ("subject", "level") if name in turn.citizen}
    relative = acting_for(turn.citizen)
    return told | ({"acting_for": {"name": relative["name"], "relation": relative["relation"]}} if relative else {})


def person_of(turn: TurnInput) -> dict[str, str]:
    """Return name, ID number and phone of the person the matter is for."""
    citizen = turn.citizen or {}
    if relative := citizen.get("acting_for"):
        return {name: relative[name] for name in ("name", "id_no", "phone") if relative.get(name)}
    own = {name: value for name, value in (citizen.get("profile") or {}).items() if value}
    return {"name": citizen["name"], **own} if citizen.get("name") else own


def key_of(turn: TurnInput) -> str:
    citizen = turn.citizen or {}
    return f"{citizen.get('id', citizen.get('subject', ''))}:{(citizen.get('acting_for') or {}).get('id', 0)}"


def saved_name(declaration: ServiceDeclaration, field: FormField) -> str | None:
    """Return the name under which a field's value is kept for next time; None for what is better asked again.

    An account belongs to whom the connector asks: the number of a water meter is of no use for gas.
    """
    if (field.prefill or "").startswith("profile."):
        return field.prefill
    operation = declaration.operation
    return f"{field.type}@{operation.connector}" if operation and field.type in REUSED else None


async def fill(declaration: ServiceDeclaration, matter: Matter, turn: TurnInput) -> list[Message]:
    """Fill empty fields, once for a person at a level; return the sentence that says what was filled."""
    if turn.citizen is None or matter.prefilled_by == f"{key_of(turn)}:{level_of(turn)}":
        return []
    if not matter.prefilled_by.startswith(f"{key_of(turn)}:"):
        _take_back(matter, list(matter.prefilled))  # it was filled for somebody else
        matter.held = []
        matter.answers.pop("sensitive", None)
    matter.prefilled_by = f"{key_of(turn)}:{level_of(turn)}"
    known, saved = person_of(turn), await asyncio.to_thread(_saved, turn)
    relative = turn.citizen.get("acting_for")
    other = relative is None and SOMEBODY_ELSE.search(turn.text) is not None
    done: dict[str, list[FormField]] = {"profile": [], "saved": []}
    used: set[str] = set()
    for field in prompts.active_fields(declaration, matter):
        name, source = saved_name(declaration, field), field.prefill or ""
        if name is None or name in used:
            continue
        used.add(name)
        if field.name in matter.values or (other and source != "profile.phone"):
            continue
        if source in PERSON and names_another(declaration, matter, known):
            continue
        profile = source.startswith("profile.") and known.get(source.removeprefix("profile."))
        value = profile or saved.get(name)
        if value is None or check(field, value, turn.now):
            continue
        sensitive = consenting.kinds(field, value, turn.now.date())
        if not await asyncio.to_thread(consenting.agreed, declaration, matter, turn, sensitive):
            matter.held = [*dict.fromkeys([*matter.held, field.name])]
            continue
        matter.values[field.name] = value
        matter.prefilled[field.name] = value
        done["profile" if profile else "saved"].append(field)
    return _told(matter, relative, done)


def _told(matter: Matter, relative: dict[str, Any] | None, done: dict[str, list[FormField]]) -> list[Message]:
    messages = []
    for source, fields in done.items():
        if not fields:
            continue
        values = "，".join(f"{f.label}{mask(show(f, matter.values[f.name]))}" for f in fields)
        path = "identity.saved" if source == "saved" else "identity.prefilled_for" if relative else "identity.prefilled"
        messages.append(text_message(say(path, values=values, **_named(relative))))
    if relative and not done["profile"]:
        messages.append(text_message(say("identity.acting", **_named(relative))))
    return messages


def _named(relative: dict[str, Any] | None) -> dict[str, str]:
    return {"name": relative["name"], "relation": relative["relation"]} if relative else {}


def names_another(declaration: ServiceDeclaration, matter: Matter, known: dict[str, str]) -> bool:
    """Say whether the form is already about a person with another name."""
    named = next((f.name for f in declaration.fields if f.prefill == "profile.name"), None)
    return named is not None and named in matter.values and matter.values[named] != known.get("name")


def forget_person(declaration: ServiceDeclaration, matter: Matter, changed: dict[str, Any]) -> None:
    """When another person is named, take back the ID number that was filled for the first."""
    sources = {f.name: f.prefill for f in declaration.fields}
    if not any(sources.get(name) == "profile.name" for name in changed):
        return
    matter.held = []
    _take_back(matter, [n for n in matter.prefilled if sources.get(n) == "profile.id_no" and n not in changed])


def _take_back(matter: Matter, names: list[str]) -> None:
    """Empty fields that we filled, unless the citizen has put something else there."""
    for name in names:
        if matter.values.get(name) == matter.prefilled.pop(name):
            del matter.values[name]


def remember(declaration: ServiceDeclaration, matter: Matter, turn: TurnInput) -> None:
    """Keep what a signed-in citizen gave, for next time; what names another person is not kept."""
    citizen_id = (turn.citizen or {}).get("id")
    if citizen_id is None:
        return
    relative_id = int((acting_for(turn.citizen) or {}).get("id") or 0)
    stranger = names_another(declaration, matter, person_of(turn))
    with session_scope() as session:
        repository = SavedValueRepository(session)
        for field in declaration.fields:
            name, value = saved_name(declaration, field), matter.values.get(field.name)
            if name is None or value is None or (name.startswith("profile.") and stranger):
                continue
            repository.keep(citizen_id, relative_id, name, field.label, value, declaration.name)


def _saved(turn: TurnInput) -> dict[str, Any]:
    citizen = turn.citizen or {}
    if citizen.get("id") is None:
        return {}
    relative_id = int((citizen.get("acting_for") or {}).get("id") or 0)
    with session_scope() as session:
        return {row.name: row.value for row in SavedValueRepository(session).of(citizen["id"], relative_id)}
