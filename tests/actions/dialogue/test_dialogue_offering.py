"""Three choices at a time: shown, read, paged by "更多", answered by "第二个"; and the commands of the voice."""

from __future__ import annotations

import pytest
from dialogue_world import Stage, entry, service

from actions.dialogue import offering
from actions.engine.state import Desk
from wenban.turns import Candidate, Choice, Message

HOSPITAL, WATER, FORM = "wjw-05", "zjj-07", "service_form"
RELATED = [Candidate(kind="qa", id=f"qa-x-{n}", title=f"问题{n}？", probability=0.5) for n in range(3)]


def buttons(*labels: str, do: str = "card") -> list[Choice]:
    return [Choice(label=one, payload={"do": do, "value": one}) for one in labels]


def labels(message: Message) -> list[str]:
    return [choice.label for choice in message.choices]


async def asked(stage: Stage) -> Stage:
    """Let the form ask its question."""
    return await stage.in_form().run("action_ask_service_form_field_value")


async def heard(stage: Stage, text: str, act: str = "inform") -> Stage:
    """Say something in the form and hear the next question."""
    stage.hear(text, act)
    await stage.in_form().run(f"validate_{FORM}")
    return await asked(stage)


@pytest.fixture
async def booking(stage: Stage) -> Stage:
    stage.elder, stage.search.found = True, [service(HOSPITAL)]
    await stage.hear("挂个号", "start").run("action_start")
    return await asked(stage)


async def test_a_form_reads_three_and_more_brings_the_next(booking: Stage) -> None:
    assert booking.labels == ["人民医院", "中心医院", "中医医院", "更多（还有1个）"]
    assert booking.speech == (
        "您想去哪家医院？可以选：第一，人民医院。第二，中心医院。第三，中医医院。还有别的，就说“更多”。"
    )
    await booking.hear("更多", "repeat").run("action_repeat")
    assert (await asked(booking)).labels == ["妇幼保健院", "回到前面几个"]
    assert booking.speech == "可以选：第一，妇幼保健院。"
    await booking.hear("", "repeat", do="more").run("action_repeat")
    assert (await asked(booking)).labels[0] == "人民医院"


async def test_a_place_is_among_those_just_read(booking: Stage) -> None:
    await heard(booking, "第二个")
    assert booking.desk["matter"]["values"]["hospital"] == "中心医院"
    await booking.hear("更多", "repeat").run("action_repeat")
    await asked(booking)
    third = booking.labels[2]
    await booking.hear("再说一遍", "repeat").run("action_repeat")
    assert (await asked(booking)).labels[2] == third
    await booking.hear("慢一点", "slower").run("action_voice")
    assert (await asked(booking)).labels[2] == third
    await heard(booking, "第三个")
    assert booking.desk["matter"]["values"]["department"] == third
    await heard(booking, "第二个")  # of three days
    assert booking.labels == ["上午", "下午"]


async def test_a_name_is_taken_from_any_page(booking: Stage) -> None:
    await heard(booking, "妇幼保健院")
    assert booking.desk["matter"]["values"]["hospital"] == "妇幼保健院"


async def test_the_standard_page_shows_twelve_and_reads_three(stage: Stage) -> None:
    stage.search.found = [service(HOSPITAL)]
    await stage.hear("去人民医院挂个号", "start").run("action_start")
    await asked(stage)
    assert len(stage.labels) == offering.PAGE + 1
    assert "第三，" in stage.speech
    assert "第四，" not in stage.speech
    await heard(stage, "第五个")
    assert stage.desk["matter"]["values"]["department"] == "儿科"


async def test_an_answer_offers_what_to_do_first(stage: Stage) -> None:
    stage.elder, stage.search.found, stage.search.related = True, [entry(service_id=WATER)], RELATED
    await stage.hear("水费咋交", "ask").run("action_answer")
    assert stage.labels == ["去缴费", "怎么办", "更多（还有3个）"]
    assert stage.speech.endswith("可以说：第一，去缴费。第二，怎么办。还有别的，就说“更多”。")
    await stage.hear("再说一遍", "repeat").run("action_repeat")
    assert stage.speech.count("第一，") == 1
    await stage.hear("大声点", "louder").run("action_voice")
    assert stage.messages[0]["text"] == "好，声音给您调大。"
    assert stage.speech.count("第一，") == 1  # and what could not be heard, again
    await stage.hear("更多", "repeat").run("action_repeat")
    assert stage.labels == ["问题0？", "问题1？", "问题2？", "回到前面几个"]
    await stage.hear("上一步", "go_back").run("action_unclear")
    assert stage.labels[0] == "去缴费"
    await stage.hear("第一个", "choose").run("action_choose")
    assert stage.desk["matter"]["service_id"] == WATER


