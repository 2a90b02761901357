"""What is worth speaking before anybody asks: the questions of the forms, and published answers."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import Engine

from knowledge.declaration import ServiceDeclaration
from knowledge.repository import EntryRepository, NotFound, ServiceRepository
from wenban.database import session_scope

# Said again and again whatever the matter is; the words are those of actions/texts.yaml and of the page.
USUAL = (
    "好，我慢点说。", "好，我快点说。", "好，声音给您调大。", "您说的是哪一句？", "好的，请您再说一遍。",
    "人工服务请拨打 12345，全天有人接听。也可以留个电话，让工作人员给您回电。",
)  # fmt: skip


def prompts(engine: Engine) -> list[str]:
    """Return what the forms ask, in the order of the services, each once."""
    with session_scope(engine) as session:
        declared = [ServiceDeclaration.model_validate(row.declaration) for row in ServiceRepository(session).all()]
    asked = [
        field.prompt_spoken or field.prompt
        for declaration in declared
        if declaration.operation is not None
        for field in declaration.fields
    ]
    return list(dict.fromkeys((*USUAL, *asked)))


def answers(engine: Engine) -> list[str]:
    """Return every published answer as it is said."""
    with session_scope(engine) as session:
        return [entry.spoken for entry in EntryRepository(session).published()]


def answer(engine: Engine, entry_id: str) -> list[str]:
    """Return one entry's answer, as it is said, if it is published and in force."""
    with session_scope(engine) as session:
        try:
            entry = EntryRepository(session).get(entry_id)
        except NotFound:
            return []
        return [entry.spoken] if entry.status == "published" else []


def worth_speaking(engine: Engine, what: Literal["off", "prompts", "all"]) -> list[str]:
    """Return what the setting asks for."""
    if what == "off":
        return []
    return prompts(engine) + (answers(engine) if what == "all" else [])
