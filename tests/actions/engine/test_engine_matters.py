"""From review to receipt: once, whatever fails; and several matters in one conversation."""

from __future__ import annotations

import pytest
from engine_world import CARD, HOSPITAL, ID_NO, PHONE, WATER, WATER_BILLS, Talk, World

from actions.engine.context import TurnInput
from actions.engine.state import Matter

OPENING = f"明天上午去人民医院挂个骨科，王秀兰，身份证{ID_NO}，电话{PHONE}"


async def reviewed(talk: Talk) -> Talk:
    await talk.open(HOSPITAL, OPENING)
    assert talk.status == "confirm"
    return talk


async def test_nothing_is_submitted_before_a_yes(talk: Talk, world: World) -> None:
    await reviewed(talk)
    assert world.count("seats") == 0
    assert world.records() == []
    await talk.say("确认", "confirm")
    assert talk.status == "done"
    assert talk.receipt.startswith("GH")
    assert world.count("seats") == 1
    assert [(r.status, r.receipt_no) for r in world.records()] == [("done", talk.receipt)]
    assert talk.desk.matter is None
    assert talk.desk.done[-1].receipt == talk.receipt


@pytest.mark.parametrize(("text", "act"), [("嗯那个", "inform"), ("不对", "deny"), ("慢点", "review")])
async def test_anything_else_is_no_yes(talk: Talk, world: World, text: str, act: str) -> None:
    await reviewed(talk)
    await talk.say(text, act)
    assert talk.status == "confirm"
    assert world.count("seats") == 0


async def test_a_yes_in_the_middle_submits_nothing(talk: Talk, world: World) -> None:
    await talk.open(HOSPITAL, "明天上午去人民医院挂个骨科")
    for _ in range(3):
        await talk.press("confirm")
    assert talk.status == "form"
    assert world.records() == []


async def test_a_value_at_the_review_is_not_a_yes(talk: Talk, world: World) -> None:
    await reviewed(talk)
    await talk.say("后天下午", "correct")
    assert talk.status == "confirm"
    assert world.count("seats") == 0
    await talk.press("confirm")
    assert world.count("seats") == 1
    assert talk.last.receipt is not None
    assert talk.last.receipt.calendar is not None
    assert talk.last.receipt.calendar["start"].startswith("2026-11-20T13:30")


async def test_performed_twice_is_one(talk: Talk, world: World) -> None:
    await reviewed(talk)
    matter = talk.matter
    await talk.press("confirm")
    first = talk.receipt
    talk.desk.matter = Matter(**{**matter.model_dump(), "phase": "ready"})
    turn = TurnInput("conversation", "确认", "confirm", talk._turn("", "", {}).now)
    again = await world.engine.perform(talk.desk, turn)
    assert again.turn["receipt"] == first
    assert world.count("seats") == 1
    assert len(world.records()) == 1


async def test_a_department_that_is_down_loses_nothing(talk: Talk, world: World) -> None:
    await reviewed(talk)
    before = dict(talk.values)
    world.fault("hospital", "down", "book")
    await talk.press("confirm")
    assert talk.status == "error"
    assert "连不上" in talk.text
    assert talk.values == before
    assert world.records()[0].status == "unsent"
    later = talk.copy()
    await later.press("confirm")
    assert later.status == "done"
    assert world.count("seats") == 1


async def test_again_after_it_was_down(talk: Talk, world: World) -> None:
    await reviewed(talk)
    world.fault("hospital", "fail", "book")
    await talk.press("confirm")
    assert talk.status == "error"
    assert "现在还不知道" in talk.text
    assert "没有办成" not in talk.text
    assert world.records()[0].status == "unknown"
    assert world.count("seats") == 0
    world.fault("hospital", "down", "book")
    await talk.press("confirm")
    assert "现在还不知道" in talk.text, "the first attempt is still open"
    assert world.records()[0].status == "unknown"
    await talk.press("confirm")
    assert talk.status == "done"
    assert (world.count("seats"), len(world.records())) == (1, 1)


