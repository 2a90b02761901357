"""What may be chosen, at most three at a time: shown, read as "第一，…", paged by "更多", answered by "第二个".

Elders see three buttons; the standard page shows twelve, of which three are read aloud. A person is never counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.engine.context import Outcome, TurnInput
from actions.engine.state import Desk, Offer
from actions.texts import say
from nlu import commands
from wenban.turns import Choice, Message

MOST, PAGE = 3, 12  # read aloud or shown to elders; shown on the standard page
ORDINALS = "一二三"
APART = frozenset({"human", "more", "sign_in"})  # always there, or not to be done by word of mouth
LISTS = frozenset({"choices", "question"})  # messages that are nothing without their choices


def choosable(message: Message) -> list[Choice]:
    """Return the choices that "第二个" may mean."""
    return [] if message.type == "review" else [c for c in message.choices if c.payload.get("do") not in APART]


def present(desk: Desk, messages: Sequence[Message]) -> bool:
    """Cut the choices of a turn to a page and add them to what is spoken; say whether there were any.

    What can be chosen is remembered on the desk: the last message with choices is the one that is answered.
    """
    if desk.elder:
        for message in messages:
            _plainly(message)
    with_choices = [message for message in messages if choosable(message)]
    for message in with_choices[:-1]:
        if desk.elder:
            kept = choosable(message)[:MOST]
            message.choices = [c for c in message.choices if c in kept or c.payload.get("do") in APART]
    if with_choices:
        _page(desk, with_choices[-1])
    return bool(with_choices)


def _plainly(message: Message) -> None:
    """Elders read what they hear, where that is the shorter way to say it."""
    if message.type in ("text", "notice") and message.speech and len(message.speech) < len(message.text):
        message.text = message.speech


def _page(desk: Desk, message: Message) -> None:
    choices, size, told = choosable(message), MOST, MOST
    if desk.elder and message.type in ("answer", "service"):
        related = [c for c in choices if c.payload.get("do") == "entry"]
        doing = [c for c in choices if c not in related]
        choices = doing + related  # what others ask beside this one comes with "更多"
        size, told = min(len(doing), MOST) or MOST, min(len(doing), MOST)
    if desk.elder:
        choices = [_briefly(choice) for choice in choices]
    offered = [choice.model_dump(mode="json") for choice in choices]
    start = desk.offer.start if desk.offer is not None and desk.offer.choices == offered else 0
    if start:
        size = told = MOST
    aloud = desk.elder or message.type in LISTS
    end = min(start + (size if desk.elder else PAGE), len(choices))
    read = min(start + told, len(choices)) if aloud else len(choices)
    desk.offer = Offer(choices=offered, start=start, shown=end, read=read)
    shown = choices[start:end]
    if start or end < len(choices):
        shown.append(_more_button(len(choices) - end))
    # Those that are always there come last.
    message.choices = [*shown, *(c for c in message.choices if c.payload.get("do") in APART)]
    if aloud:
        _read(message, choices[start:read], start, len(choices) - read)


def _briefly(choice: Choice) -> Choice:
    """Return the button without the name of the matter that the answer is about: "水费查询：怎么办" is "怎么办"."""
    matter, _, what = choice.label.rpartition("：")
    if not matter or choice.payload.get("do") not in ("card", "start"):
        return choice
    return choice.model_copy(update={"label": what})


def _more_button(left: int) -> Choice:
    label = say("choices.button", n=left) if left else say("choices.button_again")
    return Choice(label=label, payload={"do": "more", "label": say("choices.more")})


def _read(message: Message, choices: Sequence[Choice], start: int, left: int) -> None:
    """Add the choices to what is spoken; of a later page only they are spoken."""
    labels = [choice.label.rstrip("。？?！!") for choice in choices]
    listed = "".join(f"第{ORDINALS[i]}，{label}。" for i, label in enumerate(labels))
    spoken = "" if start else _ended(message.speech or message.text)
    if len(labels) == 1 and message.type not in LISTS:
        spoken += say("choices.only", label=labels[0])
    elif labels:
        path = {"choices": "choices.of_question"}.get(message.type, "choices.of_answer")
        spoken += say("choices.of_form" if start or message.type == "question" else path, listed=listed)
    rest = say("choices.rest" if labels else "choices.related") if left else ""
    message.speech = spoken + rest


def _ended(sentence: str) -> str:
    return sentence if not sentence or sentence[-1] in "。？！?!；：" else f"{sentence}。"


def asks_for_more(desk: Desk, turn: TurnInput) -> bool:
    return turn.payload.get("do") == "more" or commands.wants_more(turn.text, desk.offer is not None)


def read_on(desk: Desk) -> Outcome:
    """Offer the next three, and after the last the first again; a form asks its question by itself."""
    offer = desk.offer
    if offer is None or len(offer.choices) <= offer.read - offer.start:
        return Outcome([Message(type="text", text=say("choices.none"), speech=say("choices.none"))])
    turn_over(desk, offer.read if offer.read < len(offer.choices) else 0)
    if desk.matter is not None:
        return Outcome()
    return again(desk)


def again(desk: Desk) -> Outcome:
    """Show the page of choices that is open."""
    assert desk.offer is not None
    choices = [Choice.model_validate(choice) for choice in desk.offer.choices]
    message = Message(type="choices", text=say("choices.title"), speech=say("choices.title"), choices=choices)
    return Outcome([message], {"status": "clarify", "note": "more"})


def turn_over(desk: Desk, start: int) -> None:
    assert desk.offer is not None
    desk.offer.start = start


def page_before(desk: Desk) -> bool:
    """Go back by a page, if there is one."""
    if desk.offer is None or desk.offer.start == 0:
        return False
    turn_over(desk, max(desk.offer.start - MOST, 0))
    return True


def picked(desk: Desk, text: str, strictly: bool = False) -> dict[str, Any] | None:
    """Return the payload of the button that a sentence names by its place among those just read, or by its label."""
    if desk.offer is None or not text.strip():
        return None
    choices, said = desk.offer.choices, text.strip("，,。.！!？? ")
    just_read = choices[desk.offer.start : desk.offer.shown]
    for among in (just_read, choices):  # "第五个" of a list that was read on counts from its beginning
        if (at := commands.position(text, len(among), strictly)) is not None:
            return dict(among[at]["payload"])
    return next((dict(choice["payload"]) for choice in choices if choice["label"] == said), None)
