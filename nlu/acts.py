"""Judge a dialogue act in its context.

The classifier hears a sentence alone. What it means depends on what was asked: "两点" in a form is a value, "行"
after a review submits, the same "行" elsewhere is small talk. ``judge`` decides with the classifier's ranking,
the text and the situation, and is a pure function, so that a table can test it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nlu.entities import Entity, extract, parse_as

# Acts that give the form something; every other act interrupts it.
FORM_ACTS = frozenset({"inform", "correct", "confirm", "deny", "skip", "go_back", "review", "choose"})
# Acts about the conversation itself: they mean the same wherever they are said.
CONTROL_ACTS = frozenset(
    {
        "repeat",
        "slower",
        "faster",
        "louder",
        "stop",
        "elder_mode",
        "standard_mode",
        "human",
        "cancel",
        "resume",
        "my_records",
        "rate",
        "cancel_matter",
    }
)
PAYLOAD_ACTS = {
    "start": "start",
    "ask": "ask",
    "entry": "ask",
    "card": "ask",
    "field": "inform",
    "edit": "correct",
    "confirm": "confirm",
    "cancel": "cancel",
    "human": "human",
    "choose": "choose",
    "resume": "resume",
    "rate": "rate",
    "back": "go_back",
    "say": "ask",
    "records": "my_records",
    "cancel_matter": "cancel_matter",
    "progress": "progress",
}
FREE_TEXT = frozenset({"text"})
TYPED = frozenset(
    {
        "person",
        "id_no",
        "phone",
        "date",
        "period",
        "time",
        "month",
        "account",
        "plate",
        "receipt",
        "amount",
        "percent",
        "number",
        "boolean",
        "choice",
        "place",
    }
)

_YES = re.compile(
    r"^(嗯+|对+|行+|中|好+|是的?|可以|没错|没问题|正确|确认|确定|同意|就这样|就这么(着|定了?|办)|定了?|提交|交|付|报|约|办)"
    r"[了吧的啊呀嘞呢哈啦，,。！!、\s]*"
    r"((对|行|中|好|是|可以|没错|没问题|确认|确定|就这样|就这么(着|定了?|办)|提交|交上去|交|付款|付|报上去|报|定|约|办)"
    r"(这[一二两三四五]?笔)?[了吧的啊呀，,。！!、\s]*)*$"
)
_CHANGE = re.compile(
    r"^(哎|嗐|哦|啊)?[，,]?(不对|不是|错了|说错|弄错|改成|改为|换成|更正|应该是|不[，,])|改(成|为|到|一下)|换成|更正|说反了|记岔|数漏"
)
_QUESTION = re.compile(
    r"[吗么呢?？]$|^(怎么|咋|为什么|为啥|什么|啥|多少|几|哪|能不能|可不可以|要不要|是不是|有没有)|(咋|怎么|多少|几天|啥时候|哪里|行不|不行吗|不$)"
)
_CANCEL = re.compile(r"^(算了|不(办|约|交|弄|填|搞)了|取消|退出|先不(办|约|交|弄)了)")
_POLITE = frozenset("的了吧呀啊哦嗯呢就那我是要想把，。,.!！?？、 在去到给")


@dataclass(frozen=True)
class Situation:
    """What the assistant waits for: ``phase`` is "", "filling", "confirm" or "choosing"."""

    phase: str = ""
    field_type: str = ""
    field_name: str = ""
    options: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    done: bool = False

    @classmethod
    def of(cls, desk: Mapping[str, Any]) -> Situation:
        """Read the situation from the conversation's ``desk`` slot."""
        awaiting = desk.get("awaiting") or {}
        return cls(
            awaiting.get("phase", ""),
            awaiting.get("type", ""),
            awaiting.get("name", ""),
            tuple(awaiting.get("options") or ()),
            tuple(awaiting.get("wants") or ()),
            bool(desk.get("done")),
        )


