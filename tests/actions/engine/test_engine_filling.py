"""Filling a form: several fields in a sentence, corrections, refusals, moving about."""

from __future__ import annotations

import pytest
from engine_world import CARD, HOSPITAL, ID_NO, MUSEUM, PHONE, STREET, WATER, Talk, World

BOOKING = "明天上午去人民医院挂个骨科"
FULL = {
    "hospital": "人民医院", "department": "骨科", "date": "2026-11-19", "period": "上午", "name": "王秀兰",
    "id_no": ID_NO, "phone": PHONE,
}  # fmt: skip


async def filled(talk: Talk) -> Talk:
    """Bring a hospital appointment to its review."""
    await talk.open(HOSPITAL, BOOKING)
    await talk.say(f"王秀兰，身份证{ID_NO}，电话{PHONE}")
    assert talk.status == "confirm"
    return talk


async def test_the_opening_sentence_fills_what_it_says(talk: Talk) -> None:
    await talk.open(HOSPITAL, BOOKING)
    assert talk.values == {k: FULL[k] for k in ("hospital", "department", "date", "period")}
    assert talk.asked == "name"
    assert talk.last.field is not None
    assert (talk.last.field.step, talk.last.field.total) == (5, 7)


async def test_a_button_opens_an_empty_form(talk: Talk) -> None:
    await talk.open(HOSPITAL)
    assert talk.values == {}
    assert talk.asked == "hospital"
    assert {"do": "field", "field": "hospital", "value": "中医医院", "label": "中医医院"} in talk.buttons


async def test_several_fields_in_one_answer_are_noted(talk: Talk) -> None:
    await filled(talk)
    assert talk.values == FULL
    assert [row.field for row in talk.last.rows] == list(FULL)
    assert all(row.edit == {"do": "edit", "field": row.field, "label": f"改{row.label}"} for row in talk.last.rows)
    assert ID_NO not in talk.last.model_dump_json(), "the review masks the ID number"


@pytest.mark.parametrize("elder", [True, False])
async def test_a_spoken_number_is_said_back_to_the_old(talk: Talk, elder: bool) -> None:
    talk.desk.elder = elder
    await talk.open(HOSPITAL, BOOKING)
    await talk.say("王秀兰")
    await talk.say(ID_NO)
    assert not [message for message in talk.heard if ID_NO in message.text]
    await talk.say(PHONE)
    noted = [m.text for m in talk.heard if m.text.startswith("记下了")]
    assert noted == ([f"记下了：手机号{PHONE}。"] if elder else [])


async def test_buttons_answer_field_by_field(talk: Talk) -> None:
    await talk.open(HOSPITAL)
    for name, value in FULL.items():
        assert talk.asked == name
        await talk.press("field", field=name, value=value)
    assert talk.values == FULL
    assert talk.status == "confirm"


@pytest.mark.parametrize(
    ("sentence", "changes"),
    [
        ("时间改成后天下午", {"date": "2026-11-20", "period": "下午"}),
        ("不对，去中医医院", {"hospital": "中医医院"}),
        ("尾号是四三二一，刚才说秃噜嘴了", {"phone": "13900004321"}),
        ("名字写错了，叫李建国", {"name": "李建国"}),
    ],
)
async def test_any_earlier_field_can_be_corrected(talk: Talk, sentence: str, changes: dict[str, str]) -> None:
    await filled(talk)
    await talk.say(sentence, "correct")
    assert talk.values == FULL | changes
    assert talk.status == "confirm"
    assert "改好了" in talk.text


async def test_a_correction_in_the_middle_keeps_the_question(talk: Talk) -> None:
    await talk.open(HOSPITAL, BOOKING)
    await talk.say("不对，改成后天", "correct")
    assert talk.values["date"] == "2026-11-20"
    assert talk.asked == "name"


async def test_an_aside_does_not_overwrite(talk: Talk) -> None:
    await talk.open(HOSPITAL, BOOKING)
    await talk.say("我叫王秀兰，周五还得上班")
    assert talk.values["date"] == "2026-11-19"
    assert talk.values["name"] == "王秀兰"


async def test_the_last_digits_of_a_refused_number_can_be_corrected(talk: Talk) -> None:
    await talk.open(HOSPITAL, BOOKING + "，我叫王秀兰")
    await talk.say(ID_NO[:-1] + "7")
    assert "id_no" not in talk.values
    assert talk.asked == "id_no"
    await talk.say("最后一位是1", "correct")
    assert talk.values["id_no"] == ID_NO