async def test_a_lost_answer_is_not_a_lost_receipt(talk: Talk, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The department acted but its answer was lost; then the citizen changes a value before trying again."""
    await reviewed(talk)
    connector = world.connectors.get("hospital")
    submit = connector.submit

    async def lost(*args: object) -> object:
        from actions.connectors.client import ConnectorDown

        await submit(*args)  # type: ignore[arg-type]
        raise ConnectorDown("the answer was lost")

    monkeypatch.setattr(connector, "submit", lost)
    await talk.press("confirm")
    assert talk.status == "error"
    assert world.count("seats") == 1
    monkeypatch.setattr(connector, "submit", submit)
    await talk.say("时间改成下午", "correct")
    await talk.press("confirm")
    assert world.count("seats") >= 1
    assert talk.status == "done", f"the booking exists, but the citizen has no receipt: {talk.text}"


async def test_a_refused_field_is_asked_again_with_what_is_free(talk: Talk, world: World) -> None:
    """皮肤科 is always sold out on Thursday mornings."""
    await talk.open(HOSPITAL, OPENING.replace("骨科", "皮肤科"))
    await talk.press("confirm")
    assert talk.status == "form"
    assert "约满" in talk.text
    assert talk.asked == "period"
    offered = [payload for payload in talk.buttons if payload.get("do") == "field"]
    assert {"field": "period", "value": "下午"}.items() <= offered[0].items()
    await talk.press("field", field="period", value="下午")
    await talk.press("confirm")
    assert talk.status == "done"


async def test_a_query_needs_no_yes(talk: Talk) -> None:
    await talk.open(WATER_BILLS, "查一下水费，户号10023345")
    assert talk.status == "answered"
    assert "2笔没交" in talk.text
    assert len(talk.last.sections) == 2


async def test_a_query_whose_department_is_down_keeps_the_values(talk: Talk, world: World) -> None:
    world.fault("water", "down", "bills")
    await talk.open(WATER_BILLS, "查一下水费，户号10023345")
    assert "连不上" in talk.text
    assert talk.values == {"account_no": ["10023345"]}
    await talk.press("confirm")
    assert "2笔没交" in talk.text


async def test_a_query_by_name_and_number(talk: Talk) -> None:
    await talk.open(CARD)
    await talk.say("371322196309210046")
    await talk.say("张桂英")
    assert talk.status == "answered"
    assert "社会保障卡申领" in talk.text


async def test_choose_among_bills_and_pay_them_once(talk: Talk, world: World) -> None:
    await talk.open(WATER, "交水费，户号10023345")
    assert talk.asked == "bills"
    await talk.say("都交")
    assert talk.values["bills"] == ["water-10023345-2026-09", "water-10023345-2026-10"]
    assert [row.label for row in talk.last.rows] == ["户号", "账单", "合计"]
    await talk.say("上上个月的先不交", "correct")
    assert talk.values["bills"] == ["water-10023345-2026-10"]
    await talk.press("confirm")
    assert talk.status == "done"
    assert world.count("paid_bills") == 1
    await talk.open(WATER, "交水费，户号10023345")
    assert [payload["value"] for payload in talk.buttons] == ["water-10023345-2026-09"]
    await talk.say("都交")
    await talk.press("confirm")
    assert world.count("paid_bills") == 2
    assert world.count("payments") == 2


async def test_bills_named_with_the_account_are_not_asked_for_again(talk: Talk) -> None:
    await talk.open(WATER, "交水费，户号10023345，上个月的那笔")
    assert talk.values == {"account_no": ["10023345"], "bills": ["water-10023345-2026-10"]}
    assert talk.status == "confirm"


async def test_bills_of_another_account_do_not_stay(talk: Talk) -> None:
    await talk.open(WATER, "交水费，户号10023345")
    await talk.say("都交")
    await talk.say("户号说错了，是10031120", "correct")
    assert "bills" not in talk.values
    assert talk.asked == "bills"


async def test_a_refused_account_in_the_opening_sentence_is_asked_for(talk: Talk) -> None:
    """The next sentence is judged by what the desk awaits: it must await the account."""
    await talk.open(WATER, "交水费，户号99999999")
    assert "没有查到户号99999999" in talk.text
    assert talk.asked == "account_no"
    await talk.say("10031120")
    assert talk.values == {"account_no": ["10031120"]}


async def test_a_payment_that_fails_charges_nothing(talk: Talk, world: World) -> None:
    await talk.open(WATER, "交水费，户号10031120")
    await talk.say("都交")
    world.fault("payment", "fail", "pay")
    await talk.press("confirm")
    assert "没有扣钱" in talk.text
    assert (world.count("payments"), world.count("paid_bills")) == (0, 0)
    assert talk.asked == "confirm"
    await talk.press("confirm")
    assert talk.status == "done"


async def test_nothing_owed_is_said(talk: Talk, world: World) -> None:
    await talk.open(WATER, "交水费，户号10035568")
    assert "没有要交的账单" in talk.text, talk.text
    assert world.count("payments") == 0


@pytest.mark.parametrize("where", ["opening", "bills", "review"])
async def test_a_department_that_goes_down_in_a_payment_says_so(talk: Talk, world: World, where: str) -> None:
    """Quotes are asked for while reading, while asking and for the review; none of them may break the turn."""
    if where == "opening":
        world.fault("water", "down", "quote", times=50)
        await talk.open(WATER, "交水费，户号10031120，都交")
    else:
        await talk.open(WATER, "交水费，户号10031120")
        if where == "review":
            await talk.say("都交")
        world.fault("water", "down", "quote", times=50)
        await talk.say("都交" if where == "bills" else "等一下", "inform")
    assert "连不上" in talk.text
    assert talk.values["account_no"] == ["10031120"]
    world.mended()
    await talk.say("都交")
    assert talk.status == "confirm"


async def test_a_choice_list_that_is_down_says_so(talk: Talk, world: World) -> None:
    world.fault("hospital", "down", "choices", times=50)
    await talk.open(HOSPITAL, "明天上午挂个号")
    assert "连不上" in talk.text
    assert talk.values["date"] == "2026-11-19"
    world.mended()
    await talk.say("人民医院")
    assert talk.values["hospital"] == "人民医院"
    assert talk.asked == "department"


async def test_switch_and_resume(talk: Talk, world: World) -> None:
    await talk.open(HOSPITAL, "明天上午去人民医院挂个骨科")
    first = dict(talk.values)
    await talk.open(WATER, "先交水费，户号10031120")
    assert "替您留着" in talk.text
    assert talk.values == {"account_no": ["10031120"]}, "nothing of the other matter"
    await talk.say("都交")
    await talk.press("confirm")
    assert talk.status == "done"
    talk.desk.take_up(talk.desk.parked[-1])
    await talk.say("王秀兰")
    assert talk.values == first | {"name": "王秀兰"}
    assert talk.desk.parked == []


async def test_state_survives_being_written(talk: Talk) -> None:
    await talk.open(HOSPITAL, "明天上午去人民医院挂个骨科")
    await talk.open(WATER, "交水费")
    other = talk.copy()
    assert other.desk == talk.desk
    await other.say("10031120")
    assert other.asked == "bills"


async def test_at_most_four_are_kept(talk: Talk) -> None:
    services = [HOSPITAL, WATER, CARD, "kjj-03", "cgj-04", "zrzy-02"]
    for service_id in services:
        await talk.open(service_id)
    assert [matter.service_id for matter in talk.desk.parked] == services[1:5]
    assert talk.matter.service_id == services[5]
