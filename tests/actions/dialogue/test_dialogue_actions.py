"""Each act, on a stage without Rasa: what is said, what is kept, what runs next."""

from __future__ import annotations

from typing import Any

import pytest
from dialogue_world import Stage, entry, service
from engine_world import HOSPITAL, ID_NO, PHONE, WATER

from actions.dialogue.rasa_actions import ACTIONS, FIELD, FORM
from api.conversations.payloads import PRESS
from nlu.acts import FORM_ACTS
from wenban.turns import Reply

FULL = f"明天上午去人民医院挂个骨科，王秀兰，身份证{ID_NO}，电话{PHONE}"


async def started(stage: Stage, text: str = "明天上午去人民医院挂个骨科", service_id: str = HOSPITAL) -> Stage:
    stage.search.found, stage.search.decision = [service(service_id)], "answer"
    await stage.hear(text, "start").run("action_start")
    assert stage.followup == FORM
    await stage.in_form().run(f"action_ask_{FORM}_{FIELD}")
    return stage


def in_order(stage: Stage) -> None:
    """What was said is a reply that the API passes on, and every button is one that it takes back."""
    Reply.model_validate({"messages": stage.messages, "turn": stage.turn})
    for payload in stage.buttons:
        PRESS.validate_python(payload)


def test_every_action_has_a_name_of_its_own() -> None:
    names = [action().name() for action in ACTIONS]
    assert len(names) == len(set(names))


async def test_a_start_opens_the_form(stage: Stage) -> None:
    await started(stage)
    assert stage.turn["awaiting"] == "name"
    assert stage.turn["service_id"] == HOSPITAL
    assert stage.turn["slots"]["department"] == "骨科"
    in_order(stage)


async def test_the_opening_sentence_is_not_an_answer(stage: Stage) -> None:
    stage.search.found = [service("cgj-04")]
    await stage.hear("我要反映问题", "start").run("action_start")
    await stage.run(f"validate_{FORM}")
    assert stage.slots["requested_slot"] == FIELD
    assert stage.desk["matter"]["values"] == {}


async def test_the_choice_that_opens_a_form_is_not_an_answer(stage: Stage) -> None:
    stage.search.found, stage.search.decision = [service(WATER, 0.5), service(HOSPITAL, 0.4)], "clarify"
    await stage.hear("我要办那个", "start").run("action_start")
    assert stage.desk["choices"]
    await stage.hear("第一个", "choose", "m7").run("action_choose")
    assert stage.followup == FORM
    await stage.in_form().run(f"action_ask_{FORM}_{FIELD}")
    field = stage.turn["awaiting"]
    await stage.run(f"validate_{FORM}")
    assert stage.desk["matter"]["attempts"] == {}, "nothing was answered, so nothing was refused"
    assert stage.slots["requested_slot"] == FIELD
    await stage.hear("户号10023345", "inform", "m8").run(f"validate_{FORM}")
    assert field in stage.desk["matter"]["values"], "the next sentence is an answer"


async def test_a_sentence_is_given_to_the_engine_once(stage: Stage) -> None:
    await started(stage)
    await stage.hear("王秀兰", "inform", "m1").run(f"validate_{FORM}")
    assert stage.desk["matter"]["values"]["name"] == "王秀兰"
    await stage.hear("李建国", "inform", "m1").run(f"validate_{FORM}")
    assert stage.desk["matter"]["values"]["name"] == "王秀兰"
    assert stage.said == []


@pytest.mark.parametrize("act", ["ask", "start", "query", "human", "chitchat", "repeat", "out_of_scope"])
async def test_what_is_no_form_act_changes_no_value(stage: Stage, act: str) -> None:
    await started(stage)
    before = stage.desk["matter"]["values"]
    await stage.hear("王秀兰后天", act).run(f"validate_{FORM}")
    assert act not in FORM_ACTS
    assert stage.desk["matter"]["values"] == before
    assert stage.said == []


