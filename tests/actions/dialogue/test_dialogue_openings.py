"""How a matter begins: from a bare word, from an answer, and not from a name and a number."""

from __future__ import annotations

import pytest
from dialogue_world import Stage, entry, service

from actions.dialogue.rasa_actions import FORM, Bound
from wenban.turns import Section


async def test_a_bare_word_is_asked_back_about(stage: Stage) -> None:
    stage.search.found = [service("zjj-07"), service("zjj-06"), entry()]
    stage.search.decision, stage.search.spelling = "clarify", {"topic": "水费"}
    await stage.hear("水费", "chitchat").run("action_decline")
    assert stage.turn["status"] == "clarify"
    assert stage.messages[0]["text"] == "关于“水费”，您想问哪一件？"
    assert [b["value"] for b in stage.buttons if b["do"] == "choose"] == ["zjj-07", "zjj-06", "qa-x-001"]
    await stage.hear("第一个", "choose").run("action_choose")
    assert stage.desk["matter"]["service_id"] == "zjj-07"


@pytest.mark.parametrize("text", ["那帮我办吧", "那就交吧", "行，给我交一下", "我想现在就办"])
async def test_what_an_answer_was_about_is_begun(stage: Stage, text: str) -> None:
    stage.search.found = [entry(service_id="zjj-07")]
    await stage.hear("水费怎么交", "ask").run("action_answer")
    stage.search.found, stage.search.decision = [], "none"
    await stage.hear(text, "start").run("action_start")
    assert stage.desk["matter"]["service_id"] == "zjj-07"


@pytest.mark.parametrize("text", ["那帮我办护照吧", "那不办了", "那什么时候交"])
async def test_what_names_something_else_is_searched_for(stage: Stage, text: str) -> None:
    stage.search.found = [entry(service_id="zjj-07")]
    await stage.hear("水费怎么交", "ask").run("action_answer")
    stage.search.found, stage.search.decision = [], "none"
    await stage.hear(text, "start").run("action_start")
    assert stage.search.asked[-1] == text
    assert stage.desk["matter"] is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("王秀兰，371302198503120021，13900001234", "姓名和身份证号和电话号码"),
        ("沂水县", "地点"),
        ("鲁Q8A7K2", "车牌号"),
    ],
)
async def test_values_alone_begin_nothing(stage: Stage, text: str, said: str) -> None:
    stage.search.found = [service("tyj-01", 0.98)]
    await stage.hear(text, "gibberish").run("action_decline")
    assert stage.turn["status"] == "clarify"
    assert stage.turn["asks"] == ["service"]
    assert all(word in stage.text for word in said.split("和")), stage.text
    assert stage.desk["matter"] is None
    assert stage.search.unanswered == []


async def test_a_car_number_chooses_no_bills(stage: Stage) -> None:
    stage.search.found = [service("gaj-08")]
    await stage.open("我来交一下交通罚款")
    await stage.answer("鲁Q8A7K2")
    assert stage.turn["awaiting"] == "bills"
    assert "bills" not in stage.desk["matter"]["values"]


async def test_a_name_put_right_keeps_the_number(stage: Stage) -> None:
    stage.search.found = [service("swju-03")]
    await stage.open("我要交居民医保")
    await stage.answer("给王秀蓝交，身份证371302198503120021")
    assert "核对姓名和身份证号" in stage.text
    await stage.answer("名字写错了，应该是王秀兰", "correct")
    values = stage.desk["matter"]["values"]
    assert (values["name"], values["id_no"]) == ("王秀兰", "371302198503120021")
    assert stage.turn["awaiting"] in ("bills", "confirm")


async def test_the_name_of_a_number_is_no_wrong_number(stage: Stage) -> None:
    stage.search.found = [service("rsj-04")]
    await stage.open("查社保卡进度", "progress", "action_progress")
    await stage.answer("编号忘了，用身份证查", "correct")
    assert "没找到" not in stage.text
    assert stage.turn["awaiting"] == "id_no"


async def test_materials_named_with_the_wish_are_in_the_form(stage: Stage) -> None:
    stage.search.found = [service("ybj-06")]
    await stage.open("申请医疗救助，王秀兰，371302198503120021，13900001234")
    await stage.answer("我手里只有发票")
    await stage.hear("确认", "confirm").run(f"validate_{FORM}")
    await stage.run("action_perform")
    stage.loop = {}
    await stage.hear("诊断证明和银行卡也找到了，给我补上", "start").run("action_start")
    assert stage.desk["matter"]["service_id"] == "desk-05"
    assert stage.desk["matter"]["values"]["materials"] == "诊断证明和银行卡"


async def test_a_question_about_the_answer_just_read(stage: Stage) -> None:
    stage.search.found = [entry()]
    await stage.hear("水费怎么交", "ask").run("action_answer")
    assert stage.desk["about"] == "qa-x-001"
    await stage.hear("水费怎么交", "ask").run("action_answer")
    assert stage.text == "手机上交。\n- 不收手续费", "the same again"
    await stage.hear("要手续费吗，多少钱", "ask").run("action_answer")
    assert stage.text == "不收手续费"
    await stage.hear("几天到账", "ask").run("action_answer")
    assert stage.text.startswith("这条答案里没有写“多久”")
    assert {"do": "human", "label": "转人工"} in stage.buttons


async def test_a_wish_to_report_is_begun_though_an_answer_is_near(stage: Stage) -> None:
    stage.search.found = [entry(probability=0.95), service("cgj-04", 0.9)]
    stage.search.spelling = {"entry_share": 0.95}
    Bound.assistant._kinds = {"cgj-04": "上报"}
    await stage.hear("我要举报楼下烧烤店油烟", "complain").run("action_complain")
    assert stage.desk["matter"]["service_id"] == "cgj-04"


async def test_what_only_informs_is_not_begun(stage: Stage) -> None:
    stage.search.found = [service("scj-04")]
    await stage.hear("企业信用信息公示", "ask").run("action_answer")
    await stage.hear("那给我办一个", "start").run("action_start")
    assert stage.desk["matter"] is None
    assert "还不能直接办" in stage.text


async def test_years_are_no_rate(stage: Stage) -> None:
    stage.search.found = [service("gjj-05")]
    await stage.open("房贷，贷三十万，二十年", "query", "action_look_up")
    assert stage.turn["awaiting"] == "rate"
    await stage.hear("要是还三十年呢", "correct").run(f"validate_{FORM}")
    values = stage.desk["matter"]["values"]
    assert "rate" not in values
    assert values["years"] == 30


async def test_a_question_that_names_the_matter_in_hand_is_about_it(stage: Stage) -> None:
    stage.search.found = [service("wjw-05")]
    await stage.hear("挂个号", "start").run("action_start")
    stage.search.found = [service("gaj-02", 0.99)]
    stage.search.sections = [Section(heading="要带什么", items=["居民身份证"])]
    await stage.in_form().hear("挂号要带身份证吗", "query").run("action_look_up")
    assert stage.desk["matter"]["service_id"] == "wjw-05"
    assert stage.turn["status"] == "answered"
    assert stage.text == "居民身份证。"
    assert stage.desk["parked"] == []
