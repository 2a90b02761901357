"""What was heard without certainty and waits for a spoken yes: the last answer of the conversation asks about it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

from api.conversations.schemas import HistoryItem

KEPT_SECONDS = 300.0
UNCERTAIN = "heard_uncertain"
_YES = re.compile(
    "^(?:(?:嗯|啊|哎|好|好的|对|对的|是|是的|没错|就是|可以|行|正确|确认|确定|就是这个)(?:了|啊|呀|吧|的)?)+$"
)
_NO = re.compile("^(?:(?:不|不对|不是|错|不是这个|没有|都不是|都不对)(?:了|啊|呀|的)?)+$")
_FIRST = re.compile(r"^(是|就是|我说的是|我要)?(第一|第1|头)(个|句|条)?(吧|的)?$")
_SECOND = re.compile(r"^(是|就是|我说的是|我要)?(第二|第2|后)(个|句|条)?(吧|的)?$")
_MORE = re.compile(r"^.{0,2}(更多)+$|^还有(别的|其他的?)?(吗|么|没有)?$")
_MARKS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Pending:
    """The readings that the citizen was asked about, in the order in which they were read."""

    readings: tuple[str, ...]


@dataclass(frozen=True)
class Settled:
    """What a spoken answer made of the question: the words meant, ``again``, or something new altogether."""

    kind: Literal["words", "again", "new"]
    words: str = ""


def pending_of(last: HistoryItem | None, now: dt.datetime) -> Pending | None:
    """Return what the last answer asked about, unless it is too long ago: it is kept with the conversation."""
    if last is None or last.turn is None or last.turn.note != UNCERTAIN:
        return None
    if (now - last.created_at).total_seconds() > KEPT_SECONDS:
        return None
    choices = [choice for message in last.messages for choice in message.choices]
    return Pending(tuple(str(choice.payload["value"]) for choice in choices if choice.payload.get("do") == "say"))


def settle(pending: Pending, said: str) -> Settled:
    """Read a spoken answer to "您说的是……，对吗？"."""
    bare = _MARKS.sub("", said)
    if _NO.match(bare):
        return Settled("again")
    if _SECOND.match(bare) and len(pending.readings) > 1:
        return Settled("words", pending.readings[1])
    if _FIRST.match(bare) or (_YES.match(bare) and len(pending.readings) == 1):
        return Settled("words", pending.readings[0])
    return Settled("new")


def is_plain_answer(said: str) -> bool:
    """Say whether this is a yes, a no, a choice or "更多": nobody is asked whether they said yes."""
    bare = _MARKS.sub("", said)
    return any(pattern.match(bare) for pattern in (_YES, _NO, _FIRST, _SECOND, _MORE))
