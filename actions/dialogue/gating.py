"""A second look at a narrow refusal: taken for what it begins, or asked back as a guess; never answered outright."""

from __future__ import annotations

from actions.engine.context import TurnInput
from knowledge.schemas import Resolution
from wenban.turns import Candidate

# Search and the act classifier are two witnesses. Where search alone would refuse, but narrowly, and one service is
# sure, a sentence that the classifier hears as the beginning of a matter is taken as one.
BEGINS = frozenset({"start", "query", "progress", "complain"})
NARROWLY = 0.3
ONE_SERVICE = 0.9
# A sentence refused as narrowly whose nearest known wording is this like it (cosine), and whose owner this sure, is
# asked back about: "您是想问这个吗". None of 2,300 sentences that are not ours comes so near, elsewhere's apart.
NEAR_ENTRY, NEAR_SERVICE = (0.77, 0.9), (0.85, 0.95)
NOT_GUESSED = frozenset({"other_place", "injection"})
BY_ACT = {"chitchat": "chitchat", "abuse": "insult", "injection": "injection", "gibberish": "gibberish"}


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


def guess(turn: TurnInput, resolution: Resolution) -> Candidate | None:
    """Return what a narrowly refused sentence may have meant, to be asked back, or None."""
    refused = resolution.decision == "none" and resolution.in_scope >= NARROWLY
    if not refused or resolution.outside in NOT_GUESSED or turn.act in BY_ACT:
        return None
    likeness = {trace.id: trace.dense for trace in resolution.trace}
    for candidates, (near, sure) in ((resolution.entries, NEAR_ENTRY), (resolution.services, NEAR_SERVICE)):
        for best in candidates[:1]:
            if best.probability >= sure and likeness.get(best.id, 0.0) >= near:
                return best
    return None
