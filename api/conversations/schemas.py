"""What the conversation endpoints take and give."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from api.conversations.payloads import AnyPress, ValuePress, shown
from api.text import clean, is_blank
from wenban.settings import get_settings
from wenban.turns import Message, Turn

Mode = Literal["standard", "elder"]
ClientId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]


def check_text(text: str) -> str:
    """Return what a citizen typed, cleaned; raise with a Chinese sentence when it is empty or too long."""
    limit = get_settings().max_text_length
    text = clean(text)
    if is_blank(text):
        raise PydanticCustomError("empty_message", "没有收到内容，请用一句话说说您要办什么事。")
    if len(text) > limit:
        raise PydanticCustomError(
            "text_too_long",
            "一次最多输入 {limit} 个字，您输入了 {length} 个字，请简短一些或分几次说。",
            {"limit": limit, "length": len(text)},
        )
    return text


class TurnRequest(BaseModel):
    """A citizen's turn: words, or a press on a button. ``client_id`` makes a repeated request harmless."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": "水费咋交"}, {"payload": {"do": "human"}}]}
    )

    text: str | None = Field(None, description="1–1000 characters after trimming")
    payload: AnyPress | None = None
    mode: Mode = "standard"
    client_id: ClientId | None = None

    @field_validator("text")
    @classmethod
    def _text(cls, value: str | None) -> str | None:
        return None if value is None else check_text(value)

    @model_validator(mode="after")
    def _one_of(self) -> TurnRequest:
        if (self.text is None) == (self.payload is None):
            raise PydanticCustomError("text_or_payload", "请发送一句话（text）或一个按钮（payload），两者选一。")
        if isinstance(self.payload, ValuePress) and self.payload.do == "say":
            # "say" is a button that types for the citizen: from here on it is text.
            self.text, self.payload = check_text(str(self.payload.value)), None
        return self

    @property
    def words(self) -> str:
        """What stands in the conversation as the citizen's words."""
        if self.payload is None:
            return self.text or ""
        return clean(shown(self.payload)) or "确定"

    def payload_json(self) -> dict[str, Any] | None:
        return None if self.payload is None else self.payload.model_dump(exclude_none=True)


class ConversationCreated(BaseModel):
    """``conversation_id`` is the capability: keep it secret. ``token`` is the same, signed, for a cookie."""

    conversation_id: str
    token: str


class HistoryItem(BaseModel):
    """One side's part of a turn: ``text`` is the citizen's, ``messages`` and ``turn`` the assistant's."""

    id: int
    role: Literal["citizen", "assistant"]
    created_at: dt.datetime
    text: str | None = None
    messages: list[Message] = Field(default_factory=list)
    turn: Turn | None = None
    helpful: bool | None = None


class History(BaseModel):
    messages: list[HistoryItem]


class FeedbackRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    message_id: Annotated[int, Field(ge=1, le=2**53)]
    helpful: bool
    reason: Annotated[str, StringConstraints(max_length=500)] | None = None

    @field_validator("reason")
    @classmethod
    def _reason(cls, value: str | None) -> str | None:
        return clean(value) or None if value else None
