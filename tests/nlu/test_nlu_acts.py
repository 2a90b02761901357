"""The act of a sentence in its situation, and questions that name nothing: tables."""

from __future__ import annotations

from typing import Any

import pytest

from nlu.acts import FORM_ACTS, PAYLOAD_ACTS, Situation, judge
from nlu.followup import MAX_LENGTH, aspect_of, is_elliptical, is_follow_up
from nlu.lexicon import Lexicon
from tests.nlu.tables import NOW

IDLE = Situation()
DONE = Situation(done=True)
DONE = Situation(done=True)
REVIEW = Situation("confirm", "", "confirm", wants=("date", "period", "phone", "person", "institution"))
NAME = Situation("filling", "person", "name", wants=("person", "phone", "id_no", "date", "period"))
PHONE = Situation("filling", "phone", "phone", wants=("person", "phone", "date", "period"))
DATE = Situation("filling", "date", "date", wants=("date", "period", "time"))
COUNT = Situation("filling", "number", "people", wants=("people", "count", "date"))
RATE = Situation("filling", "percent", "rate", wants=("percent", "years", "amount"))
PERIOD = Situation("filling", "period", "period", ("上午", "下午"), ("date", "period"))
HOSPITAL = Situation("filling", "choice", "hospital", ("人民医院", "中心医院"), ("institution", "date", "period"))
TEXT = Situation("filling", "text", "problem", wants=("place", "date", "time", "phone"))
PLACE = Situation("filling", "place", "place", wants=("place", "date", "time", "phone"))
YESNO = Situation("filling", "boolean", "anonymous", wants=("phone",))
TAKING_BACK = Situation("confirm", "", "cancel")
CHOOSING = Situation("choosing", options=("水费查询", "水费缴纳", "水价信息"))


def heard(act: str, confidence: float = 0.8, **others: float) -> dict[str, float]:
    return {act: confidence, **others}


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    Lexicon.default().warm_up()


