"""Words that were corrected or are in doubt: what the citizen is told and asked."""

from __future__ import annotations

from typing import Any

import pytest
from dialogue_world import Stage, entry, service
from engine_world import HOSPITAL, WATER

from api.conversations.payloads import PRESS

DOUBT = "您是不是想说“养老保险”、“医疗保险”？"
READINGS = ["养老保险怎么交", "医疗保险怎么交"]
CORRECTED = {"original": "设保卡", "corrected": "社保卡", "score": 0.8, "kind": "sound", "sure": True}
POSSIBLE = {"original": "ylbx", "corrected": "养老保险", "score": 0.7, "kind": "initials", "sure": False}


def doubtful(stage: Stage, readings: list[str] | None = None) -> None:
    stage.search.spelling = {"suggestion": DOUBT, "slips": [POSSIBLE], "readings": readings or READINGS}


async def test_a_word_in_doubt_is_asked_about_instead_of_a_refusal(stage: Stage) -> None:
    doubtful(stage)
    stage.search.found, stage.search.decision, stage.search.in_scope = [], "none", 0.1
    await stage.hear("ylbx怎么交", "gibberish").run("action_decline")
    assert stage.text == DOUBT
    assert stage.turn["status"] == "clarify"
    assert [button["value"] for button in stage.buttons] == READINGS
    for payload in stage.buttons:
        assert PRESS.validate_python(payload)


@pytest.mark.parametrize(("said", "index"), [("第二个", 1), ("养老保险", 0)])
async def test_a_reading_is_picked_by_voice(stage: Stage, said: str, index: int) -> None:
    doubtful(stage)
    stage.search.found, stage.search.decision = [], "none"
    await stage.hear("ylbx怎么交", "ask").run("action_answer")
    stage.search.spelling, stage.search.found, stage.search.decision = {}, [service("zjj-07")], "answer"
    await stage.hear(said, "choose").run("action_choose")
    assert stage.search.asked[-1] == READINGS[index]
    assert stage.turn["status"] == "answered"
    assert stage.desk["choices"] == []


@pytest.mark.parametrize(("said", "taken"), [("对", True), ("是的。", True), ("不对", False)])
async def test_yes_takes_the_only_reading(stage: Stage, said: str, taken: bool) -> None:
    doubtful(stage, READINGS[:1])
    stage.search.found, stage.search.decision = [], "none"
    await stage.hear("ylbx怎么交", "ask").run("action_answer")
    await stage.hear(said, "choose").run("action_choose")
    assert (stage.search.asked[-1] == READINGS[0]) is taken


async def test_below_an_answer_it_is_an_offer(stage: Stage) -> None:
    doubtful(stage)
    stage.search.found = [entry()]
    await stage.hear("ylbx怎么交", "ask").run("action_answer")
    assert stage.turn["status"] == "answered"
    assert [message["type"] for message in stage.messages] == ["answer", "choices"]
    assert stage.desk["awaiting"] is None, "the answer stands; nothing has to be chosen"


@pytest.mark.parametrize(
    ("found", "decision", "told"),
    [
        ([entry(probability=0.95)], "answer", False),  # it was understood: no word about the spelling
        ([entry(probability=0.6)], "answer", True),
        ([service(WATER, 0.5), service(HOSPITAL, 0.4)], "clarify", True),
        ([], "none", True),
    ],
)
async def test_a_correction_is_told_when_the_result_is_unsure(
    stage: Stage, found: list[Any], decision: str, told: bool
) -> None:
    stage.search.spelling = {"normalized": "社保卡怎么弄", "slips": [CORRECTED]}
    stage.search.found, stage.search.decision = found, decision
    await stage.hear("设保卡怎么弄", "ask").run("action_answer")
    assert ("您说的是“社保卡怎么弄”吧？" in stage.text) is told


async def test_nothing_is_asked_about_words_in_the_middle_of_a_form(stage: Stage) -> None:
    doubtful(stage)
    stage.search.found = [service(HOSPITAL)]
    await stage.hear("挂个骨科", "start").run("action_start")
    assert stage.desk["matter"]
    assert DOUBT not in stage.text


async def test_related_questions_below_every_kind_of_answer(stage: Stage) -> None:
    stage.search.related = [entry(f"qa-x-00{n}") for n in range(1, 5)]
    for found, text in ((entry(), "怎么交水费"), (service("zjj-07"), "暖气费"), (service("zjj-07"), "暖气费要带什么")):
        stage.search.found = [found]
        await stage.hear(text, "ask").run("action_answer")
        related = [button["entry_id"] for button in stage.buttons if button["do"] == "entry"]
        assert related == ["qa-x-001", "qa-x-002", "qa-x-003"], text
