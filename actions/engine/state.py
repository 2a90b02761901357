"""What the engine remembers of a conversation: the matter in hand, those put aside, and what was said last.

Kept as JSON in Rasa's ``desk`` slot, so that it survives a restart of every process.
"""

from __future__ import annotations

import time
import uuid
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Phase = Literal["filling", "confirm", "ready", "done"]


class Matter(BaseModel):
    """One service being carried through.

    ``key`` is the idempotency key of its submission; ``shown`` has readable forms of values that are ids,
    ``owners`` whose account a number is ("爸妈"), ``doubt`` that a change was asked for and not understood,
    ``prefilled`` what was filled from the profile of the citizen ``prefilled_by``, ``held`` what is known and waits for
    the citizen's consent. ``licences`` stand for materials, ``reused`` are files handed in before, by material;
    ``papers_of`` says whose both are, ``answers`` what was said to the questions about them (``gate`` is open now).
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
    files: dict[str, str] = Field(default_factory=dict)
    prefilled: dict[str, Any] = Field(default_factory=dict)
    prefilled_by: str = ""
    held: list[str] = Field(default_factory=list)
    licences: list[dict[str, Any]] = Field(default_factory=list)
    reused: dict[str, list[str]] = Field(default_factory=dict)
    papers_of: str = ""
    folded: str = ""
    answers: dict[str, str] = Field(default_factory=dict)
    gate: str = ""
    phase: Phase = "filling"
    editing: str | None = None
    receipt: str | None = None
    result: str | None = None
    parked_at: float | None = None
    told_purpose: bool = False
    told_sensitive: bool = False
    consented: bool = False

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


class Offer(BaseModel):
    """The buttons offered last: ``start`` to ``shown`` stand on the page, ``start`` to ``read`` were read aloud."""

    choices: list[dict[str, Any]]
    start: int = 0
    shown: int = 0
    read: int = 0


class RatingTalk(BaseModel):
    """The rating just given; ``words`` says that the next sentence is its supplement."""

    about: str
    stars: int
    words: bool = False


class ThemeTalk(BaseModel):
    """A theme (一件事) in progress: ``done`` are keys of its steps, ``values`` what was said once for all of them."""

    id: str
    name: str
    shared: list[str] = Field(default_factory=list)
    services: list[str] = Field(default_factory=list)
    done: list[str] = Field(default_factory=list)
    values: dict[str, Any] = Field(default_factory=dict)


class Desk(BaseModel):
    """The whole state. At most one matter is in hand; others wait in ``parked``, newest last.

    ``about`` is the Q&A entry just answered, ``asked`` the kind of question answered last (``asked_before``: in the
    turn before), ``seen`` the message that the present turn is about, ``at`` when the conversation last moved,
    ``expired`` what was forgotten since.
    """

    model_config = ConfigDict(extra="ignore")

    matter: Matter | None = None
    parked: list[Matter] = Field(default_factory=list)
    done: list[Matter] = Field(default_factory=list)
    focus: str | None = None
    about: str | None = None
    awaiting: Awaiting | None = None
    choices: list[dict[str, Any]] = Field(default_factory=list)
    offer: Offer | None = None
    cancelling: str | None = None
    misses: int = 0
    theme: ThemeTalk | None = None
    rating: RatingTalk | None = None
    rating_offered: bool = False
    elder: bool = False
    last_messages: list[dict[str, Any]] = Field(default_factory=list)
    handled: str | None = None
    asked: str | None = None
    asked_before: str | None = None
    seen: str | None = None
    at: float | None = None
    expired: list[str] = Field(default_factory=list)

    def take_up(self, matter: Matter) -> None:
        """Put ``matter`` in hand; the one that was there is kept for later."""
        self.parked = [
            m for m in self.parked if m.key != matter.key and (m.values or m.service_id != matter.service_id)
        ]
        if self.matter is not None and self.matter.key != matter.key and self.matter.phase != "done":
            self.park(self.matter)
        self.matter, self.focus, self.about, self.choices, self.misses = matter, matter.service_id, None, [], 0

    def park(self, matter: Matter) -> None:
        """Keep a matter for later; of one service never an empty copy beside another."""
        matter.parked_at = time.time()
        others = [m for m in self.parked if m.key != matter.key]
        if not matter.values and any(m.service_id == matter.service_id for m in others):
            self.parked = others
            return
        self.parked = [*(m for m in others if m.values or m.service_id != matter.service_id), matter][-4:]

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