@pytest.mark.parametrize(
    ("situation", "text", "ranking", "act"),
    [
        # Nothing is asked: values and yeses are about nothing, so search decides.
        (IDLE, "水费咋交", heard("ask"), "ask"),
        (IDLE, "行", heard("confirm", 0.6, ask=0.2), "ask"),
        (IDLE, "明天上午", heard("inform", 0.6, ask=0.2), "ask"),
        (IDLE, "转人工", heard("human"), "human"),
        (IDLE, "", {}, "out_of_scope"),
        # Yes to the one reading on offer picks it; among several it picks nothing.
        (Situation("choosing", options=("社保卡怎么办",)), "对", heard("confirm", 0.6, ask=0.2), "choose"),
        (CHOOSING, "对", heard("confirm", 0.6, ask=0.2), "ask"),
        (DONE, "换成二十年的", heard("correct"), "correct"),
        (DONE, "给五星", heard("rate"), "rate"),
        (DONE, "GH202611220001到哪一步了", heard("progress"), "progress"),
        (DONE, "我要反映通达路路灯不亮", heard("complain"), "complain"),
        (DONE, "周六下不下雨", heard("ask"), "ask"),
        # A review takes a clear yes only.
        (REVIEW, "确认", heard("confirm"), "confirm"),
        (REVIEW, "对，就这么着，提交吧", heard("out_of_scope", 0.3), "confirm"),
        (REVIEW, "行", heard("chitchat", 0.5), "confirm"),
        (REVIEW, "中，交吧", heard("start", 0.9), "confirm"),
        (REVIEW, "嗯那个啥", heard("confirm", 0.4), "ask"),
        (REVIEW, "等一下，改成后天", heard("inform"), "correct"),
        (REVIEW, "后天下午吧", heard("inform"), "correct"),
        (REVIEW, "不对，电话错了", heard("deny"), "correct"),
        (REVIEW, "算了不约了", heard("deny"), "cancel"),
        (REVIEW, "要带身份证吗", heard("ask"), "ask"),
        (REVIEW, "对了，科技馆周一开门不", heard("ask"), "ask"),
        (REVIEW, "那天下雨不", heard("query"), "query"),
        (REVIEW, "我要交水费", heard("start", 0.9), "start"),
        (REVIEW, "我叫李建国", heard("inform"), "correct"),
        (REVIEW, "转人工", heard("human", 0.9), "human"),
        (REVIEW, "没有", heard("skip", 0.7), "correct"),
        # The message about a department that is down says: say this.
        (REVIEW, "再试一次", heard("repeat", 0.8), "confirm"),
        # A question takes the value that it asks for.
        (NAME, "王秀兰", heard("out_of_scope", 0.4), "inform"),
        (NAME, "我叫王秀兰，电话13900001234", heard("inform"), "inform"),
        (NAME, "要带身份证吗", heard("ask", 0.9), "ask"),
        (NAME, "转人工", heard("human", 0.9), "human"),
        (NAME, "算了不办了", heard("chitchat", 0.3), "cancel"),
        (NAME, "先交水费", heard("start", 0.9), "start"),
        (PHONE, "先交水费吧", heard("start", 0.9), "start"),
        (NAME, "上一步", heard("go_back", 0.9), "go_back"),
        (NAME, "我刚才填了啥", heard("review", 0.9), "review"),
        (PHONE, "13900001234", heard("gibberish", 0.5), "inform"),
        (PHONE, "幺三九零零零零幺二三四", heard("gibberish", 0.5), "inform"),
        (PHONE, "不对，是13900004321", heard("inform"), "correct"),
        (PHONE, "尾号是四三二一", heard("inform", 0.6), "inform"),
        (DATE, "周三", heard("out_of_scope", 0.4), "inform"),
        (DATE, "后天上午", heard("ask", 0.4), "inform"),
        (DATE, "周六上班吗", heard("ask", 0.9), "ask"),
        (RATE, "要是还三十年呢", heard("ask", 0.6), "correct"),
        (COUNT, "三个", heard("choose", 0.5), "inform"),
        (COUNT, "俩大人一个孩子，总共仨", heard("ask", 0.4), "inform"),
        (PERIOD, "上午去", heard("start", 0.5), "inform"),
        (HOSPITAL, "人民医院", heard("ask", 0.5), "inform"),
        (HOSPITAL, "第二个", heard("choose", 0.6), "inform"),
        (TEXT, "路灯坏了好几天没人修", heard("complain", 0.9, ask=0.05), "inform"),
        (TEXT, "没有现场照片", heard("skip", 0.6), "skip"),
        (TEXT, "转人工", heard("human", 0.9), "human"),
        (PLACE, "就在学校门口那儿", heard("ask", 0.5), "inform"),
        (YESNO, "不用了", heard("deny", 0.9), "inform"),
        (YESNO, "行", heard("confirm", 0.9), "inform"),
        # "要取消…吗？" is agreed to by saying so again.
        (TAKING_BACK, "对，退掉", heard("cancel_matter"), "confirm"),
        (TAKING_BACK, "取消吧", heard("cancel", 0.9), "confirm"),
        (TAKING_BACK, "不取消了", heard("cancel", 0.9), "cancel"),
        # What is left for later is not gone on with.
        (NAME, "先放着，我回头再交", heard("resume", 0.9), "cancel"),
        (NAME, "先搁着吧，改天再办", heard("resume", 0.9), "cancel"),
        # One bare word is a topic, and no order to the assistant.
        (IDLE, "停车", heard("stop", 0.9, ask=0.05), "ask"),
        (IDLE, "停", heard("stop", 0.9, ask=0.05), "stop"),
        (IDLE, "预约", heard("my_records", 0.9, start=0.05), "start"),
        (IDLE, "老年证", heard("elder_mode", 0.9, ask=0.05), "ask"),
        (IDLE, "老年版", heard("elder_mode", 0.9, ask=0.05), "elder_mode"),
        (IDLE, "我的预约", heard("my_records", 0.9), "my_records"),
        (IDLE, "查社保卡制卡进度", heard("ask", 0.9), "progress"),
        (IDLE, "社保卡进度怎么查", heard("ask", 0.9), "ask"),
        # A list takes a place in it or a name.
        (CHOOSING, "第二个", heard("choose", 0.9), "choose"),
        (CHOOSING, "水费缴纳", heard("start", 0.9), "choose"),
        (CHOOSING, "缴纳那个", heard("inform", 0.6), "choose"),
        (CHOOSING, "社保卡丢了咋办", heard("ask", 0.9), "ask"),
    ],
)
def test_the_act_in_its_situation(situation: Situation, text: str, ranking: dict[str, float], act: str) -> None:
    judged, confidence = judge(ranking, text, situation, NOW)
    assert judged == act
    assert 0 <= confidence <= 1


