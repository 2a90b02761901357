"""Declarations: the YAML documents that say what a service is and what the Q&A base holds.

A service is one file ``content/services/<id>.yaml``; a department's questions are one file
``content/qa/<prefix>.yaml``. Both are validated here, strictly: an unknown key is an error, so that a
typing slip in a city's file is reported instead of ignored.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

Kind = Literal["公开", "查询", "咨询", "缴费", "办理", "预约", "亮证", "上报", "投诉", "计算", "导航", "认证", "导览"]
LifeStage = Literal["医", "学", "住", "行", "生", "老", "病", "养"]
FieldType = Literal[
    "text",
    "person",
    "id_no",
    "phone",
    "date",
    "period",
    "time",
    "month",
    "place",
    "choice",
    "number",
    "amount",
    "percent",
    "account",
    "plate",
    "receipt",
    "boolean",
    "bills",
]
SensitiveKind = Literal["id_no", "health", "face", "minor", "location"]
OperationKind = Literal["query", "appointment", "payment", "application", "report", "calculator", "licence", "rating"]

NonEmpty = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
ServiceId = Annotated[str, StringConstraints(pattern=r"^[a-z]+-\d{2,3}$")]
FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Material(Strict):
    """One thing the citizen brings. ``source`` says whether the administration can fetch it itself."""

    name: NonEmpty
    note: str = ""
    source: Literal["本人提供", "数据共享", "电子证照"] = "本人提供"


class Phone(Strict):
    name: NonEmpty
    number: Annotated[str, StringConstraints(pattern=r"^[\d-]{3,13}$")]


class FieldRule(Strict):
    """Bounds on a field beyond its type. ``message`` is the Chinese sentence shown when it is broken."""

    minimum: float | None = None
    maximum: float | None = None
    max_days_ahead: int | None = None
    allow_today: bool = True
    allow_past: bool = False
    pattern: str | None = None
    message: str = ""


class WantedMaterial(Strict):
    """A material that a field asks for.

    ``licence`` is the electronic licence (or shared record) that stands for it, so that it need not be handed in;
    what is not ``asked`` for is only attached where the citizen's licence is there.
    """

    name: NonEmpty
    licence: str = ""
    asked: bool = True

    @model_validator(mode="after")
    def _has_a_use(self) -> WantedMaterial:
        if not self.asked and not self.licence:
            raise ValueError(f"material {self.name!r} is neither asked for nor has a 'licence'")
        return self


class FormField(Strict):
    """One thing a transaction needs to know.

    ``choices_from`` names a connector choice list (``GET /choices/{name}``); ``prefill`` names the profile
    or entity the value may come from; ``when`` asks for the field only if another has one of the values;
    ``personal`` values are encrypted, masked on screen and never logged; ``many`` holds a list; ``wants`` are the
    materials behind a field of materials; ``sensitive`` says what sensitive personal data the value is, beyond what
    its type says, so that it is used with separate consent only.
    """

    name: FieldName
    label: NonEmpty
    type: FieldType
    prompt: NonEmpty
    prompt_spoken: str = ""
    example: str = ""
    required: bool = True
    choices: list[NonEmpty] = Field(default_factory=list)
    choices_from: str | None = None
    prefill: str | None = None
    when: dict[FieldName, list[Any]] = Field(default_factory=dict)
    rule: FieldRule = FieldRule()
    personal: bool = False
    many: bool = False
    wants: list[WantedMaterial] = Field(default_factory=list)
    sensitive: list[SensitiveKind] = Field(default_factory=list)

    @model_validator(mode="after")
    def _choice_has_a_source(self) -> FormField:
        if self.type == "choice" and not self.choices and not self.choices_from:
            raise ValueError(f"choice field {self.name!r} needs 'choices' or 'choices_from'")
        return self


class Operation(Strict):
    """What the connector is asked to do once the form is complete (or, for a query, to look up)."""

    kind: OperationKind
    connector: NonEmpty
    name: NonEmpty
    confirm: bool = True


class Family(Strict):
    """Services that differ in one thing only; when a sentence names none of its cues, the assistant asks which.

    ``field`` names the difference (operator), ``value`` is this service's own (移动), ``cues`` are the words that
    settle it (全球通, 10086).
    """

    name: NonEmpty
    field: FieldName
    value: NonEmpty
    cues: list[NonEmpty] = Field(min_length=1)


class ServiceDeclaration(Strict):
    """Everything the assistant knows about one service."""

    id: ServiceId
    name: NonEmpty
    department: NonEmpty
    kind: Kind
    sample: bool = True
    summary: NonEmpty
    spoken: NonEmpty
    audience: NonEmpty
    conditions: list[NonEmpty] = Field(default_factory=list)
    materials: list[Material] = Field(default_factory=list)
    steps: list[NonEmpty] = Field(default_factory=list)
    fee: NonEmpty
    time_limit: NonEmpty
    legal_basis: list[NonEmpty] = Field(default_factory=list)
    channels: list[NonEmpty] = Field(min_length=1)
    places: list[NonEmpty] = Field(default_factory=list)
    phones: list[Phone] = Field(default_factory=list)
    link: str | None = None
    stage: LifeStage | None = None
    theme: NonEmpty
    identity_level: Annotated[int, Field(ge=0, le=4)] = 0
    aliases: list[NonEmpty] = Field(min_length=4)
    variants: list[NonEmpty] = Field(default_factory=list)
    not_this: list[NonEmpty] = Field(default_factory=list)
    fields: list[FormField] = Field(default_factory=list)
    operation: Operation | None = None
    family: Family | None = None
    confirmation: str = ""
    receipt: str = ""
    follow_ups: list[ServiceId] = Field(default_factory=list)

    @field_validator("aliases", "variants")
    @classmethod
    def _unique(cls, values: list[str]) -> list[str]:
        seen: set[str] = set()
        for value in values:
            if value in seen:
                raise ValueError(f"{value!r} stands twice")
            seen.add(value)
        return values

    @model_validator(mode="after")
    def _fields_are_consistent(self) -> ServiceDeclaration:
        names = [field.name for field in self.fields]
        if len(names) != len(set(names)):
            raise ValueError("two fields share a name")
        for field in self.fields:
            if unknown := set(field.when) - set(names):
                raise ValueError(f"field {field.name!r} depends on unknown field(s) {sorted(unknown)}")
        if self.fields and self.operation is None:
            raise ValueError("fields without an operation")
        return self


class QaDeclaration(Strict):
    """One approved question with its answer.

    ``answer`` is Markdown for the eye (conclusion first), ``spoken`` one or two short sentences for the ear.
    """

    id: Annotated[str, StringConstraints(pattern=r"^qa-[a-z]+-\d{3}$")]
    question: NonEmpty
    variants: list[NonEmpty] = Field(min_length=3)
    answer: NonEmpty
    spoken: NonEmpty
    services: list[ServiceId] = Field(default_factory=list)
    tags: list[NonEmpty] = Field(default_factory=list)
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


class QaFile(Strict):
    """All questions of one department."""

    department: NonEmpty
    sample: bool = True
    source: NonEmpty = "问办示例内容（上线前由主管部门核定）"
    entries: list[QaDeclaration]
