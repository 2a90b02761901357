"""Whose the papers in a form are: licences and files used again belong to one person, and go when another comes in."""

from __future__ import annotations

import asyncio

from actions.engine import consenting, profile, reusing, wanted
from actions.engine.context import TurnInput
from actions.engine.state import Matter
from knowledge.declaration import ServiceDeclaration


def _owner(declaration: ServiceDeclaration, matter: Matter, turn: TurnInput) -> str:
    return f"{profile.key_of(turn)}:{reusing.person(declaration, matter, turn)}"


def own(declaration: ServiceDeclaration, matter: Matter, turn: TurnInput) -> None:
    """Note whose the papers are that have just come in."""
    if matter.licences or matter.reused:
        matter.papers_of = _owner(declaration, matter, turn)


async def settle(declaration: ServiceDeclaration, matter: Matter, turn: TurnInput) -> bool:
    """Take out what may not be used (any more): somebody else's papers, what a consent was taken back for."""
    return await asyncio.to_thread(_settle, declaration, matter, turn)


def _settle(declaration: ServiceDeclaration, matter: Matter, turn: TurnInput) -> bool:
    strange = bool(matter.papers_of) and matter.papers_of != _owner(declaration, matter, turn)
    kinds = [ref.kind for ref in wanted.refs(matter)]
    if strange or (kinds and consenting.standing(declaration, turn, kinds) is None):
        drop(declaration, matter, turn)
        strange = True
    return consenting.taken_back(declaration, matter, turn) or strange


def drop(declaration: ServiceDeclaration, matter: Matter, turn: TurnInput) -> None:
    """Take licences and files that were used again out of the form; the questions about them are open again."""
    reusing.give_back(matter, turn.conversation_id)
    wanted.unfold(declaration, matter)
    matter.licences, matter.papers_of, matter.answers = [], "", {}