@pytest.mark.parametrize("situation", [IDLE, REVIEW, NAME, TEXT, CHOOSING])
@pytest.mark.parametrize("do", sorted(PAYLOAD_ACTS))
def test_a_button_is_what_it_says(situation: Situation, do: str) -> None:
    assert judge(heard("abuse", 0.99), "/press", situation, NOW, {"do": do}) == (PAYLOAD_ACTS[do], 1.0)


def test_an_unknown_button_asks() -> None:
    assert judge({}, "/press", REVIEW, NOW, {"do": "no such"}) == ("ask", 1.0)


@pytest.mark.parametrize(
    "text", ["确认一下我填的对不对", "行不行啊", "不行", "好像不对", "对面那家", "可以改吗", "中医医院"]
)
def test_no_yes_by_accident(text: str) -> None:
    """At a review a sentence that merely begins like a yes submits nothing."""
    assert judge(heard("ask", 0.5, confirm=0.3), text, REVIEW, NOW)[0] != "confirm"


def test_a_doubtful_yes_is_asked_again() -> None:
    assert judge(heard("confirm", 0.49), "那就那样", REVIEW, NOW)[0] == "ask"


def test_the_situation_is_read_from_the_desk() -> None:
    assert Situation.of({}) == IDLE
    desk: dict[str, Any] = {"awaiting": {"phase": "filling", "type": "date", "name": "date", "wants": ["date"]}}
    assert Situation.of(desk) == Situation("filling", "date", "date", (), ("date",))
    assert Situation.of({"done": [{}], "awaiting": None}).done


@pytest.mark.parametrize("phase", ["filling", "confirm"])
@pytest.mark.parametrize("act", sorted(FORM_ACTS))
def test_form_acts_never_leave_a_form(phase: str, act: str) -> None:
    """What a form can use stays with it: at most it is a change, a cancellation or, in doubt, a question."""
    judged, _ = judge(heard(act, 0.9), "嗯……", Situation(phase, "date", "date", wants=("date",)), NOW)
    assert judged in FORM_ACTS


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("办这个要带啥", "要带什么"),
        ("得拿什么材料", "要带什么"),
        ("多少钱", "费用"),
        ("收费吗", "费用"),
        ("几天能办完", "多久"),
        ("去哪办", "在哪办"),
        ("网上能办吗", "在哪办"),
        ("我这种情况符合条件吗", "条件"),
        ("能替我妈办吗", "谁能办"),
        ("具体咋办", "怎么办"),
        ("有联系电话没", "电话"),
        ("依据是啥", "依据"),
        ("好的谢谢", None),
        ("我叫王秀兰", None),
    ],
)
def test_what_of_a_service_is_asked(text: str, aspect: str | None) -> None:
    assert aspect_of(text) == aspect


@pytest.mark.parametrize(
    ("text", "elliptical"),
    [
        ("这个得带啥", True),
        ("要多少钱", True),
        ("这个几天能办完", True),
        ("社保卡补办要带啥", False),
        ("异地就医多少钱", False),
        ("王秀兰", False),
        ("这个事项如果我人不在本地的话到底需要带些什么材料过去呢", False),
    ],
)
def test_questions_that_name_nothing(text: str, elliptical: bool) -> None:
    assert is_elliptical(text) is elliptical


@pytest.mark.parametrize(
    ("text", "follows"),
    [
        ("多少钱", True),
        ("周末能办吗", True),
        ("能改时间不", True),
        ("能取消吗", True),
        ("好的", False),
        ("水费", False),
    ],
)
def test_follow_ups(text: str, follows: bool) -> None:
    assert is_follow_up(text) is follows
    assert not is_follow_up(text + "啊" * MAX_LENGTH)


@pytest.mark.parametrize(
    ("text", "ranking", "act"),
    [
        ("要是贷五十万呢", {"start": 0.8, "ask": 0.1}, "correct"),
        ("刚约的图书馆我去不了，帮我退掉", {"complain": 0.6, "start": 0.3}, "cancel_matter"),
        ("那给交上吧，上个月的", {"correct": 0.4, "start": 0.3}, "start"),
        ("交水费，户号10023345", {"start": 0.9}, "start"),
    ],
)
def test_after_something_was_done(text: str, ranking: dict[str, float], act: str) -> None:
    assert judge(ranking, text, DONE, NOW)[0] == act
