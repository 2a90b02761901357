"""What was heard without certainty and waits for a spoken yes. In memory: after a restart the citizen says it again."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

KEPT_SECONDS = 300.0
MOST = 20_000
_YES = re.compile(
    "^(?:(?:嗯|啊|哎|好|好的|对|对的|是|是的|没错|就是|可以|行|正确|确认|确定|就是这个)(?:了|啊|呀|吧|的)?)+$"
)
_NO = re.compile("^(?:(?:不|不对|不是|错|不是这个|没有|都不是|都不对)(?:了|啊|呀|的)?)+$")
_FIRST = re.compile(r"^(是|就是|我说的是|我要)?(第一|第1|头)(个|句|条)?(吧|的)?$")
_SECOND = re.compile(r"^(是|就是|我说的是|我要)?(第二|第2|后)(个|句|条)?(吧|的)?$")
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


class PendingWords:
    """At most one question a conversation; old ones are forgotten."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, Pending]] = OrderedDict()

    def ask(self, conversation_id: str, readings: tuple[str, ...]) -> None:
        """Remember what the citizen is asked about."""
        self._kept.pop(conversation_id, None)
        self._kept[conversation_id] = (self._clock(), Pending(readings))
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def forget(self, conversation_id: str) -> None:
        self._kept.pop(conversation_id, None)

    def asked(self, conversation_id: str) -> Pending | None:
        """Return what is asked, unless it is too long ago."""
        at, pending = self._kept.get(conversation_id, (0.0, None))
        if pending is None or self._clock() - at > KEPT_SECONDS:
            self.forget(conversation_id)
            return None
        return pending


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
    """Say whether this is a yes, a no or a choice: nobody is asked whether they said yes."""
    bare = _MARKS.sub("", said)
    return any(pattern.match(bare) for pattern in (_YES, _NO, _FIRST, _SECOND))