async def test_the_last_digits_of_an_account_can_be_corrected(talk: Talk) -> None:
    """An account field holds a list: what is corrected is the number in it, not the list's text."""
    await talk.open(WATER)
    await talk.say("10028845")
    assert "没有查到户号" in talk.text
    await talk.say("说错了，尾号是76", "correct")
    assert talk.values["account_no"] == ["10028876"]
    assert talk.asked == "bills"


@pytest.mark.parametrize(
    ("field", "answer", "reason"),
    [
        ("id_no", "371302198503120027", "身份证"),
        ("phone", "1390000123", "11"),
        ("date", "上周三", "过去"),
        ("date", "下个月十号", "7天"),
        ("hospital", "火星医院那个", ""),
    ],
)
async def test_a_refusal_says_why_and_shows_an_example(talk: Talk, field: str, answer: str, reason: str) -> None:
    await talk.open(HOSPITAL)
    for name, value in FULL.items():
        if name == field:
            break
        await talk.press("field", field=name, value=value)
    await talk.say(answer)
    assert field not in talk.values
    assert talk.asked == field
    notice = talk.heard[0]
    assert notice.type == "notice"
    assert reason in notice.text
    assert "比如" in notice.text
    await talk.press("field", field=field, value=FULL[field])
    assert talk.values[field] == FULL[field]


async def test_three_failures_offer_a_person(talk: Talk) -> None:
    await talk.open(HOSPITAL, BOOKING + "，我叫王秀兰")
    for n in range(1, 4):
        await talk.say("371302198503120027")
        assert ({"do": "human", "label": "转人工"} in talk.buttons) is (n == 3)
    await talk.say(ID_NO)
    assert talk.values["id_no"] == ID_NO
    assert talk.matter.attempts == {}


async def test_back_asks_the_last_one_again(talk: Talk) -> None:
    await talk.open(HOSPITAL, BOOKING)
    await talk.say("王秀兰")
    assert talk.asked == "id_no"
    await talk.press("back")
    assert talk.asked == "name"
    assert "name" not in talk.values
    await talk.say("李建国")
    assert talk.values["name"] == "李建国"


async def test_back_from_the_review_and_from_the_first(talk: Talk) -> None:
    await filled(talk)
    await talk.say("上一步", "go_back")
    assert talk.status == "form"
    assert len(talk.values) == len(FULL) - 1
    for _ in range(10):
        await talk.press("back")
    assert talk.values == {}
    assert "已经是第一项" in talk.text
    assert talk.asked == "hospital"


async def test_back_after_a_refused_value_goes_back(talk: Talk) -> None:
    """What was just refused must not stand in the way of the field that the citizen goes back to."""
    await talk.open(HOSPITAL, BOOKING + "，我叫王秀兰")
    await talk.say("371302198503120027")
    assert talk.asked == "id_no"
    await talk.press("back")
    assert talk.asked == "name"


async def test_skip_refuses_what_is_required(talk: Talk) -> None:
    await talk.open(HOSPITAL, BOOKING)
    await talk.say("没有", "skip")
    assert "必须填" in talk.text
    assert talk.asked == "name"


async def test_skip_leaves_an_optional_field_that_is_being_edited(talk: Talk) -> None:
    await talk.open(MUSEUM, "明天上午带一个孩子去科技馆，一共三个人")
    await talk.say(f"李建国，{PHONE}")
    assert talk.status == "confirm"
    assert "children" in talk.values
    await talk.press("edit", field="children")
    assert talk.asked == "children"
    await talk.say("没有", "skip")
    assert talk.status == "confirm", "the form asks for an optional field for ever"


async def test_review_recounts(talk: Talk) -> None:
    await talk.open(HOSPITAL)
    await talk.say("我刚才都填了啥", "review")
    assert "还没有填" in talk.text
    await talk.press("field", field="hospital", value="人民医院")
    await talk.say("我刚才都填了啥", "review")
    assert "医院人民医院" in talk.text
    assert talk.asked == "department"


async def test_edit_reopens_one_field(talk: Talk) -> None:
    await filled(talk)
    await talk.press("edit", field="date")
    assert talk.asked == "date"
    assert talk.values == FULL, "the old value stays until there is a new one"
    await talk.say("后天")
    assert talk.values == FULL | {"date": "2026-11-20"}
    assert talk.status == "confirm"


