"""Bills, bounds, how values and messages look, and the desk."""

from __future__ import annotations

import json
from typing import Any

import pytest
from engine_world import CARD, HOSPITAL, ID_NO, MUSEUM, NOW, STREET, WATER, declared

from actions.connectors.contract import Accepted, Found, Item, Line, Option, Status, Step
from actions.engine import bills, prompts
from actions.engine.describing import describe
from actions.engine.showing import show, show_date, show_for_ear
from actions.engine.state import Awaiting, Desk, Matter
from actions.engine.validation import check
from knowledge.declaration import FormField
from nlu.acts import Situation


def bill(account: str, month: str, payable: bool = True, amount: float = 31.0) -> Item:
    return Item(
        id=f"{account}-{month}", title=f"{account} {month}", amount=amount, payable=payable,
        data={"account_no": account, "month": month},
    )  # fmt: skip


BILLS = [
    bill("1001", "2026-09"),
    bill("1001", "2026-10", amount=40.5),
    bill("2002", "2026-10"),
    bill("2002", "2026-08", False),
]
ONE = BILLS[:2]


@pytest.mark.parametrize(
    ("text", "items", "chosen", "expected"),
    [
        ("都交", BILLS, [], ["1001-2026-09", "1001-2026-10", "2002-2026-10"]),
        ("全部", ONE, [], ["1001-2026-09", "1001-2026-10"]),
        ("上个月的", ONE, [], ["1001-2026-10"]),
        ("九月份的", ONE, [], ["1001-2026-09"]),
        ("第一笔", ONE, [], ["1001-2026-09"]),
        ("第一笔和第二笔", ONE, [], ["1001-2026-09", "1001-2026-10"]),
        ("1001上个月的", BILLS, [], ["1001-2026-10"]),
        ("只交2002的", BILLS, [], ["2002-2026-10"]),
        ("上个月的先不交", ONE, ["1001-2026-09", "1001-2026-10"], ["1001-2026-09"]),
        ("九月的先不交，光交上个月的", ONE, ["1001-2026-09", "1001-2026-10"], ["1001-2026-10"]),
        ("去掉第二笔", ONE, ["1001-2026-09", "1001-2026-10"], ["1001-2026-09"]),
        ("今天天气不错", ONE, [], None),
        ("", ONE, [], None),
        ("都交", [], [], []),
    ],
)
def test_choose_among_bills(text: str, items: list[Item], chosen: list[str], expected: list[str] | None) -> None:
    assert bills.choose(text, items, chosen, NOW) == expected


def test_what_cannot_be_paid_is_never_chosen() -> None:
    assert "2002-2026-08" not in (bills.choose("八月的和上个月的", BILLS, [], NOW) or [])


def test_totals_and_months() -> None:
    assert bills.total(BILLS, ["1001-2026-09", "1001-2026-10"]) == 71.5
    assert bills.total(BILLS, []) == 0
    assert bills.described(ONE, ["1001-2026-10", "1001-2026-09"]) == ["2026-09", "2026-10"]
    assert bills.described(BILLS, ["2002-2026-10"]) == [{"account_no": "2002", "months": ["2026-10"]}]


def field(**columns: Any) -> FormField:
    return FormField.model_validate({"name": "x", "label": "人数", "type": "text", "prompt": "？", **columns})