async def test_a_label_said_is_a_press(stage: Stage) -> None:
    stage.elder, stage.search.found = True, [entry(service_id=WATER)]
    await stage.hear("水费咋交", "ask").run("action_answer")
    await stage.hear("怎么办", "choose").run("action_choose")
    assert stage.messages[0]["type"] == "service"


@pytest.mark.parametrize(
    ("said", "helped"),
    [("闺女想帮我办", True), ("能让儿子替我弄不", True), ("怎么收养孩子", False), ("今天吃啥", False)],
)
async def test_how_a_relative_may_help(stage: Stage, said: str, helped: bool) -> None:
    stage.search.decision, stage.search.outside = "none", "near_miss"
    await stage.hear(said, "start").run("action_start")
    assert ("家里人可以帮您办" in stage.text) == helped


async def test_nothing_to_choose_and_nothing_more(stage: Stage) -> None:
    await stage.hear("第二个", "choose").run("action_choose")
    assert "没有要选的" in stage.text
    await stage.hear("更多", "repeat").run("action_repeat")
    assert "没有别的" in stage.text
    await stage.hear("上一步", "go_back").run("action_unclear")
    assert "没有办到一半" in stage.text
    await stage.hear("说一遍我填的", "review").run("action_unclear")
    assert "还没有填" in stage.text


async def test_what_was_filled_is_told_outside_of_the_form(booking: Stage) -> None:
    await heard(booking, "第一个")
    await booking.hear("回头再说", "cancel").run("action_cancel")
    await booking.hear("说一遍我填的", "review").run("action_unclear")
    assert "人民医院" in booking.text
    assert "没有提交" in booking.text


async def test_an_elder_is_asked_whether_it_is_this(stage: Stage) -> None:
    stage.elder, stage.search.decision, stage.search.outside = True, "none", "chitchat"
    stage.search.found, stage.search.in_scope = [service(WATER, 0.99)], 0.1
    await stage.hear("家里水", "start").run("action_start")
    assert stage.labels == ["水费缴纳", "转人工"]
    assert stage.turn["status"] == "no_answer"
    await stage.hear("第一个", "choose").run("action_choose")
    assert stage.messages[0]["type"] == "service"


async def test_help_for_elders_is_short(stage: Stage) -> None:
    await stage.hear("我不会弄", "help").run("action_help")
    usual = stage.text
    stage.elder = True
    await stage.hear("我不会弄", "help").run("action_help")
    assert len(stage.text) < len(usual)


def test_only_the_last_message_is_read_and_none_has_more_than_three() -> None:
    desk = Desk(elder=True)
    first = Message(type="receipt", text="办好了。", choices=buttons("甲", "乙", "丙", "丁"))
    second = Message(type="text", text="还有一件没办完", choices=buttons("接着办", do="resume"))
    assert offering.present(desk, [first, second])
    assert labels(first) == ["甲", "乙", "丙"]
    assert second.speech == "还有一件没办完。要的话，就说“接着办”。"
    assert offering.picked(desk, "第一个") == {"do": "resume", "value": "接着办"}


def test_a_person_is_never_counted() -> None:
    desk = Desk(elder=True)
    human = Choice(label="转人工", payload={"do": "human"})
    message = Message(type="choices", text="哪一项？", choices=[*buttons("甲", "乙", "丙", "丁"), human])
    offering.present(desk, [message])
    assert labels(message) == ["甲", "乙", "丙", "更多（还有1个）", "转人工"]
    assert "转人工" not in message.speech


def test_places_count_from_the_page_that_was_read() -> None:
    desk = Desk(elder=True)
    message = Message(type="choices", text="哪一项？", choices=buttons("甲", "乙", "丙", "丁", "戊"))
    offering.present(desk, [message])
    offering.read_on(desk)
    again = Message(type="choices", text="哪一项？", choices=buttons("甲", "乙", "丙", "丁", "戊"))
    offering.present(desk, [again])
    assert [offering.picked(desk, said)["value"] for said in ("第二个", "最后一个", "第三个", "丙。")] == [
        "戊", "戊", "丙", "丙",
    ]  # fmt: skip
    assert offering.picked(desk, "三号", strictly=True) is None


def test_a_review_is_no_list() -> None:
    desk = Desk(elder=True)
    review = Message(type="review", text="请核对。", speech="请您听一下。", choices=buttons("确认提交", "不办了"))
    assert not offering.present(desk, [review])
    assert (review.speech, desk.offer) == ("请您听一下。", None)


def test_elders_read_what_they_hear() -> None:
    message = Message(type="notice", text="很长很长很长的一句话。", speech="短话。")
    offering.present(Desk(elder=True), [message])
    assert message.text == "短话。"
    answer = Message(type="answer", text="很长很长很长的一句话。", speech="短话。")
    offering.present(Desk(elder=True), [answer])
    assert answer.text.startswith("很长")
