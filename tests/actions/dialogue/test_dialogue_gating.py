"""Two witnesses of whether a sentence is ours: search and the act classifier."""

from __future__ import annotations

import datetime as dt

import pytest
from dialogue_world import Stage, entry, service

from actions.dialogue.gating import guess, meant_after_all
from actions.engine.context import TurnInput
from knowledge.schemas import Resolution, Trace

NOW = dt.datetime(2026, 11, 18, 10)


def refused(in_scope: float, probability: float, outside: str | None = "near_miss") -> Resolution:
    found = [service("wjw-05", probability)]
    return Resolution.model_validate(
        {"text": "x", "normalized": "x", "decision": "none", "in_scope": in_scope, "outside": outside,
         "services": [one.model_dump() for one in found], "entries": [], "best": None, "choices": []}
    )  # fmt: skip


def trace(owner: str, dense: float) -> Trace:
    return Trace(id=owner, matched="x", dense=dense, lexical=0.1, probability=0.95)


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


@pytest.mark.parametrize(
    ("act", "in_scope", "dense", "outside", "asked_back"),
    [
        ("ask", 0.47, 0.88, "near_miss", True),
        ("out_of_scope", 0.47, 0.88, "near_miss", True),  # the classifier alone does not know the subjects
        ("ask", 0.47, 0.7, "near_miss", False),  # not like anything known
        ("ask", 0.2, 0.88, "near_miss", False),  # not narrow
        ("ask", 0.47, 0.88, "other_place", False),
        ("chitchat", 0.47, 0.88, "chitchat", False),
    ],
)
def test_a_guess(act: str, in_scope: float, dense: float, outside: str, asked_back: bool) -> None:
    resolution = refused(in_scope, 0.3, outside).model_copy(
        update={"entries": [entry(probability=0.95)], "trace": [trace("qa-x-001", dense)]}
    )
    found = guess(TurnInput(conversation_id="c", text="x", act=act, now=NOW), resolution)
    assert (found is not None) == asked_back


async def test_a_guess_is_agreed_to(stage: Stage) -> None:
    stage.search.found, stage.search.decision, stage.search.in_scope = [entry()], "none", 0.4
    stage.search.found = [entry(probability=0.95)]
    stage.search.spelling = {"trace": [trace("qa-x-001", 0.9)], "outside": "near_miss"}
    await stage.hear("这个月水钱往哪给", "ask").run("action_answer")
    assert stage.turn["status"] == "clarify"
    assert stage.text == "您是想问这个吗？"
    await stage.hear("对", "choose").run("action_choose")
    assert stage.turn["status"] == "answered"
    assert "手机上交" in stage.text