async def test_confirm_performs_and_leaves_the_form(stage: Stage) -> None:
    await started(stage, FULL)
    assert stage.turn["status"] == "confirm"
    await stage.hear("确认", "confirm").run(f"validate_{FORM}")
    assert stage.slots["requested_slot"] is None
    await stage.run("action_perform")
    assert stage.turn["status"] == "done"
    assert stage.turn["receipt"].startswith("GH")
    assert stage.loop == {}
    assert stage.followup == "action_listen"
    assert stage.desk["matter"] is None
    in_order(stage)
    await stage.run("action_perform")
    assert stage.world.count("seats") == 1


async def test_a_department_that_is_down_keeps_the_review_open(stage: Stage) -> None:
    await started(stage, FULL)
    stage.world.fault("hospital", "down", "book")
    await stage.hear("确认", "confirm").run(f"validate_{FORM}")
    await stage.run("action_perform")
    assert stage.turn["status"] == "error"
    assert stage.loop == {"name": FORM}
    assert stage.slots["requested_slot"] == FIELD
    assert stage.desk["awaiting"]["phase"] == "confirm"
    in_order(stage)
    await stage.hear("", "confirm", do="confirm").run(f"validate_{FORM}")
    await stage.run("action_perform")
    assert stage.turn["status"] == "done"