@pytest.mark.parametrize(
    ("columns", "value", "problem"),
    [
        ({"type": "date", "rule": {"max_days_ahead": 7}}, "2026-11-25", None),
        ({"type": "date", "rule": {"max_days_ahead": 7}}, "2026-11-26", "最晚11月25日"),
        ({"type": "date", "rule": {"max_days_ahead": 7, "message": "太远了"}}, "2026-11-26", "太远了"),
        ({"type": "date"}, "2026-11-17", "11月17日已经过去了"),
        ({"type": "date"}, "2026-11-18", None),
        ({"type": "date", "rule": {"allow_today": False}}, "2026-11-18", "今天已经来不及了"),
        ({"type": "date", "rule": {"allow_past": True}}, "2026-11-17", None),
        ({"type": "date", "rule": {"allow_past": True}}, "2026-11-19", "还没到"),
        ({"type": "number", "rule": {"minimum": 1, "maximum": 20}}, 0, "人数不能小于1"),
        ({"type": "number", "rule": {"minimum": 1, "maximum": 20}}, 21, "人数不能大于20"),
        ({"type": "number", "rule": {"minimum": 1, "maximum": 20}}, 20, None),
        ({"type": "amount", "rule": {"minimum": 0.01, "message": "要交点钱"}}, 0, "要交点钱"),
        ({}, "路灯", None),
        ({}, "……", "没看懂"),
        ({}, "长" * 501, "500"),
        ({"type": "account", "rule": {"pattern": r"\d{8}"}}, "123", "格式不对"),
        ({"type": "account", "rule": {"pattern": r"\d{8}"}, "many": True}, ["12345678", "1"], "格式不对"),
        ({"type": "account", "rule": {"pattern": r"\d{8}"}, "many": True}, ["12345678"], None),
    ],
)
def test_bounds(columns: dict[str, Any], value: Any, problem: str | None) -> None:
    said = check(field(**columns), value, NOW)
    assert (said is None) if problem is None else (said is not None and problem in said)


def test_as_people_say_it() -> None:
    assert show_date("2026-11-22") == "11月22日（周日）"
    assert show(field(type="date"), "2026-11-19") == "11月19日（周四）"
    assert show(field(type="boolean"), False) == "不是" or show(field(type="boolean"), False) == "否"
    assert show(field(type="amount"), 150.0) == "150 元"
    assert show(field(type="percent"), 3.1) == "3.1%"
    assert show(field(type="account", many=True), ["1001", "2002"]) == "1001、2002"
    assert show(field(), None) == ""
    hidden = show(field(type="id_no"), ID_NO)
    assert hidden == "371302********0021"[:6] + "********" + ID_NO[-4:]
    assert "*" not in show_for_ear(field(type="id_no"), ID_NO)
    assert show_for_ear(field(type="date"), "2026-11-19") == "11月19日，周四"


def matter(service_id: str = HOSPITAL, **values: Any) -> Matter:
    return Matter(service_id=service_id, service_name="事项", kind="appointment", values=values)


def question(service_id: str, name: str, *options: str, **values: Any) -> Any:
    declaration = declared(service_id)
    wanted = next(f for f in declaration.fields if f.name == name)
    found = [Option(value=one, label=one) for one in options]
    return prompts.question(declaration, matter(service_id, **values), wanted, found, NOW)


def test_fields_that_apply() -> None:
    card = declared(CARD)
    assert [f.name for f in prompts.missing_fields(card, matter(CARD))] == ["id_no", "name"]
    assert prompts.missing_fields(card, matter(CARD, receipt_no="SBK1")) == []


def test_a_date_question_has_bounds_and_buttons() -> None:
    asked = question(HOSPITAL, "date")
    assert (asked.field.minimum, asked.field.maximum) == ("2026-11-18", "2026-11-25")
    assert asked.field.control == "date"
    assert [(c.label, c.payload["value"]) for c in asked.choices] == [
        ("今天", "2026-11-18"), ("明天", "2026-11-19"), ("后天", "2026-11-20"),
    ]  # fmt: skip
    past = question(STREET, "event_date")
    assert (past.field.minimum, past.field.maximum) == (None, "2026-11-18")
    assert [c.label for c in past.choices] == ["今天", "昨天", "前天"]


def test_choices_are_buttons() -> None:
    asked = question(HOSPITAL, "department", "骨科", "内科", "外科", "眼科", hospital="人民医院")
    assert [c.payload["value"] for c in asked.choices] == ["骨科", "内科", "外科", "眼科"]
    assert asked.speech == "您想看哪个科？"  # what is read of them: actions.dialogue.offering
    assert (asked.field.step, asked.field.total) == (2, 7)
    assert len(question(HOSPITAL, "department", *[f"科{n}" for n in range(90)]).choices) == prompts.MAX_BUTTONS


def test_every_field_of_every_service_can_be_asked() -> None:
    from knowledge.seed import CONTENT

    asked = 0
    for path in sorted((CONTENT / "services").glob("*.yaml")):
        declaration = declared(path.stem)
        for one in declaration.fields:
            message = prompts.question(declaration, matter(path.stem), one, [], NOW)
            assert message.text
            assert message.speech
            asked += 1
    assert asked > 200


