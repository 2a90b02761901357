"""Electronic licences and shared data that stand for materials: who has which, and references that can be checked."""

from __future__ import annotations

from typing import Any

from actions.connectors.contract import Licence, LicenceAsk, LicenceRef, Licences
from actions.sandbox.checks import good_id, masked_id, masked_name
from actions.sandbox.department import Call
from actions.sandbox.problems import Refusal
from actions.sandbox.texts import data, say

KEEPER = "licence"
LEAST_LEVEL = 2  # whose real name is not known has no licences


def kinds() -> dict[str, dict[str, Any]]:
    """Return what is kept, by kind: who issues it, how it is got, how its reference begins."""
    return dict(data("papers")["kinds"])


def reference(call: Call, kind: str, id_no: str) -> str:
    """Return the number under which a licence is looked up; it cannot be made up and says nothing of its holder."""
    return f"{kinds()[kind]['prefix']}{call.digest(f'paper:{kind}:{id_no}')[:16].upper()}"


def genuine(call: Call, ref: LicenceRef, id_no: str) -> bool:
    """Say whether a reference is of this person's licence."""
    return ref.kind in kinds() and ref.reference == reference(call, ref.kind, id_no)


def keep(call: Call, ask: LicenceAsk) -> Licences:
    """Give the licences of a holder who has agreed; nothing tells whether the person is unknown or has none."""
    if not ask.consent:
        raise Refusal("not_eligible", say(KEEPER, "no_consent"))
    level = call.citizen.get("level")
    if not isinstance(level, int) or level < LEAST_LEVEL:
        raise Refusal("not_eligible", say(KEEPER, "level_too_low"))
    id_no = ask.holder.id_no.strip().upper()
    if not good_id(id_no):
        raise Refusal("invalid_field", say("common", "bad_id"), field="holder")
    person = data("persons").get(id_no)
    if person is None or person["name"] != ask.holder.name:
        return Licences(licences=[])
    held = data("papers")["held"].get(id_no, {})
    found = [_licence(call, kind, id_no, person["name"], held[kind]) for kind in ask.kinds if kind in held]
    return Licences(licences=found)


def _licence(call: Call, kind: str, id_no: str, name: str, valid_until: str | None) -> Licence:
    about = kinds()[kind]
    return Licence(
        kind=kind, reference=reference(call, kind, id_no), holder=masked_name(name), number=masked_id(id_no),
        issuer=about["issuer"], source=about["source"], valid_until=valid_until,
    )  # fmt: skip
