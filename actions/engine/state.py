"""What the engine remembers of a conversation: the matter in hand, those put aside, and what was said last.

Kept as JSON in Rasa's ``desk`` slot, so that it survives a restart of every process.
"""

from __future__ import annotations

import uuid
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Phase = Literal["filling", "confirm", "ready", "done"]


class Matter(BaseModel):
    """One service being carried through.

    ``key`` is the idempotency key of its submission; ``shown`` has readable forms of values that are ids,
    ``owners`` whose account a number is ("爸妈"), ``doubt`` that a change was asked for and not understood,
    ``prefilled`` what was filled from the profile of the citizen ``prefilled_by``.
    """

    model_config = ConfigDict(extra="ignore")

    key: str = Field(default_factory=lambda: uuid.uuid4().hex)
    service_id: str
    service_name: str
    kind: str
    values: dict[str, Any] = Field(default_factory=dict)
    shown: dict[str, Any] = Field(default_factory=dict)
    owners: dict[str, str] = Field(default_factory=dict)
    doubt: bool = False
    rejected: dict[str, str] = Field(default_factory=dict)
    attempts: dict[str, int] = Field(default_factory=dict)
    touched: list[str] = Field(default_factory=list)
    skipped: list[str] = Field(default_factory=list)
    prefilled: dict[str, Any] = Field(default_factory=dict)
    prefilled_by: str = ""
    phase: Phase = "filling"
    editing: str | None = None
    receipt: str | None = None
    result: str | None = None

    def touch(self, field: str) -> None:
        """Remember that ``field`` was the last one spoken of."""
        self.touched = [name for name in self.touched if name != field] + [field]


class Awaiting(BaseModel):
    """What the last message asked for; ``nlu.acts.Situation`` reads this."""

    phase: Literal["filling", "confirm", "choosing"]
    name: str = ""
    type: str = ""
    options: list[str] = Field(default_factory=list)
    wants: list[str] = Field(default_factory=list)


class RatingTalk(BaseModel):
    """The rating just given; ``words`` says that the next sentence is its supplement."""

    about: str
    stars: int
    words: bool = False


class Desk(BaseModel):
    """The whole state. At most one matter is in hand; others wait in ``parked``, newest last."""

    model_config = ConfigDict(extra="ignore")

    matter: Matter | None = None
    parked: list[Matter] = Field(default_factory=list)
    done: list[Matter] = Field(default_factory=list)
    focus: str | None = None
    awaiting: Awaiting | None = None
    choices: list[dict[str, Any]] = Field(default_factory=list)
    cancelling: str | None = None
    misses: int = 0
    rating: RatingTalk | None = None
    rating_offered: bool = False
    elder: bool = False
    last_messages: list[dict[str, Any]] = Field(default_factory=list)
    handled: str | None = None

    def take_up(self, matter: Matter) -> None:
        """Put ``matter`` in hand; the one that was there is kept for later."""
        self.parked = [m for m in self.parked if m.key != matter.key]
        if self.matter is not None and self.matter.key != matter.key and self.matter.phase != "done":
            self.parked = [*self.parked, self.matter][-4:]
        self.matter, self.focus, self.choices, self.misses = matter, matter.service_id, [], 0

    def put_down(self) -> Matter | None:
        """Take the matter in hand off the desk and return it."""
        matter, self.matter, self.awaiting = self.matter, None, None
        return matter

    def finish(self) -> None:
        """Move the matter in hand to ``done``."""
        matter = self.put_down()
        if matter is not None:
            matter.phase = "done"
            self.done = [*self.done, matter][-3:]