def judge(
    ranking: Mapping[str, float],
    text: str,
    situation: Situation,
    now: datetime,
    payload: Mapping[str, Any] | None = None,
) -> tuple[str, float]:
    """Return (act, confidence)."""
    if payload:
        return PAYLOAD_ACTS.get(str(payload.get("do")), "ask"), 1.0
    act, confidence = _top(ranking)
    text = text.strip()
    if situation.phase == "confirm":
        return _at_confirmation(act, confidence, text, situation, now)
    if situation.phase == "filling":
        return _while_filling(act, confidence, ranking, text, situation, now)
    if situation.phase == "choosing" and (act == "choose" or _chosen(text, situation.options, now)):
        return "choose", max(confidence, 0.9)
    if act in FORM_ACTS and not situation.done:
        return "ask", confidence
    return act, confidence


def _top(ranking: Mapping[str, float]) -> tuple[str, float]:
    if not ranking:
        return "out_of_scope", 0.0
    act = max(ranking, key=lambda name: ranking[name])
    return act, ranking[act]


def _at_confirmation(act: str, confidence: float, text: str, situation: Situation, now: datetime) -> tuple[str, float]:
    if _CANCEL.match(text):
        return "cancel", 1.0
    if _YES.match(text):
        return "confirm", 1.0
    if _CHANGE.search(text) or _wanted(text, situation, now):
        # Values at the review are changes, unless the sentence clearly does something else.
        if act in ("start", "progress", "human", "query") and confidence > 0.6 and not _CHANGE.search(text):
            return act, confidence
        return "correct", max(confidence, 0.8)
    if act == "confirm" and confidence < 0.5:
        return "ask", confidence  # a submission needs a clear yes
    if act in ("inform", "skip", "choose"):
        return "correct", confidence
    return act, confidence


def _while_filling(
    act: str, confidence: float, ranking: Mapping[str, float], text: str, situation: Situation, now: datetime
) -> tuple[str, float]:
    if _CANCEL.match(text):
        return "cancel", 1.0
    if act in CONTROL_ACTS and confidence >= 0.5 and _coverage(text, situation, now) < 0.5:
        return act, confidence
    if _CHANGE.search(text):
        return "correct", max(confidence, 0.8)
    if situation.options and _chosen(text, situation.options, now):
        return "inform", 0.95
    covered = _coverage(text, situation, now)
    if covered >= 0.6:
        return ("correct" if act == "correct" else "inform"), 0.95
    if situation.field_type == "boolean" and act in ("confirm", "deny", "skip"):
        return "inform", 0.95
    if situation.field_type in TYPED and situation.field_type not in ("place", "choice"):
        parsed = parse_as(situation.field_type, text, now)
        said = parsed.value is not None or "said" in parsed.meta
        if said and situation.field_type == "person" and len(text) > 10 and act not in FORM_ACTS:
            said = False
        if said and not _QUESTION.search(text) and act not in ("start", "progress"):
            return ("correct" if act == "correct" else "inform"), 0.9
    if act in FORM_ACTS:
        return act, confidence
    if situation.field_type in FREE_TEXT or situation.field_type == "place":
        asks = act in ("ask", "query", "progress", "start") and confidence >= 0.6 and _QUESTION.search(text)
        strong = act in ("start", "progress", "abuse", "chitchat", "thanks") and confidence >= 0.75
        if not asks and not strong and act != "human":
            return "inform", 0.8
    informs = ranking.get("inform", 0.0) + ranking.get("correct", 0.0)
    if covered > 0.25 and informs >= 0.5 * confidence and not _QUESTION.search(text):
        return "inform", informs
    return act, confidence


def _wanted(text: str, situation: Situation, now: datetime) -> list[Entity]:
    """Return the typed values that the form in hand has a field for."""
    found = extract(text, now, expect=situation.field_type or None)
    return [e for e in found if not situation.wants or e.type in situation.wants or e.type == "tail"]


def _coverage(text: str, situation: Situation, now: datetime) -> float:
    """Return the share of the text, politeness aside, that wanted values cover."""
    spans = [(entity.start, entity.end) for entity in _wanted(text, situation, now)]
    meaningful = [i for i, char in enumerate(text) if char not in _POLITE]
    if not meaningful:
        return 0.0
    return sum(any(start <= i < end for start, end in spans) for i in meaningful) / len(meaningful)


def _chosen(text: str, options: Sequence[str], now: datetime) -> bool:
    if not options or len(text) > 24:
        return False
    return parse_as("choice", text, now, options=list(options)).value is not None
