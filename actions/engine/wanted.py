"""Which materials a form wants, which of them are there without being handed in, and which are still asked for."""

from __future__ import annotations

import re
from typing import Any

from actions.connectors.contract import LicenceRef
from actions.engine.state import Matter
from knowledge.declaration import FormField, ServiceDeclaration, WantedMaterial

_COMMON = frozenset({"证明", "材料", "照片", "身份", "本人"})


def field_of(declaration: ServiceDeclaration) -> FormField | None:
    """Return the field behind which materials stand."""
    return next((field for field in declaration.fields if field.wants), None)


def refs(matter: Matter) -> list[LicenceRef]:
    """Return the licences of a form as departments get them."""
    return [LicenceRef.model_validate(row) for row in matter.licences]


def covered(matter: Matter) -> list[str]:
    """Return the materials that licences and files handed in before stand for."""
    return [*dict.fromkeys([*(name for ref in refs(matter) for name in ref.covers), *matter.reused])]


def remaining(field: FormField, matter: Matter) -> list[str]:
    """Return the materials that the citizen is still asked for."""
    there = set(covered(matter))
    return [want.name for want in field.wants if want.asked and want.name not in there]


def fold(declaration: ServiceDeclaration, matter: Matter) -> None:
    """Fill the field where nothing is left to ask for; name what is used again, so that a department reads it."""
    field = field_of(declaration)
    if field is None or not covered(matter):
        return
    given = str(matter.values.get(field.name) or "")
    names = [name for name in matter.reused if name not in given] if given else covered(matter)
    if given and names:
        matter.values[field.name] = "、".join([given, *names])
    elif not given and not remaining(field, matter) and matter.editing != field.name:
        asked = {want.name for want in field.wants if want.asked}
        matter.values[field.name] = matter.folded = "、".join(name for name in names if name in asked)


def unfold(declaration: ServiceDeclaration, matter: Matter) -> None:
    """Empty the field again where it was filled because everything was there."""
    field = field_of(declaration)
    if field is not None and matter.folded and matter.values.get(field.name) == matter.folded:
        del matter.values[field.name]
    matter.folded = ""


def matching(field: FormField, label: str) -> WantedMaterial | None:
    """Return the material that a file's label means: the same name, one within the other, or the same words."""
    wants = [want for want in field.wants if want.asked]
    label = re.sub(r"[\s（(].*$", "", label.strip())
    for want in wants:
        if label and (label in want.name or want.name in label):
            return want
    scored = [(len(_pairs(label) & _pairs(want.name)), want) for want in wants]
    best = max(scored, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] else None


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)} - _COMMON


def listed(names: Any) -> str:
    return "、".join(dict.fromkeys(names))
