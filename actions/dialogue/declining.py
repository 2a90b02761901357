"""What to say when there is no answer: each reason in its own way, and never an invention."""

from __future__ import annotations

import contextlib
import re
from typing import Any

from actions.dialogue.cards import human_button
from actions.dialogue.gating import BEGINS, BY_ACT, ONE_SERVICE
from actions.engine.context import Outcome, TurnInput, text_message
from actions.engine.state import Desk
from actions.texts import lookup, say
from knowledge.client import KnowledgeClient, KnowledgeUnavailable
from knowledge.schemas import Resolution
from nlu.cues import YES
from nlu.entities import extract, parse_ordinal
from wenban.turns import Choice

QUIET = frozenset({"chitchat", "insult", "injection", "gibberish", "politics"})
IN_SCOPE_AFTER_ALL = 0.35
# "闺女想帮我办", "能让儿子替我弄不": how a relative may help is no matter of its own.
FAMILY = re.compile(
    r"亲友代办|(闺女|女儿|儿子|孩子|孙(子|女)|外孙|老伴儿?|家(里)?人|亲戚|邻居).{0,4}(帮|替|代)(着|我|俺|忙)*.{0,3}(办|弄|交|填|操作)"
)
MOST_GUESSES = 2  # then a person is the better answer
BARELY = 0.05  # below this a sentence is somewhere else altogether
# What people give to a form; said where none is open, it names no matter.
VALUES = {
    "person": "姓名", "id_no": "身份证号", "phone": "电话号码", "date": "日期", "period": "时间", "time": "时间",
    "place": "地点", "plate": "车牌号", "account": "户号", "amount": "金额",
}  # fmt: skip
_FILLING = re.compile(r"[\W_]|[我俺叫是的在到去就那吧了呀啊呢嗯]|本人|自己")


def only_values(desk: Desk, turn: TurnInput, resolution: Resolution) -> Outcome | None:
    """Say that "齐建军，371302…" names no matter; None where there is more than values, or they continue something."""
    if desk.matter is not None or (resolution.best is not None and resolution.best.service_id == desk.focus):
        return None
    found = [one for one in extract(turn.text, turn.now) if one.type in VALUES]
    left = turn.text
    for one in sorted(found, key=lambda one: -one.start):
        left = left[: one.start] + left[one.end :]
    if not found or _FILLING.sub("", left):
        return None
    said = "和".join(dict.fromkeys(VALUES[one.type] for one in found))
    return Outcome([text_message(say("no_answer.only_values", said=said))], {"status": "clarify", "asks": ["service"]})


async def decline(knowledge: KnowledgeClient, desk: Desk, turn: TurnInput, resolution: Resolution) -> Outcome:
    """Say why not, and keep the question for staff where it may have been a fair one."""
    reason = BY_ACT.get(turn.act) or resolution.outside
    fair = resolution.in_scope >= IN_SCOPE_AFTER_ALL and reason not in QUIET
    if fair or (turn.act != "out_of_scope" and turn.act not in BY_ACT and reason not in lookup("outside")):
        reason = None
    suggestion = _suggestions(resolution)
    if _answers(turn.text.strip()):
        return Outcome([text_message(say("no_answer.unclear"))], {"status": "clarify", "asks": ["service"]})
    if reason not in QUIET and FAMILY.search(turn.text):
        message = text_message(say("no_answer.family"), choices=[human_button()])
        return Outcome([message], {"status": "answered", "note": "family"})
    unsure = desk.elder and desk.misses < MOST_GUESSES and turn.act in BEGINS and reason in (None, "chitchat")
    if unsure and (nearest := suggestion or _sure(resolution)):
        return await _guess(knowledge, desk, turn, resolution, nearest)
    if reason in QUIET:
        angry = reason == "insult"
        fields: dict[str, Any] = {"status": "chitchat" if reason == "chitchat" else "no_answer", "note": reason}
        if angry:
            fields["asks"] = ["human"]
        return Outcome([text_message(say(f"outside.{reason}"), choices=[human_button()] if angry else [])], fields)
    desk.misses += 1
    with contextlib.suppress(KnowledgeUnavailable):  # the answer does not depend on our book-keeping
        await knowledge.record_unanswered(turn.conversation_id, turn.text, resolution)
    if desk.misses >= 2:
        text = say("no_answer.again")
        return Outcome(
            [text_message(text, choices=[human_button(), *suggestion])], {"status": "no_answer", "asks": ["human"]}
        )
    if reason is not None:
        return Outcome(
            [text_message(say(f"outside.{reason}"), choices=suggestion)], {"status": "no_answer", "note": reason}
        )
    if len(turn.text) < 16 and resolution.in_scope < 0.5:
        return Outcome(
            [text_message(say("no_answer.unclear"), choices=[*suggestion, human_button()])],
            {"status": "no_answer", "asks": ["service"]},
        )
    message = text_message(say("no_answer.text"), say("no_answer.speech"), choices=[*suggestion, human_button()])
    return Outcome([message], {"status": "no_answer", "asks": ["human"]})


def _answers(text: str) -> bool:
    """Say whether a sentence answers a question that was not asked ("对", "第一个")."""
    return YES.match(text) is not None or (len(text) <= 4 and parse_ordinal(text, 9) is not None)


async def _guess(
    knowledge: KnowledgeClient, desk: Desk, turn: TurnInput, resolution: Resolution, nearest: list[Choice]
) -> Outcome:
    """Ask an elder whether it is this: easier to answer than to find other words."""
    with contextlib.suppress(KnowledgeUnavailable):
        await knowledge.record_unanswered(turn.conversation_id, turn.text, resolution)
    desk.misses += 1
    message = text_message(say("no_answer.guess"), choices=[*nearest, human_button()])
    return Outcome([message], {"status": "no_answer", "asks": ["service", "human"]})


def _sure(resolution: Resolution) -> list[Choice]:
    """Return the one service that the words name, also where the rest of the sentence sounds like small talk."""
    best = resolution.services[0] if resolution.services else None
    if best is None or best.probability < ONE_SERVICE or resolution.in_scope < BARELY:
        return []
    return [Choice(label=best.title, payload={"do": "card", "service_id": best.id, "label": best.title})]


def _suggestions(resolution: Resolution) -> list[Choice]:
    """Offer the nearest services as a guess, clearly as questions, when they are near enough to help."""
    if resolution.in_scope < 0.2:
        return []
    return [
        Choice(label=c.title, payload={"do": "card", "service_id": c.id, "label": c.title})
        for c in resolution.services[:2]
        if c.probability >= 0.25
    ]
