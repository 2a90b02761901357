"""What the knowledge process says over HTTP, shared by its server, its client and the evaluation."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from wenban.turns import Candidate, Section, Source

Decision = Literal["answer", "clarify", "none"]


class Trace(BaseModel):
    """Why a candidate stands where it stands; staff see this, citizens do not."""

    id: str
    matched: str = ""
    dense: float = 0.0
    lexical: float = 0.0
    probability: float = 0.0


class Slip(BaseModel):
    """``original`` was read as ``corrected``; when not ``sure``, it only might have been meant and nothing was changed.

    ``kind`` is "sound", "shape", "missing", "pinyin" or "initials"; ``score`` is 0..1.
    """

    original: str
    corrected: str
    score: float
    kind: str
    sure: bool


class Resolution(BaseModel):
    """What a sentence is about.

    ``services`` and ``entries`` are ranked, each with a calibrated probability of being the right one;
    ``in_scope`` is the probability that the sentence is any of our business. ``decision`` follows from both.
    ``slips`` are the words corrected or in doubt; ``suggestion`` asks the citizen about those in doubt, ``readings``
    are the sentences that may have been meant. ``topic`` is set where the sentence is one bare word to ask back about.
    """

    text: str
    normalized: str
    suggestion: str | None = None
    slips: list[Slip] = Field(default_factory=list)
    readings: list[str] = Field(default_factory=list)
    decision: Decision
    in_scope: float
    services: list[Candidate] = Field(default_factory=list)
    entries: list[Candidate] = Field(default_factory=list)
    outside: str | None = None
    entry_share: float = 0.0
    best: Candidate | None = None
    choices: list[Candidate] = Field(default_factory=list)
    relatives: list[Candidate] = Field(default_factory=list)
    asks: str = "service"
    topic: str | None = None
    trace: list[Trace] = Field(default_factory=list)


class Explained(BaseModel):
    """A candidate: its nearest known wording, what was measured of it, and the probability that followed.

    ``features`` has the keys of ``knowledge.pool.FEATURES``.
    """

    kind: str
    id: str
    title: str
    matched: str
    probability: float
    features: dict[str, float]


class Explanation(BaseModel):
    """``cleaned`` is the sentence in one form of characters, ``plain`` what was searched for (no dialect)."""

    original: str
    cleaned: str
    plain: str
    resolution: Resolution
    candidates: list[Explained] = Field(default_factory=list)
    thresholds: dict[str, float] = Field(default_factory=dict)
    version: int


class ServiceCard(BaseModel):
    """A service as the citizen reads it."""

    id: str
    name: str
    department: str
    kind: str
    summary: str
    spoken: str
    badges: list[str]
    sections: list[Section]
    stage: str | None
    theme: str
    identity_level: int
    transactional: bool
    follow_ups: list[str]
    family: str | None = None
    family_field: str = ""
    family_cues: list[str] = Field(default_factory=list)
    source: Source
    related: list[Candidate] = Field(default_factory=list)


class EntryCard(BaseModel):
    """A published Q&A entry as the citizen reads it; ``answer`` is Markdown."""

    id: str
    question: str
    answer: str
    spoken: str
    department: str
    services: list[str]
    source: Source
    related: list[Candidate] = Field(default_factory=list)


class SearchHit(BaseModel):
    kind: Literal["service", "qa"]
    id: str
    title: str
    snippet: str
    department: str
    probability: float


class SearchResults(BaseModel):
    query: str
    hits: list[SearchHit]
    degraded: bool = False


class Suggestion(BaseModel):
    """A line of the typeahead: what is shown, and what is sent when it is chosen."""

    text: str
    kind: Literal["service", "qa"]
    id: str


class ServiceSummary(BaseModel):
    id: str
    name: str
    department: str
    kind: str
    summary: str
    stage: str | None
    theme: str
    transactional: bool


class HotQuestion(BaseModel):
    text: str
    id: str
    kind: Literal["service", "qa"]


class Problem(BaseModel):
    """An error as clients get it: a stable code, a Chinese sentence for people, details for developers."""

    code: str
    message: str
    detail: Any = None