async def test_edit_of_an_unknown_field_does_not_skip_the_others(talk: Talk) -> None:
    await talk.open(HOSPITAL, BOOKING)
    await talk.press("edit", field="nonsense")
    assert talk.status == "form"
    assert talk.asked == "name"


@pytest.mark.parametrize("do", ["choose", "confirm"])
async def test_a_stale_button_is_no_answer_to_a_free_question(talk: Talk, do: str) -> None:
    """Rasa hears a press as "/press": that text must never land in a field."""
    await talk.open(STREET)
    assert talk.asked == "problem"
    await talk.press(do, value="whatever")
    assert "problem" not in talk.values
    assert talk.asked == "problem"


async def test_a_button_gives_only_what_is_offered(talk: Talk) -> None:
    await talk.open(HOSPITAL)
    await talk.press("field", field="hospital", value="协和医院")
    assert "hospital" not in talk.values
    await talk.press("field", field="hospital", value="人民医院")
    await talk.press("field", field="phone", value="abc")
    assert "phone" not in talk.values


async def test_a_bill_that_is_not_offered_is_refused_at_once(talk: Talk) -> None:
    await talk.open(WATER, "交水费，户号10023345")
    assert talk.asked == "bills"
    await talk.press("field", field="bills", value="water-10028876-2026-10")
    assert "bills" not in talk.values
    assert talk.asked == "bills"


@pytest.mark.parametrize(
    "payload",
    [{"field": "nonsense", "value": "x"}, {"field": "date", "value": "2026-13-45"}, {"field": "period", "value": 7}],
)
async def test_wrong_buttons_change_nothing(talk: Talk, payload: dict[str, object]) -> None:
    await talk.open(HOSPITAL, "去人民医院挂骨科")
    before = dict(talk.values)
    await talk.press("field", **payload)
    assert talk.values == before
    assert talk.asked == "date"


async def test_a_field_that_no_longer_applies_is_not_asked(talk: Talk) -> None:
    """A receipt number makes name and ID number unnecessary."""
    await talk.open(CARD)
    assert talk.asked == "id_no"
    await talk.say("受理编号SBK20261018006")
    assert talk.desk.matter is None
    assert talk.desk.done[-1].values == {"receipt_no": "SBK20261018006"}
    assert talk.status == "answered"
    assert "社会保障卡申领" in talk.text


async def test_free_text_from_its_control_is_kept_whatever_it_mentions(talk: Talk) -> None:
    text = "昨天晚上兰山区通达路的路灯不亮"
    await talk.open(STREET)
    await talk.press("field", field="problem", value=text)
    assert talk.values["problem"] == text
    assert talk.asked != "problem"


async def test_a_report_over_several_turns(talk: Talk) -> None:
    await talk.open(STREET)
    for answer in ("路灯不亮", "罗庄区湖东路与文化路路口", "昨天", "晚上十一点", PHONE):
        await talk.say(answer)
    assert talk.status == "confirm"
    wanted = {"problem": "路灯不亮", "event_date": "2026-11-17", "event_time": "23:00", "phone": PHONE}
    assert {name: talk.values[name] for name in wanted} == wanted
    assert "湖东路" in talk.values["place"]


async def test_a_profile_prefills(world: World) -> None:
    talk = world.talk(profile={"name": "王秀兰", "id_no": ID_NO, "phone": PHONE})
    await talk.open(HOSPITAL, BOOKING)
    assert talk.asked == "agree_sensitive", "what is sensitive is filled with a yes only"
    await talk.press("field", field="agree_sensitive", value="yes")
    assert talk.values == FULL
    assert talk.status == "confirm"


async def test_a_declaration_that_went_away_ends_politely(talk: Talk, world: World) -> None:
    await talk.open(HOSPITAL, BOOKING)
    talk.matter.service_id = "xx-99"
    await talk.say("王秀兰")
    assert talk.desk.matter is None
    assert "过期" in talk.text


async def test_a_form_goes_on_while_the_knowledge_process_is_away(talk: Talk, world: World) -> None:
    await talk.open(HOSPITAL, BOOKING)
    world.files.down = True
    kept = world.engine.declarations._kept
    kept.update({key: (at - 60, value) for key, (at, value) in kept.items()})
    await talk.say("王秀兰")
    assert talk.asked == "id_no"
