"""Questions in the middle of a form, choosing among bills, forms opened twice, what is refused or forgotten."""

from __future__ import annotations

from typing import Any

import pytest
from engine_world import HOSPITAL, NOW, PHONE, STREET, WATER, Talk, World

from actions.engine.context import TurnInput
from actions.engine.expiry import expire

DAY = 86400


async def asked(talk: Talk, text: str) -> str:
    """Ask in the middle of the form; return the answer."""
    before = dict(talk.values)
    talk.desk.asked_before, talk.desk.asked = talk.desk.asked, None
    outcome = await talk.engine.aside(talk.desk, TurnInput("conversation", text, "ask", NOW))
    assert talk.values == before, "a question filled something"
    return "" if outcome is None else outcome.messages[0].text


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("第二笔", ["09"]),
        ("第二笔和第三笔", ["09", "10"]),
        ("交前两笔", ["08", "09"]),
        ("最后一笔先交", ["10"]),
        ("最近两个月的", ["09", "10"]),
        ("最早的那笔", ["08"]),
        ("除了第一笔都交", ["09", "10"]),
        ("都交", ["08", "09", "10"]),
    ],
)
async def test_bills_by_position_and_size(talk: Talk, text: str, months: list[str]) -> None:
    await talk.open(WATER)
    await talk.say("10040017")
    await talk.say(text)
    assert [bill[-2:] for bill in talk.values["bills"]] == months
    assert talk.asked == "confirm"


async def test_the_most_expensive_bill(talk: Talk) -> None:
    await talk.open(WATER)
    await talk.say("10040017")
    amounts = {p["label"].split(" ")[-2]: p["value"] for p in talk.buttons if p["do"] == "field"}
    dearest = amounts[max(amounts, key=float)]
    await talk.say("最贵的那笔")
    assert talk.values["bills"] == [dearest]


async def test_questions_about_ones_own_bills(talk: Talk) -> None:
    await talk.open(WATER)
    await talk.say("10040017")
    assert "一共 3 笔，加起来 142.60 元" in await asked(talk, "一共欠几笔")
    assert "加起来 142.60 元" in await asked(talk, "加起来是多少")
    second = await asked(talk, "第二笔多少钱")
    assert "2026年9月" in second
    assert "2026年10月" not in second
    await talk.say("第一笔")
    assert "您选了 1 笔" in await asked(talk, "总共多少钱")
    assert await asked(talk, "要带什么") == ""


async def test_what_is_free_is_asked_and_asked_of_another_day(talk: Talk) -> None:
    await talk.open(HOSPITAL, "明天上午去人民医院挂个皮肤科")
    assert "上午" not in await asked(talk, "明天还有号吗"), "11月19日 is a Thursday, whose morning is sold out"
    assert "11月20日（周五）还能约：上午余20、下午余20" in await asked(talk, "后天呢")
    assert "11月21日" in await asked(talk, "大后天呢")
    assert await asked(talk, "水费呢") != ""  # still of the day in the form: names no day
    await asked(talk, "要带什么")
    assert await asked(talk, "后天呢") == "", "the question before was another one"


async def test_a_hospital_that_is_only_asked_about(talk: Talk) -> None:
    await talk.open(HOSPITAL)
    assert await asked(talk, "人民医院在哪") == ""
    assert talk.values == {}


@pytest.mark.parametrize(
    "text", ["给孟庆丰挂", "替孟庆丰挂的号", "给俺爹孟庆丰约", "给孟庆丰挂，身份证371302198503120021"]
)
async def test_a_name_between_for_whom_and_what(talk: Talk, text: str) -> None:
    await talk.open(HOSPITAL, "明天上午去人民医院挂个骨科")
    await talk.say(text)
    assert talk.values["name"] == "孟庆丰"


async def test_the_same_service_twice_is_one_form(talk: Talk) -> None:
    await talk.open(HOSPITAL, "明天上午去人民医院挂个骨科")
    before = dict(talk.values)
    await talk.open(HOSPITAL)
    assert talk.values == before
    assert talk.desk.parked == []
    assert talk.asked == "name"
    await talk.open(WATER)
    await talk.open(HOSPITAL)
    await talk.open(WATER)
    assert len(talk.desk.parked) <= 2
    empty = [matter for matter in talk.desk.parked if not matter.values]
    assert len({matter.service_id for matter in empty}) == len(empty), "empty copies pile up"


