"""The connector contract, version 1: what a department's endpoint takes and gives (see ``docs/connectors.md``).

    GET  {base}/choices/{name}?...            -> Choices
    POST {base}/query/{operation}    Ask      -> Found
    POST {base}/quote/{operation}    Ask      -> Quote
    POST {base}/submit/{operation}   Ask      -> Accepted     header Idempotency-Key, required
    GET  {base}/status/{receipt_no}           -> Status
    POST {base}/cancel/{receipt_no}           -> Status       header Idempotency-Key, required
    POST {base}/licences             LicenceAsk -> Licences   only of a department that keeps electronic licences

Every error is a ``ConnectorProblem`` with a 4xx (the citizen can do something) or 5xx (nobody can, now) status.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

ProblemCode = Literal[
    "invalid_field",  # 422 a value is not acceptable; ``field`` names it
    "not_found",  # 404 no such account, receipt or person
    "not_eligible",  # 403 the citizen may not do this; ``message`` says why
    "full",  # 409 no place left; ``alternatives`` are free ones
    "already_done",  # 409 paid, cancelled or submitted before
    "conflict",  # 409 the same key with other content
    "payment_failed",  # 402 the payment was refused; nothing was charged
    "unavailable",  # 503 the department's system is down
]


class Wire(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Option(Wire):
    """One thing to choose. ``note`` is small print ("余 3"); what is not ``available`` is shown but refused."""

    value: str
    label: str
    note: str = ""
    available: bool = True


class Choices(Wire):
    choices: list[Option]


class Attached(Wire):
    """A file handed in with a submit; ``content`` is base64, ``label`` what the citizen says it is."""

    id: str
    label: str
    name: str
    media_type: Literal["image/jpeg", "image/png", "application/pdf"]
    sha256: str
    content: str


class LicenceRef(Wire):
    """An electronic licence that stands for a material: ``reference`` is what its keeper knows it by.

    ``covers`` are the materials, as the declaration names them, that need not be handed in because of it.
    """

    kind: str
    reference: str
    covers: list[str] = Field(default_factory=list)
    source: Literal["电子证照", "数据共享"] = "电子证照"
    holder: str = ""
    valid_until: str | None = None


class Ask(Wire):
    """The normalised fields, plus who asks (``citizen``: subject and level, when signed in), plus what is handed in.

    Files come with a submit; licences with a quote and a submit.
    """

    fields: dict[str, Any]
    citizen: dict[str, Any] | None = None
    attachments: list[Attached] = Field(default_factory=list)
    licences: list[LicenceRef] = Field(default_factory=list)


class Holder(Wire):
    name: str
    id_no: str


class LicenceAsk(Wire):
    """Which licences of ``holder`` are wanted, for what, and by which recorded consent of the signed-in citizen."""

    kinds: list[str] = Field(min_length=1, max_length=20)
    holder: Holder
    citizen: dict[str, Any] | None = None
    purpose: str
    consent: str = Field("", description="number of the record of the holder's consent; without it nothing is given")


class Licence(Wire):
    """One licence, without its content: whoever decides the matter looks it up by ``reference``."""

    kind: str
    reference: str
    holder: str  # masked
    number: str = ""  # masked
    issuer: str = ""
    source: Literal["电子证照", "数据共享"] = "电子证照"
    valid_until: str | None = None


class Licences(Wire):
    """What there is of what was asked for; what the holder has not is simply missing."""

    licences: list[Licence]


class Line(Wire):
    label: str
    value: str


class Item(Wire):
    """One record of a query or quote, e.g. a bill; ``id`` identifies it in later calls; ``amount`` is in yuan."""

    id: str
    title: str
    lines: list[Line] = Field(default_factory=list)
    amount: float | None = None
    payable: bool = False
    data: dict[str, Any] = Field(default_factory=dict)


class Found(Wire):
    """What a query found. ``message`` is one plain sentence with the conclusion; ``as_of`` an ISO date-time."""

    message: str
    lines: list[Line] = Field(default_factory=list)
    items: list[Item] = Field(default_factory=list)
    as_of: str


class Quote(Wire):
    """What would be paid or is free, before anything is committed."""

    message: str
    items: list[Item] = Field(default_factory=list)
    total: float = 0.0


class Accepted(Wire):
    """A matter was taken. The same key and content always give the same ``receipt_no``.

    ``pending``: the outcome is still to come, e.g. from the bank; ``GET /status`` tells it.
    """

    receipt_no: str
    status: str
    message: str
    pending: bool = False
    missing: list[str] = Field(default_factory=list)  # materials still to be handed in, all of them at once
    lines: list[Line] = Field(default_factory=list)
    calendar: dict[str, str] | None = None  # {"title", "start" ISO, "end" ISO, "place"}


class Step(Wire):
    name: str
    state: Literal["done", "now", "todo"]
    at: str | None = None
    note: str = ""


class Status(Wire):
    receipt_no: str
    status: str
    message: str
    steps: list[Step] = Field(default_factory=list)
    lines: list[Line] = Field(default_factory=list)
    cancellable: bool = False
    pending: bool = False


class ConnectorProblem(Wire):
    """A typed error. ``message`` is a plain Chinese sentence that a citizen may read."""

    code: ProblemCode
    message: str
    field: str | None = None
    alternatives: list[Option] = Field(default_factory=list)
