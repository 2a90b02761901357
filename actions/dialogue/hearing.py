"""When it is not certain that we read the citizen's words right: say how they were read, and ask what was meant."""

from __future__ import annotations

import re
from typing import Any

from actions.engine.context import Outcome, TurnInput, text_message
from actions.engine.state import Awaiting, Desk
from actions.texts import say
from knowledge.schemas import Resolution
from wenban.turns import Choice, Message

YES = re.compile(r"(对|是|嗯|行|好|没错|就是)(的|呀|啊|吧|这个|它|对|是)*[。！!]?")
READING = "reading"  # the kind of a choice that is a sentence said anew
SURE = 0.8  # an answer this probable is not worth doubting for a word
MEANT = frozenset({"ask", "start", "query", "progress", "complain"})  # acts that a reading may keep
QUIET = frozenset({"form", "confirm", "done", "chitchat", "error"})  # statuses of turns that ask something themselves


def unsure(resolution: Resolution) -> bool:
    """Say whether what was found is less than a likely answer."""
    best = resolution.best
    return resolution.decision != "answer" or best is None or best.probability < SURE


def with_doubts(desk: Desk, turn: TurnInput, resolution: Resolution, outcome: Outcome) -> Outcome:
    """Add to ``outcome`` what the citizen should know of the words that were corrected or that are in doubt.

    A correction is told only if the result is unsure. A word in doubt is always asked about: below an answer as an
    offer, in place of a refusal as the question of the turn.
    """
    status = outcome.turn.get("status")
    if status in QUIET or desk.matter is not None or desk.cancelling is not None:
        return outcome
    if any(slip.sure for slip in resolution.slips) and unsure(resolution):
        outcome.messages.insert(0, text_message(say("suggestion", normalized=resolution.normalized)))
    if resolution.suggestion is None or not resolution.readings:
        return outcome
    if status in ("clarify", "handoff"):  # one question at a time
        return outcome
    if status != "no_answer":
        return outcome.add(_question(resolution))
    act = turn.act if turn.act in MEANT else "ask"
    desk.choices = [{"kind": READING, "id": text, "title": text, "act": act} for text in resolution.readings]
    desk.awaiting = Awaiting(phase="choosing", options=list(resolution.readings))
    desk.misses = max(desk.misses - 1, 0)  # asked back, not missed
    fields = {name: value for name, value in outcome.turn.items() if name != "note"}
    return Outcome([_question(resolution)], {**fields, "status": "clarify", "asks": ["service"]})


def _question(resolution: Resolution) -> Message:
    assert resolution.suggestion is not None
    buttons = [Choice(label=text, payload={"do": "say", "value": text, "label": text}) for text in resolution.readings]
    return Message(type="choices", text=resolution.suggestion, speech=resolution.suggestion, choices=buttons)


def agreed(desk: Desk, turn: TurnInput) -> dict[str, Any] | None:
    """Return the only thing on offer when the citizen says no more than yes to it ("对", "是的")."""
    only = desk.choices[0] if len(desk.choices) == 1 else None
    return only if not turn.payload and YES.fullmatch(turn.text.strip()) else None
