"""What the assistant says in one turn: the messages a client renders and the turn's machine-readable outcome.

``actions`` produces these, ``api`` passes them on as JSON (``POST /v1/conversations/{id}/messages``), and the
evaluation reads them. Every message has ``text`` for the eye and ``speech`` for the ear, so that a client that
knows no message type can still show and say something true.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MessageType = Literal[
    "text",  # plain sentence(s)
    "answer",  # approved Q&A answer: title, Markdown body, source
    "service",  # a service card with buttons
    "choices",  # "which do you mean?", at most three
    "question",  # a form asks for one field
    "review",  # every value before submit, with an edit button each
    "result",  # rows found by a query
    "receipt",  # a matter was submitted
    "notice",  # something is unavailable or went wrong; true and in plain Chinese
]
Status = Literal[
    "answered",
    "clarify",
    "no_answer",
    "form",
    "confirm",
    "done",
    "cancelled",
    "auth_required",
    "handoff",
    "chitchat",
    "error",
]


class Wire(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Choice(Wire):
    """A button. ``payload`` is sent back verbatim as ``{"payload": ...}``; ``label`` is shown as what was said."""

    label: str
    payload: dict[str, Any]
    style: Literal["primary", "plain", "danger"] = "plain"


class Row(Wire):
    """A label and a value, in a card, a review or a result. ``edit`` re-opens the field in a review."""

    label: str
    value: str
    field: str | None = None
    edit: dict[str, Any] | None = None


class Section(Wire):
    heading: str
    items: list[str]
    ordered: bool = False


class Source(Wire):
    """Where an answer comes from."""

    kind: Literal["qa", "service"]
    id: str
    department: str
    updated: str
    sample: bool = True


class FieldPrompt(Wire):
    """The field a form asks for now and the control that suits it."""

    name: str
    label: str
    control: Literal[
        "text", "date", "period", "time", "month", "choices", "phone", "id_no", "number", "boolean", "textarea"
    ]
    example: str = ""
    minimum: str | None = None
    maximum: str | None = None
    step: int = 1
    total: int = 1
    upload: bool = False  # a photo or PDF may be handed in here


class Receipt(Wire):
    number: str
    service_id: str
    service_name: str
    submitted_at: str
    status: str
    calendar: dict[str, str] | None = None


class Message(Wire):
    type: MessageType
    text: str
    speech: str = ""
    title: str | None = None
    badges: list[str] = Field(default_factory=list)
    sections: list[Section] = Field(default_factory=list)
    rows: list[Row] = Field(default_factory=list)
    choices: list[Choice] = Field(default_factory=list)
    field: FieldPrompt | None = None
    receipt: Receipt | None = None
    source: Source | None = None
    service_id: str | None = None


class Candidate(Wire):
    """One thing the search thought of, with its calibrated probability."""

    kind: Literal["service", "qa"]
    id: str
    title: str
    service_id: str | None = None
    probability: float


class Turn(Wire):
    """The outcome of one turn; see ``docs/api.md``."""

    status: Status = "answered"
    act: str | None = None
    service_id: str | None = None
    confidence: float | None = None
    candidates: list[Candidate] = Field(default_factory=list)
    awaiting: str | None = None
    asks: list[str] = Field(default_factory=list)
    slots: dict[str, Any] = Field(default_factory=dict)
    sources: list[Source] = Field(default_factory=list)
    receipt: str | None = None
    note: str | None = None


class Reply(Wire):
    messages: list[Message]
    turn: Turn
