"""What to say when there is no answer: each reason in its own way, and never an invention."""

from __future__ import annotations

import contextlib
from typing import Any

from actions.dialogue.cards import human_button
from actions.engine.context import Outcome, TurnInput, text_message
from actions.engine.state import Desk
from actions.texts import lookup, say
from knowledge.client import KnowledgeClient, KnowledgeUnavailable
from knowledge.schemas import Resolution
from wenban.turns import Choice

BY_ACT = {"chitchat": "chitchat", "abuse": "insult", "injection": "injection", "gibberish": "gibberish"}
QUIET = frozenset({"chitchat", "insult", "injection", "gibberish", "politics"})
IN_SCOPE_AFTER_ALL = 0.35
# Search and the act classifier are two witnesses. Where search alone would refuse, but narrowly, and one service is
# sure, a sentence that the classifier hears as the beginning of a matter is taken as one.
BEGINS = frozenset({"start", "query", "progress", "complain"})
NARROWLY = 0.3
ONE_SERVICE = 0.9
MOST_GUESSES = 2  # then a person is the better answer
BARELY = 0.05  # below this a sentence is somewhere else altogether


def meant_after_all(turn: TurnInput, resolution: Resolution) -> Resolution:
    """Return the resolution that both witnesses together make of the sentence."""
    best = resolution.services[0] if resolution.services else None
    if (
        resolution.decision != "none"
        or best is None
        or turn.act not in BEGINS
        or resolution.in_scope < NARROWLY
        or best.probability < ONE_SERVICE
        or resolution.outside == "other_place"
    ):
        return resolution
    return resolution.model_copy(update={"decision": "answer", "best": best, "outside": None})


async def decline(knowledge: KnowledgeClient, desk: Desk, turn: TurnInput, resolution: Resolution) -> Outcome:
    """Say why not, and keep the question for staff where it may have been a fair one."""
    reason = BY_ACT.get(turn.act) or resolution.outside
    fair = resolution.in_scope >= IN_SCOPE_AFTER_ALL and reason not in QUIET
    if fair or (turn.act != "out_of_scope" and turn.act not in BY_ACT and reason not in lookup("outside")):
        reason = None
    suggestion = _suggestions(resolution)
    unsure = desk.elder and desk.misses < MOST_GUESSES and turn.act in BEGINS and reason in (None, "chitchat")
    if unsure and (guess := suggestion or _sure(resolution)):
        return await _guess(knowledge, desk, turn, resolution, guess)
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


async def _guess(
    knowledge: KnowledgeClient, desk: Desk, turn: TurnInput, resolution: Resolution, guess: list[Choice]
) -> Outcome:
    """Ask an elder whether it is this: easier to answer than to find other words."""
    with contextlib.suppress(KnowledgeUnavailable):
        await knowledge.record_unanswered(turn.conversation_id, turn.text, resolution)
    desk.misses += 1
    message = text_message(say("no_answer.guess"), choices=[*guess, human_button()])
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
