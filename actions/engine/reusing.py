"""Materials handed in before: kept for a signed-in citizen, offered for the same person, never used unasked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from actions.engine import profile, wanted
from actions.engine.context import TurnInput
from actions.engine.state import Matter
from knowledge.declaration import FormField, ServiceDeclaration
from wenban.attachments import AttachmentRepository
from wenban.citizens import CitizenRecord
from wenban.database import session_scope
from wenban.materials import MaterialRepository


@dataclass(frozen=True)
class Offer:
    """A material that was handed in before."""

    kind: str
    uploaded_at: dt.datetime


def person(declaration: ServiceDeclaration, matter: Matter, turn: TurnInput) -> tuple[int, int] | None:
    """Return the citizen and the relative (0: themselves) whose files may be used; None if the form names another."""
    citizen_id, known = (turn.citizen or {}).get("id"), profile.person_of(turn)
    if citizen_id is None:
        return None
    for field in declaration.fields:
        source = (field.prefill or "").removeprefix("profile.")
        given = matter.values.get(field.name)
        if source in ("name", "id_no") and field.prefill != source and given is not None and given != known.get(source):
            return None
    return citizen_id, int(((turn.citizen or {}).get("acting_for") or {}).get("id") or 0)


def offer(declaration: ServiceDeclaration, matter: Matter, field: FormField, turn: TurnInput) -> Offer | None:
    """Return the next material of this form that was handed in before and has not been asked about."""
    who = person(declaration, matter, turn)
    if who is None:
        return None
    with session_scope() as session:
        repository = MaterialRepository(session)
        for name in wanted.remaining(field, matter):
            if f"again:{name}" not in matter.answers and (rows := repository.of(*who, kind=name)):
                return Offer(name, rows[0].uploaded_at)
    return None


def use(declaration: ServiceDeclaration, matter: Matter, kind: str, turn: TurnInput) -> bool:
    """Put the files of a material into the form; False if they have been deleted meanwhile."""
    who = person(declaration, matter, turn)
    if who is None:
        return False
    with session_scope() as session:
        ids = MaterialRepository(session).use(*who, kind, turn.conversation_id)
    if ids:
        matter.reused[kind] = ids
        matter.files |= dict.fromkeys(ids, kind)
    return bool(ids)


def give_back(matter: Matter, conversation_id: str) -> None:
    """Take files that were used again out of the form."""
    ids = [file_id for files in matter.reused.values() for file_id in files]
    if ids:
        with session_scope() as session:
            AttachmentRepository(session).drop(conversation_id, ids)
    matter.files = {file_id: label for file_id, label in matter.files.items() if file_id not in ids}
    matter.reused = {}


def will_keep(declaration: ServiceDeclaration, matter: Matter, label: str, turn: TurnInput) -> bool:
    """Say whether a file with this label will be kept for next time."""
    field, who = wanted.field_of(declaration), person(declaration, matter, turn)
    if field is None or who is None or wanted.matching(field, label) is None:
        return False
    with session_scope() as session:
        citizen = session.get(CitizenRecord, who[0])
        return citizen is not None and citizen.remember


def keep(declaration: ServiceDeclaration, matter: Matter, turn: TurnInput) -> None:
    """Keep what was handed in for next time, where it is known what it is and whose."""
    field, who = wanted.field_of(declaration), person(declaration, matter, turn)
    used = {file_id for files in matter.reused.values() for file_id in files}
    fresh = {file_id: label for file_id, label in matter.files.items() if file_id not in used}
    if field is None or who is None or not fresh:
        return
    by_kind: dict[str, list[str]] = {}
    for file_id, label in fresh.items():
        want = wanted.matching(field, label)
        if want is not None:
            by_kind.setdefault(want.name, []).append(file_id)
    with session_scope() as session:
        for kind, ids in by_kind.items():
            files = AttachmentRepository(session).of(turn.conversation_id, ids)
            MaterialRepository(session).keep(*who, kind, files, declaration.name)