@pytest.mark.parametrize("name", ["action_start", f"validate_{FORM}", f"action_ask_{FORM}_{FIELD}", "action_perform"])
async def test_a_bug_costs_one_sentence_not_the_form(stage: Stage, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    await started(stage, FULL)
    if name == "action_perform":
        await stage.hear("确认", "confirm").run(f"validate_{FORM}")
    before = stage.desk["matter"]["values"]

    async def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("a bug")

    for method in ("open", "take", "ask", "perform"):
        monkeypatch.setattr(stage.world.engine, method, broken)
    await stage.hear("后天", "start" if name == "action_start" else "correct").run(name)
    assert "出了点问题" in stage.text
    assert stage.turn["status"] == "error"
    assert "a bug" not in str(stage.said)
    assert stage.desk["matter"]["values"] == before


async def test_when_there_is_nothing_to_pay_the_form_is_left(stage: Stage) -> None:
    stage.search.found = [service(WATER)]
    await stage.hear("交水费，户号10035568", "start").run("action_start")
    if stage.followup == FORM:
        await stage.in_form().run(f"action_ask_{FORM}_{FIELD}")
    assert "没有要交的账单" in stage.text
    assert stage.desk["matter"] is None
    assert stage.loop == {}, "the loop stays active, so that the next sentence is swallowed"


async def test_questions_are_answered_by_what_they_are_about(stage: Stage) -> None:
    stage.search.found = [entry(service_id=WATER)]
    await stage.hear("水费咋交", "ask").run("action_answer")
    assert [message["type"] for message in stage.messages] == ["answer"]
    assert stage.turn["sources"][0]["id"] == "qa-x-001"
    assert stage.followup == "action_listen"
    in_order(stage)
    stage.search.found = [service(WATER)]
    await stage.hear("水费咋交", "ask").run("action_answer")
    assert [message["type"] for message in stage.messages] == ["service"]
    assert stage.desk["focus"] == WATER
    in_order(stage)


async def test_close_candidates_are_asked_about(stage: Stage) -> None:
    stage.search.found = [service(WATER, 0.4), service("zjj-06", 0.35), service("zjj-05", 0.3), service("zjj-04", 0.2)]
    stage.search.decision = "clarify"
    await stage.hear("水费", "ask").run("action_answer")
    assert stage.turn["status"] == "clarify"
    assert [p["value"] for p in stage.buttons if p["do"] == "choose"] == [WATER, "zjj-06", "zjj-05"]
    assert stage.desk["awaiting"]["phase"] == "choosing"
    in_order(stage)
    await stage.hear("第二个", "choose").run("action_choose")
    assert stage.desk["focus"] == "zjj-06"
    assert stage.desk["choices"] == []
    await stage.hear("", "choose", do="choose", value=WATER).run("action_choose")
    assert "过期" in stage.text


async def test_a_choice_after_a_wish_starts_it(stage: Stage) -> None:
    stage.search.found, stage.search.decision = [service(WATER, 0.4), service(HOSPITAL, 0.35)], "clarify"
    await stage.hear("我要办那个", "start").run("action_start")
    await stage.hear("", "choose", do="choose", value=WATER).run("action_choose")
    assert stage.desk["matter"]["service_id"] == WATER
    assert stage.followup == FORM


async def test_a_choice_by_number_is_no_answer_to_the_form_that_it_opens(stage: Stage) -> None:
    stage.search.found, stage.search.decision = [service(WATER, 0.4), service(HOSPITAL, 0.35)], "clarify"
    await stage.hear("我要办那个", "start").run("action_start")
    await stage.hear("第一个", "choose").run("action_choose")
    assert stage.desk["matter"]["service_id"] == WATER
    stage.loop = {"name": FORM}
    stage.said = []
    await stage.run(f"validate_{FORM}")
    assert stage.said == []
    assert stage.desk["matter"]["attempts"] == {}


async def test_what_is_unknown_is_said_and_kept(stage: Stage) -> None:
    stage.search.decision, stage.search.found = "none", []
    await stage.hear("小区里的共享洗鞋机扫码以后打不开怎么办", "ask").run("action_answer")
    assert stage.turn["status"] == "no_answer"
    assert "12345" in stage.text
    assert stage.search.unanswered == ["小区里的共享洗鞋机扫码以后打不开怎么办"]
    in_order(stage)
    await stage.hear("还是那个洗鞋机", "ask").run("action_answer")
    assert {"do": "human", "label": "转人工"} in stage.buttons


@pytest.mark.parametrize("act", ["chitchat", "abuse", "injection", "gibberish"])
async def test_what_is_not_ours_is_declined_politely(stage: Stage, act: str) -> None:
    stage.search.decision, stage.search.found, stage.search.in_scope = "none", [], 0.05
    await stage.hear("随便什么", act).run("action_decline")
    assert stage.text
    assert stage.search.unanswered == []
    in_order(stage)


@pytest.mark.parametrize(
    "name", ["action_answer", "action_start", "action_look_up", "action_complain", "action_decline"]
)
async def test_without_search_the_truth_is_said(stage: Stage, name: str) -> None:
    stage.search.down = True
    await stage.hear("水费咋交", "ask").run(name)
    assert "正在恢复" in stage.text
    assert "12345" in stage.text
    assert stage.turn["status"] == "error"


async def test_cancel_offers_what_was_put_aside(stage: Stage) -> None:
    await started(stage)
    await started(stage, "交水费", WATER)
    await stage.hear("算了", "cancel").run("action_cancel")
    assert stage.turn["status"] == "cancelled"
    assert stage.loop == {}
    assert any(payload["do"] == "resume" for payload in stage.buttons)
    in_order(stage)
    await stage.hear("", "resume", do="resume").run("action_resume")
    assert stage.desk["matter"]["service_id"] == HOSPITAL
    assert stage.followup == FORM
    await stage.hear("算了", "cancel").run("action_cancel")
    await stage.hear("算了", "cancel").run("action_cancel")
    assert "没有正在办的事" in stage.text
    await stage.hear("接着办", "resume").run("action_resume")
    assert stage.turn["asks"] == ["service"]


@pytest.mark.parametrize(
    ("text", "service_id"), [("接着办挂号", HOSPITAL), ("水费接着交", WATER), ("接着办", "kjj-03")]
)
async def test_resume_by_name(stage: Stage, text: str, service_id: str) -> None:
    for one in (HOSPITAL, WATER, "kjj-03"):
        await started(stage, "办", one)
    await stage.hear(text, "resume").run("action_resume")
    assert stage.desk["matter"]["service_id"] == service_id
    assert len(stage.desk["parked"]) == 2


async def test_a_person_is_one_sentence_away(stage: Stage) -> None:
    await stage.hear("转人工", "human").run("action_human")
    assert stage.turn["status"] == "handoff"
    assert "12345" in stage.text
    in_order(stage)
    await stage.hear(f"给我回个电话，{PHONE}", "human").run("action_human")
    await stage.in_form().run(f"action_ask_{FORM}_{FIELD}")
    assert stage.turn["status"] == "confirm"
    assert stage.turn["slots"]["phone"] == PHONE
    await stage.hear("对", "confirm").run(f"validate_{FORM}")
    await stage.run("action_perform")
    assert stage.turn["receipt"].startswith("HD")


@pytest.mark.parametrize(
    ("text", "stars"),
    [("给四分", 4), ("五星好评", 5), ("非常不满意", 1), ("不满意", 2), ("非常满意", 5), ("还行吧", 3)],
)
async def test_ratings_in_words(stage: Stage, text: str, stars: int) -> None:
    await stage.hear(text, "rate").run("action_rate")
    assert stage.turn["slots"]["rating"] == stars
    in_order(stage)


async def test_progress_records_and_taking_back(stage: Stage) -> None:
    await stage.hear("我都办过啥", "my_records").run("action_records")
    assert "还没有提交过" in stage.text
    await started(stage, FULL)
    await stage.hear("确认", "confirm").run(f"validate_{FORM}")
    await stage.run("action_perform")
    receipt = stage.turn["receipt"]
    await stage.hear("我刚约的那个成了没", "progress").run("action_progress")
    assert receipt in str(stage.messages)
    in_order(stage)
    await stage.hear("我都办过啥", "my_records").run("action_records")
    assert receipt in str(stage.messages)
    in_order(stage)
    await stage.hear("把号退了吧", "cancel_matter").run("action_cancel_matter")
    assert stage.world.count("seats") == 1, "not without a yes"
    in_order(stage)
    payload = next(payload for payload in stage.buttons if payload["do"] == "cancel_matter")
    await stage.hear("", "cancel_matter", **payload).run("action_cancel_matter")
    assert stage.turn["status"] == "cancelled"
    assert stage.world.count("seats") == 0
    await stage.hear("", "cancel_matter", **payload).run("action_cancel_matter")
    assert "已经取消" in stage.text


async def test_nobody_takes_back_what_is_not_theirs(stage: Stage) -> None:
    await started(stage, FULL)
    await stage.hear("确认", "confirm").run(f"validate_{FORM}")
    await stage.run("action_perform")
    receipt = stage.turn["receipt"]
    stranger = Stage(stage.world)
    dispatched = stranger.hear("", "cancel_matter", do="cancel_matter", value=receipt)
    from rasa_sdk import Tracker

    original = Tracker.__init__

    def other(self: Any, sender_id: str, *args: Any, **kwargs: Any) -> None:
        original(self, "someone-else", *args, **kwargs)

    Tracker.__init__ = other  # type: ignore[method-assign]
    try:
        await dispatched.run("action_cancel_matter")
    finally:
        Tracker.__init__ = original  # type: ignore[method-assign]
    assert stage.world.count("seats") == 1
    assert "取消后不能恢复" not in stranger.text


async def test_repeat_and_voice(stage: Stage) -> None:
    await stage.hear("再说一遍", "repeat").run("action_repeat")
    assert "还没说过" in stage.text
    stage.search.found = [entry()]
    await stage.hear("水费咋交", "ask").run("action_answer")
    said = stage.text
    for _ in range(2):
        await stage.hear("再说一遍", "repeat").run("action_repeat")
        assert stage.text == said
    for act, note in (("slower", "slower"), ("elder_mode", "elder_mode"), ("standard_mode", "standard_mode")):
        await stage.hear("", act).run("action_voice")
        assert stage.turn["note"] == note
        assert stage.desk["elder"] is (act == "elder_mode")
        in_order(stage)


async def test_the_mode_of_the_page_is_kept(stage: Stage) -> None:
    stage.hear("转人工", "human")
    stage.message["metadata"]["mode"] = "elder"
    await stage.run("action_human")
    assert stage.desk["elder"] is True
