"""Electronic licences: fetched with consent from whoever keeps them, in place of materials that would be asked for."""

from __future__ import annotations

import structlog

from actions.connectors.client import ConnectorDown, ConnectorError, Connectors
from actions.connectors.contract import Holder, Licence, LicenceAsk, LicenceRef
from actions.engine import profile, wanted
from actions.engine.context import TurnInput, notice, text_message
from actions.engine.state import Matter
from actions.texts import say
from knowledge.declaration import FormField, ServiceDeclaration
from wenban.identity import get_identity_settings
from wenban.settings import get_settings
from wenban.turns import Message, Row

log = structlog.get_logger(__name__)
KEEPER = "licence"  # the connector that keeps them


def kinds(field: FormField) -> list[str]:
    return list(dict.fromkeys(want.licence for want in field.wants if want.licence))


def level_needed(declaration: ServiceDeclaration) -> int:
    """Return the level at which licences are fetched for a service."""
    demanded = declaration.identity_level if get_identity_settings().required == "enforce" else 0
    return max(get_settings().licence_level, demanded)


def holder(declaration: ServiceDeclaration, matter: Matter, turn: TurnInput) -> Holder | None:
    """Return whose licences may be fetched: the person the form is about, if that is whom we know.

    Nobody's for somebody else who has only agreed to be acted for; a child's for the parent.
    """
    known = profile.person_of(turn)
    if turn.citizen is None or not (known.get("name") and known.get("id_no")):
        return None
    for field in declaration.fields:
        source = (field.prefill or "").removeprefix("profile.")
        if source in ("name", "id_no") and field.prefill != source and matter.values.get(field.name) != known[source]:
            return None
    relative = turn.citizen.get("acting_for")
    if relative and relative.get("basis") != "guardian":
        return None
    return Holder(name=known["name"], id_no=known["id_no"])


async def fetch(
    connectors: Connectors,
    declaration: ServiceDeclaration,
    matter: Matter,
    field: FormField,
    turn: TurnInput,
    consent: int,
) -> list[Message]:
    """Put the licences that there are into the form; say which, and what has to be handed in all the same."""
    person = holder(declaration, matter, turn)
    if person is None:
        return []
    ask = LicenceAsk(
        kinds=kinds(field), holder=person, citizen=profile.asker(turn), purpose=declaration.name, consent=str(consent)
    )
    try:
        found = (await connectors.get(KEEPER).licences(ask)).licences
    except ConnectorDown:
        return [notice(say("papers.down"))]
    except ConnectorError as error:
        return [notice(say("papers.refused", message=error.problem.message))]
    wants = {kind: [want.name for want in field.wants if want.licence == kind] for kind in ask.kinds}
    matter.licences = [_ref(row, wants[row.kind]).model_dump() for row in found if row.kind in wants]
    log.info("licences.fetched", service=declaration.id, asked=len(ask.kinds), found=len(matter.licences))
    asked_for = {want.licence for want in field.wants if want.asked and want.licence}
    absent = [kind for kind in ask.kinds if kind in asked_for and kind not in {row.kind for row in found}]
    messages = [text_message("".join(sentences(matter, turn)))] if matter.licences else []
    if absent:
        messages.append(notice(say("papers.none", whose=whose(turn), kinds=wanted.listed(absent))))
    return messages


def _ref(row: Licence, covers: list[str]) -> LicenceRef:
    shared = row.model_dump(include={"kind", "reference", "source", "holder", "valid_until"})
    return LicenceRef(**shared, covers=covers)


def whose(turn: TurnInput) -> str:
    relative = (turn.citizen or {}).get("acting_for")
    return f"{relative['name']}的" if relative else f"{say('consent.yours')}的"


def sentences(matter: Matter, turn: TurnInput) -> list[str]:
    """Say of what need not be handed in why not, licences and shared data apart."""
    said = []
    for source, path in (("电子证照", "papers.there"), ("数据共享", "papers.shared")):
        there = [ref.kind for ref in wanted.refs(matter) if ref.source == source]
        if there:
            said.append(say(path, whose=whose(turn), kinds=wanted.listed(there)))
    return said


def rows(matter: Matter, turn: TurnInput) -> list[Row]:
    """Return what the review says of licences."""
    labels = {"电子证照": "papers.row", "数据共享": "papers.row_shared"}
    sources = [source for source in labels if any(ref.source == source for ref in wanted.refs(matter))]
    return [
        Row(label=say(labels[source]), value=text.rstrip("。"))
        for source, text in zip(sources, sentences(matter, turn), strict=True)
    ]
