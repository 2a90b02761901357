"""Buttons: what a client may send back as ``payload``, one model a kind of press."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

ItemId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
FieldId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
ShortText = Annotated[str, StringConstraints(max_length=1000)]
Number = (
    Annotated[int, Field(ge=-(10**15), le=10**15)] | Annotated[float, Field(allow_inf_nan=False, ge=-1e15, le=1e15)]
)
Value = ShortText | bool | Number | Annotated[list[ShortText], Field(max_length=50)]


class Press(BaseModel):
    """A press on a button; ``label`` is what the citizen saw on it."""

    model_config = ConfigDict(extra="forbid")

    service_id: ItemId | None = None
    entry_id: ItemId | None = None
    field: FieldId | None = None
    value: Value | None = None
    label: Annotated[str, StringConstraints(max_length=200)] | None = None


class ServicePress(Press):
    do: Literal["start", "card"]
    service_id: ItemId


class EntryPress(Press):
    do: Literal["entry"]
    entry_id: ItemId


class FieldPress(Press):
    do: Literal["field"]
    field: FieldId
    value: Value


class EditPress(Press):
    do: Literal["edit"]
    field: FieldId


class ValuePress(Press):
    do: Literal["say", "cancel_matter", "sign_in"]
    value: Value


class PlainPress(Press):
    do: Literal[
        "ask",
        "confirm",
        "cancel",
        "human",
        "choose",
        "resume",
        "back",
        "progress",
        "rate",
        "records",
        "theme",
        "attach",
        "more",
    ]


AnyPress = Annotated[
    ServicePress | EntryPress | FieldPress | EditPress | ValuePress | PlainPress, Field(discriminator="do")
]
PRESS: TypeAdapter[AnyPress] = TypeAdapter(AnyPress)

# What is shown as the citizen's own words when a button carries no label.
DEFAULT_LABELS = {
    "start": "开始办理",
    "ask": "怎么办",
    "entry": "查看这个问题",
    "card": "查看这个事项",
    "edit": "修改",
    "confirm": "确认提交",
    "cancel": "取消",
    "human": "转人工",
    "choose": "选择",
    "resume": "继续办理",
    "rate": "评价",
    "back": "上一步",
    "progress": "查看进度",
    "records": "我的办件",
    "cancel_matter": "确定取消",
    "sign_in": "登录",
    "theme": "一件事",
    "attach": "上传文件",
    "more": "更多",
}


def shown(press: Press) -> str:
    """Return the words that stand in the conversation for a press."""
    if press.label:
        return press.label
    value: Any = press.value
    if isinstance(value, bool):
        return "是" if value else "否"
    if value not in (None, "", []):
        return "、".join(value) if isinstance(value, list) else str(value)
    return DEFAULT_LABELS.get(getattr(press, "do", ""), "确定")