def test_a_review_masks_and_adds_up() -> None:
    from actions.connectors.contract import Quote

    shown = prompts.review(declared(HOSPITAL), matter(id_no=ID_NO, date="2026-11-19", name="王秀兰"), None)
    assert [row.label for row in shown.rows] == ["日期", "就诊人", "身份证号"]
    assert ID_NO not in json.dumps(shown.model_dump(), ensure_ascii=False)
    assert [c.payload["do"] for c in shown.choices] == ["confirm", "cancel"]
    quote = Quote(message="", items=ONE, total=40.5)
    paying = prompts.review(declared(WATER), matter(WATER, account_no=["1001"], bills=["1001-2026-10"]), quote)
    assert paying.rows[-1].label == "合计"
    assert paying.rows[-1].value == "40.50 元"
    assert "40.50元" in paying.speech
    assert paying.choices[0].label == "确认付款"


def test_a_receipt_can_be_followed_and_rated() -> None:
    taken = Accepted(receipt_no="GH1", status="已预约", message="约好了。", lines=[Line(label="序号", value="3")])
    message = prompts.accepted(declared(MUSEUM), taken, NOW)
    assert message.receipt is not None
    assert message.receipt.number == "GH1"
    assert message.receipt.submitted_at == "2026-11-18T09:00:00"
    assert "GH1" in message.text
    assert {"do": "progress", "value": "GH1", "label": "查看进度"} in [c.payload for c in message.choices]


def test_results_and_time_lines() -> None:
    found = Found(message="欠2笔。", items=ONE, as_of="2026-11-18T09:00:00", lines=[Line(label="户号", value="1001")])
    message = prompts.found(declared("zjj-06"), found, [("zjj-07", "去缴费")])
    assert message.badges == ["2026-11-18 09:00 查得"]
    assert [s.heading for s in message.sections] == ["1001 2026-09", "1001 2026-10"]
    assert message.choices[0].payload["service_id"] == "zjj-07"
    steps = [Step(name="受理", state="done", at="2026-11-14T09:00:00"), Step(name="制卡", state="now", note="三天")]
    line = prompts.progress("社保卡", Status(receipt_no="S1", status="制卡", message="到制卡了。", steps=steps))
    assert line.sections[0].items == ["✓ 受理 2026-11-14 09:00", "● 制卡（三天）"]


def test_the_desk_keeps_one_in_hand() -> None:
    desk = Desk()
    assert desk.put_down() is None
    first, second = matter(), matter(WATER)
    desk.take_up(first)
    desk.take_up(first)
    assert desk.parked == []
    desk.take_up(second)
    assert (desk.matter, desk.parked, desk.focus) == (second, [first], WATER)
    desk.take_up(first)
    assert (desk.matter, desk.parked) == (first, [second])
    desk.finish()
    assert (desk.matter, desk.awaiting, [m.phase for m in desk.done]) == (None, None, ["done"])
    for _ in range(5):
        desk.take_up(matter())
        desk.finish()
    assert len(desk.done) == 3
    assert desk.parked == [second]


def test_touch_keeps_the_order_of_speaking() -> None:
    one = matter()
    for name in ("a", "b", "a"):
        one.touch(name)
    assert one.touched == ["b", "a"]


def test_old_state_is_still_read() -> None:
    desk = Desk.model_validate(
        {"matter": {"service_id": "a-01", "service_name": "甲", "kind": "query", "gone": 1}, "old": 2}
    )
    assert desk.matter is not None
    assert desk.matter.key


def test_what_is_awaited_is_what_the_acts_are_judged_by() -> None:
    desk = Desk(awaiting=Awaiting(phase="filling", name="date", type="date", options=["x"], wants=["date"]))
    assert Situation.of(desk.model_dump(mode="json")) == Situation("filling", "date", "date", ("x",), ("date",), False)


def test_the_name_of_a_report_is_no_description() -> None:
    service = declared("cgj-04")
    assert describe("我要反映城市管理问题", service) is None
    assert describe("我要反映，楼下烧烤摊天天冒黑烟，你们管不管", service) == "烧烤摊天天冒黑烟"
