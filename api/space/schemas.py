"""What ``/v1/me`` and the page 我的 show."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

KINDS = {
    "application": "办件", "appointment": "预约", "payment": "缴费", "report": "投诉和上报", "callback": "回电",
}  # fmt: skip
Kind = Literal["application", "appointment", "payment", "report", "callback"]
RELATIONS = ("父亲", "母亲", "配偶", "子女", "其他亲属", "朋友")


class Step(BaseModel):
    name: str
    state: Literal["done", "now", "todo"]
    at: str | None = None
    note: str = ""


class MatterView(BaseModel):
    """A submitted matter and where it stands: what the department last said, and when it was asked."""

    receipt_no: str
    kind: str
    kind_name: str
    service_id: str
    service_name: str
    status: str
    message: str
    finished: bool
    cancellable: bool
    steps: list[Step]
    lines: list[dict[str, str]]
    starts_at: dt.datetime | None = None
    place: str | None = None
    acting_for: dict[str, Any] | None = None
    created_at: dt.datetime
    updated_at: dt.datetime
    checked_at: dt.datetime | None = None


class NoticeView(BaseModel):
    """Something that the citizen is told: ``status`` a change, ``reminder`` of an appointment."""

    id: int
    kind: str
    title: str
    text: str
    service_id: str
    receipt_no: str
    created_at: dt.datetime
    read: bool


class RatingView(BaseModel):
    """What the citizen thought of a matter, or of a conversation (then without ``receipt_no``)."""

    receipt_no: str | None
    service_name: str
    stars: int
    level: str
    created_at: dt.datetime


class OpenConversation(BaseModel):
    """A conversation that can be gone on with; ``open`` says that a form is half-filled in it."""

    conversation_id: str
    last_at: dt.datetime
    open: bool
    service_id: str | None = None
    service_name: str | None = None
    awaiting: str | None = None


class SavedView(BaseModel):
    id: int
    label: str
    value: str
    service_name: str
    for_name: str | None = None


class MaterialView(BaseModel):
    """A file that was handed in and is offered again for the same material."""

    id: str
    kind: str
    name: str
    media_type: str
    size: int
    service_name: str
    uploaded_at: dt.datetime
    used_at: dt.datetime
    for_name: str | None = None


class ConsentView(BaseModel):
    """A consent as it is kept. ``how``: pressed, said, or given with the data; ``text`` is what was agreed to."""

    id: int
    kind: Literal["sensitive", "licence"]
    kind_name: str
    what: list[str]
    purpose: str
    service_id: str
    text: str
    version: str
    how: str
    for_name: str | None = None
    agreed_at: dt.datetime
    withdrawn_at: dt.datetime | None = None


class RelativeView(BaseModel):
    """``status``: asked (waits for the person's yes) or agreed; ``until`` is when the consent ends."""

    id: int
    name: str
    relation: str
    basis: Literal["guardian", "consent"]
    status: Literal["asked", "agreed"]
    until: dt.datetime | None = None


class Me(BaseModel):
    name: str
    level: int
    level_name: str
    unread: int
    remember: bool
    acting_for: RelativeView | None = None


class RelativeRequest(BaseModel):
    """``basis`` guardian: the citizen declares to be the child's parent; consent: the person is asked by a link."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=30)]
    id_no: Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, max_length=18)]
    phone: Annotated[str, StringConstraints(pattern=r"^(1\d{10})?$")] = ""
    relation: Literal["父亲", "母亲", "配偶", "子女", "其他亲属", "朋友"]
    basis: Literal["guardian", "consent"]
    declared: bool = Field(False, description="the citizen has read the declaration and stands by it")


class RelativeCreated(BaseModel):
    """``link`` is shown once: the person opens it and says yes or no."""

    relative: RelativeView
    link: str | None = None


class NoticeIds(BaseModel):
    model_config = ConfigDict(extra="forbid")

    ids: Annotated[list[int], Field(max_length=200)] | None = None


class Remember(BaseModel):
    model_config = ConfigDict(extra="forbid")

    remember: bool