async def test_a_text_needs_more_than_one_character(talk: Talk) -> None:
    await talk.open(STREET)
    await talk.say("灯")
    assert "problem" not in talk.values
    assert "太短" in talk.text
    await talk.say("路灯不亮")
    assert talk.values["problem"] == "路灯不亮"


async def test_the_purpose_is_said_once_and_can_be_refused(talk: Talk) -> None:
    await talk.open(HOSPITAL, "明天上午去人民医院挂个骨科")
    assert "加密保存" in talk.text
    await talk.say("王秀兰")
    assert "加密保存" not in talk.text


async def test_a_forgotten_form_is_gone(talk: Talk) -> None:
    await talk.open(WATER)
    await talk.open(HOSPITAL, f"明天上午去人民医院挂个骨科，我叫王秀兰，手机{PHONE}")
    talk.desk.at = 1000.0
    assert expire(talk.desk, 1000.0 + 0.9 * DAY) == []
    assert talk.desk.matter is not None
    assert expire(talk.desk, 1000.0 + 1.1 * DAY) == ["预约医院挂号"]
    assert talk.desk.matter is None
    assert talk.desk.parked == []
    assert PHONE not in talk.desk.model_dump_json()


async def test_what_was_put_aside_long_ago_goes_quietly(talk: Talk) -> None:
    await talk.open(WATER)
    await talk.say("10040017")
    await talk.open(HOSPITAL)
    talk.desk.parked[0].parked_at, talk.desk.at = 1000.0, 1000.0 + DAY
    assert expire(talk.desk, 1001.0 + DAY) == []
    assert talk.desk.parked == []
    assert talk.desk.matter is not None


async def test_an_application_is_examined_before_it_is_handed_in(talk: Talk, world: World) -> None:
    await _medical_aid(talk, "只有诊断证明")
    assert talk.asked == "confirm"
    rows: dict[str, Any] = {row.label: row.value for row in talk.last.rows}
    assert "医疗费用票据" in rows["预审"]
    assert "银行账户" in rows["预审"]
    assert world.count("matters") == 9 or world.count("matters") > 0
    await talk.press("confirm")
    assert talk.status == "done"
    supply = next(p for p in talk.buttons if p.get("service_id") == "desk-05")
    assert supply["value"] == talk.receipt


async def _medical_aid(talk: Talk, materials: str) -> None:
    service = "ybj-05"
    for candidate in ("ybj-01", "ybj-02", "ybj-03", "ybj-04", "ybj-05", "ybj-06", "mzj-01", "mzj-02", "mzj-03"):
        declaration = await talk.engine.declarations.get(candidate)
        if declaration is not None and declaration.operation and declaration.operation.name == "medical_aid":
            service = candidate
    await talk.open(service)
    answers = {"name": "王秀兰", "id_no": "371302198503120021", "phone": PHONE, "materials": materials}
    for _ in range(8):
        if talk.asked not in answers:
            break
        await talk.say(answers[talk.asked])


async def test_missing_materials_are_handed_in_later(talk: Talk) -> None:
    await _medical_aid(talk, "只有诊断证明")
    await talk.press("confirm")
    receipt = talk.receipt
    declaration = await talk.engine.declarations.get("desk-05")
    assert declaration is not None
    turn = talk._turn("/press", "start", {"do": "start", "service_id": "desk-05"})
    await talk._go_on(await talk.engine.open(talk.desk, declaration, turn, {"receipt_no": receipt}), turn)
    assert talk.asked == "materials"
    await talk.say("票据开出来了")
    await talk.press("confirm")
    assert talk.receipt == receipt
    assert "银行账户" in talk.text
    assert any(p.get("service_id") == "desk-05" for p in talk.buttons), "one is still missing"
    turn = talk._turn("/press", "start", {"do": "start", "service_id": "desk-05"})
    await talk._go_on(await talk.engine.open(talk.desk, declaration, turn, {"receipt_no": receipt}), turn)
    await talk.say("都有了")
    await talk.press("confirm")
    assert talk.receipt == receipt
    status = await talk.engine.performer.status("apply", receipt)
    assert status.status != "待补正"
