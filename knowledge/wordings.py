"""Whose a sentence is that stands, word for word, among the wordings of one service or one entry.

Likeness is a guess; this is not. Who adds "去香港要什么" to an answer because citizens ask it so must see it answered,
whatever the gate thinks of the place named in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from knowledge.units import Owner
from nlu.cues import is_question
from nlu.normalize import Normalized

Kind = Literal["service", "qa"]
_CLAUSES = re.compile(r"[，,。；;！!]")
_WISH = re.compile(r"^(我|俺|咱)?(想|要|得)")
_NOT_SAID = re.compile(r"[\W_]+")


def said(text: str) -> str:
    """Return what of ``text`` is heard: no punctuation, no spaces, small letters."""
    return _NOT_SAID.sub("", text).lower()


class Wordings:
    """Names, aliases, questions and variants by what is said; one that two owners share is nobody's."""

    def __init__(self, services: Iterable[Owner], entries: Iterable[Owner]) -> None:
        self._owners: dict[str, tuple[Kind, Owner] | None] = {}
        for kind, owners in (("service", services), ("qa", entries)):
            for owner in owners:
                self._add("service" if kind == "service" else "qa", owner)

    def _add(self, kind: Kind, owner: Owner) -> None:
        for unit in owner.units:
            if unit.role == "summary" or not (key := said(unit.text)):
                continue
            known = self._owners.get(key, (kind, owner))
            self._owners[key] = known if known is not None and known[1].id == owner.id else None

    def owner(self, sentence: Normalized) -> tuple[Kind, Owner] | None:
        """Return the one whose wording ``sentence`` is, as it was written or as it is understood."""
        for text in (sentence.cleaned, sentence.text, sentence.plain):
            if (found := self._owners.get(said(text))) is not None:
                return found
        return None

    def wished(self, sentence: Normalized) -> tuple[Kind, Owner] | None:
        """Return the service that a clause wishes for word for word, where the rest only tells why.

        "我要上访，工地老板拖着工资不给" is a wish with its reason; "我要交水费，户号在哪看" is a question.
        """
        clauses = [clause.strip() for clause in _CLAUSES.split(sentence.text) if clause.strip()]
        if len(clauses) < 2 or any(is_question(clause) for clause in clauses):
            return None
        found = (self._owners.get(said(clause)) for clause in clauses if _WISH.match(clause))
        return next((owner for owner in found if owner is not None and owner[0] == "service"), None)
