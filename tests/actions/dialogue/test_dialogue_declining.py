"""Two witnesses of whether a sentence is ours: search and the act classifier."""

from __future__ import annotations

import datetime as dt

import pytest
from dialogue_world import service

from actions.dialogue.declining import meant_after_all
from actions.engine.context import TurnInput
from knowledge.schemas import Resolution

NOW = dt.datetime(2026, 11, 18, 10)


def refused(in_scope: float, probability: float, outside: str | None = "near_miss") -> Resolution:
    found = [service("wjw-05", probability)]
    return Resolution.model_validate(
        {"text": "x", "normalized": "x", "decision": "none", "in_scope": in_scope, "outside": outside,
         "services": [one.model_dump() for one in found], "entries": [], "best": None, "choices": []}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("act", "in_scope", "probability", "outside", "decision"),
    [
        ("start", 0.33, 0.99, "near_miss", "answer"),
        ("complain", 0.42, 0.95, "insult", "answer"),
        ("ask", 0.33, 0.99, "near_miss", "none"),  # a question does not begin a matter
        ("chitchat", 0.45, 0.99, "chitchat", "none"),
        ("start", 0.2, 0.99, "near_miss", "none"),  # not narrow
        ("start", 0.33, 0.7, "near_miss", "none"),  # which service is open
        ("start", 0.45, 0.99, "other_place", "none"),  # another city's, however it is put
    ],
)
def test_a_narrow_refusal(act: str, in_scope: float, probability: float, outside: str, decision: str) -> None:
    turn = TurnInput(conversation_id="c", text="x", act=act, now=NOW)
    seen = meant_after_all(turn, refused(in_scope, probability, outside))
    assert seen.decision == decision
    assert (seen.best is not None) == (decision == "answer")
