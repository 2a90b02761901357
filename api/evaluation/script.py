"""The file of dialogues: one JSON object a line, as ``dialogues.md`` describes, checked before anything is played.

Two keys of ``expect`` are additions of ours: ``status`` (the turn's status is one of these) and ``says`` (one of these
words stands in the reply). A dialogue may name its ``mode``, ``elder`` for example.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.evaluation.dates import UnknownDate, resolve


class BadScript(ValueError):
    """A line that is no dialogue."""


class Expect(BaseModel):
    """What must hold after a turn; a key that is absent is not checked."""

    model_config = ConfigDict(extra="allow")

    intent: str | None = None
    service_id: str | None = None
    slots: dict[str, Any] = Field(default_factory=dict)
    must_ask: list[str] = Field(default_factory=list)
    must_not: list[str] = Field(default_factory=list)
    status: list[str] = Field(default_factory=list)
    says: list[str] = Field(default_factory=list)


class ScriptTurn(BaseModel):
    """What the citizen says; ``<receipt>`` in it is the last receipt number of the conversation."""

    user: str
    expect: Expect = Expect()


class Script(BaseModel):
    """One dialogue."""

    id: str
    title: str = ""
    mode: str = "standard"
    turns: list[ScriptTurn]


def load(path: Path, today: date) -> list[Script]:
    """Read a file.

    Raises:
        BadScript: with file, line and reason.
    """
    scripts = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            script = Script.model_validate(json.loads(line))
            for turn in script.turns:
                resolve(turn.expect.slots, today)
                resolve([_value(item) for item in turn.expect.must_not], today)
        except (json.JSONDecodeError, ValidationError, UnknownDate) as error:
            raise BadScript(f"{path}:{number}: {error}") from None
        scripts.append(script)
    return scripts


def _value(rule: str) -> str:
    return rule.partition("=")[2]
