"""One sentence into the fields of a declaration."""

from __future__ import annotations

from typing import Any

import pytest
from engine_world import HOSPITAL, ID_NO, MUSEUM, NOW, PHONE, STREET, WATER, declared

from actions.engine.reading import Reader, Reading, entity_types
from actions.engine.state import Matter
from knowledge.declaration import FormField, ServiceDeclaration

OPTIONS = {"hospital": ["人民医院", "中心医院", "中医医院", "妇幼保健院"], "department": ["骨科", "内科", "中医科"]}


def field(name: str = "x", **columns: Any) -> FormField:
    return FormField.model_validate({"name": name, "label": "项", "type": "text", "prompt": "？", **columns})


def service(*fields: FormField) -> ServiceDeclaration:
    return declared(MUSEUM).model_copy(update={"fields": list(fields)})


def read(
    declaration: ServiceDeclaration | str, text: str, awaiting: str | None = None, overwrite: bool = False,
    matter: dict[str, Any] | None = None, **values: Any,
) -> Reading:  # fmt: skip
    if isinstance(declaration, str):
        declaration = declared(declaration)
    in_hand = Matter(service_id="x-01", service_name="x", kind="report", values=values, **(matter or {}))
    return Reader(declaration, in_hand, NOW, OPTIONS).read(text, awaiting, overwrite)


@pytest.mark.parametrize(
    ("service_id", "text", "values"),
    [
        (
            HOSPITAL,
            "明天上午去人民医院挂个骨科",
            {"hospital": "人民医院", "department": "骨科", "date": "2026-11-19", "period": "上午"},
        ),
        (HOSPITAL, f"王秀兰，{ID_NO}，{PHONE}", {"name": "王秀兰", "id_no": ID_NO, "phone": PHONE}),
        (MUSEUM, "周六上午带俩娃去，一共五个人", {"date": "2026-11-21", "period": "上午", "people": 5, "children": 2}),
        (WATER, "户号10023345和10028876", {"account_no": ["10023345", "10028876"]}),
        (STREET, "昨天晚上十一点", {"event_date": "2026-11-17", "event_time": "23:00"}),
        (HOSPITAL, "后天下午，齐建军", {"date": "2026-11-20", "period": "下午", "name": "齐建军"}),
        (HOSPITAL, "后天下午，方便", {"date": "2026-11-20", "period": "下午"}),
        (HOSPITAL, "你们好", {}),
        (HOSPITAL, "", {}),
    ],
)  # fmt: skip
def test_several_fields_in_one_sentence(service_id: str, text: str, values: dict[str, Any]) -> None:
    reading = read(service_id, text)
    assert reading.values == values
    assert reading.problems == {}


def test_filled_fields_change_only_when_corrected_or_asked() -> None:
    said = "后天下午"
    kept = {"date": "2026-11-19", "period": "上午"}
    assert read(HOSPITAL, said, "phone", **kept).values == {}
    assert read(HOSPITAL, said, "date", **kept).values == {"date": "2026-11-20"}
    assert read(HOSPITAL, said, "phone", overwrite=True, **kept).values == {"date": "2026-11-20", "period": "下午"}


@pytest.mark.parametrize("said", ["后天下午", "人民医院", "两个人", "骨科"])
def test_what_is_something_else_is_no_name(said: str) -> None:
    kept = {"date": "2026-11-19", "period": "上午", "hospital": "中心医院", "department": "内科"}
    assert "name" not in read(HOSPITAL, said, "name", **kept).values


def test_a_refused_value_has_a_reason_and_what_was_said() -> None:
    reading = read(HOSPITAL, "我身份证371302198503120027", "id_no")
    assert "id_no" not in reading.values
    assert reading.problems["id_no"]
    assert reading.said["id_no"] == "371302198503120027"


@pytest.mark.parametrize(
    ("text", "touched", "rejected", "values", "expected"),
    [
        ("尾号是4321", ["phone"], {}, {"phone": PHONE}, {"phone": "13900004321"}),
        ("最后一位是1", ["id_no"], {"id_no": ID_NO[:-1] + "7"}, {}, {"id_no": ID_NO}),
        ("尾号是4322", ["phone", "id_no"], {}, {"phone": PHONE, "id_no": ID_NO}, {}),  # no ID number ends so: see below
        ("尾号是4321", [], {}, {"phone": PHONE}, {}),
    ],
)
def test_last_digits(
    text: str, touched: list[str], rejected: dict[str, str], values: dict[str, str], expected: dict[str, str]
) -> None:
    reading = read(HOSPITAL, text, overwrite=True, matter={"touched": touched, "rejected": rejected}, **values)
    assert reading.values == expected
    if touched == ["phone", "id_no"]:
        assert "id_no" in reading.problems


def test_the_last_of_several_is_meant() -> None:
    assert read(HOSPITAL, "周五，不，下周二", "date").values["date"] == "2026-11-24"


def test_text_takes_a_whole_sentence_only_when_asked() -> None:
    free = service(field("problem"))
    assert read(free, "路灯不亮").values == {}
    assert read(free, " 路灯不亮 ", "problem").values == {"problem": "路灯不亮"}
    assert read(free, "？？", "problem").problems == {"problem": "没看懂，请再说一遍"}
    assert "太长" in read(free, "坏" * 501, "problem").problems["problem"]


@pytest.mark.parametrize(
    ("said", "value", "problem"),
    [
        ("人民医院", "人民医院", ""),
        ("第二个", "中心医院", ""),
        ("妇幼", "妇幼保健院", ""),
        ("协和", None, "没有这个选项"),
    ],
)
def test_a_choice_by_name_place_or_part(said: str, value: str | None, problem: str) -> None:
    reading = read(HOSPITAL, said, "hospital")
    assert reading.values.get("hospital") == value
    assert reading.problems.get("hospital", "") == problem


def test_an_open_choice_names_what_it_may_be() -> None:
    reading = read(HOSPITAL, "中", "hospital")
    assert "hospital" not in reading.values
    assert "中心医院" in reading.problems["hospital"]


def test_a_time_settles_the_half_day() -> None:
    assert read("zrzy-02", "下午两点半").values == {"time": "14:30", "period": "下午"}


@pytest.mark.parametrize(("said", "people"), [("少一个", 2), ("再加一个人", 4), ("一共五个人", 5)])
def test_a_number_can_change_by_steps(said: str, people: int) -> None:
    assert read(MUSEUM, said, overwrite=True, people=3).values.get("people") == people


@pytest.mark.parametrize(("said", "value"), [("三个", 3), ("3", 3), ("就我自己一个人", 1)])
def test_a_bare_number_answers_the_question(said: str, value: int) -> None:
    assert read(MUSEUM, said, "people").values == {"people": value}


def test_boolean_and_amount() -> None:
    form = service(field("anonymous", type="boolean"), field("amount", type="amount", prefill="amount"))
    assert read(form, "不用了", "anonymous").values == {"anonymous": False}
    assert read(form, "一百五十块", "amount").values == {"amount": 150}


def test_entity_types() -> None:
    assert entity_types(field(type="number", prefill="count")) == ("people", "count")
    assert entity_types(field(type="date")) == ("date",)
    assert entity_types(field()) == ()


def test_a_correction_is_of_the_person_it_names() -> None:
    school = declared("jyj-03")
    children = [f.name for f in school.fields if f.type == "person"]
    assert len(children) == 2
    child, guardian = children
    matter = Matter(service_id="jyj-03", service_name="x", kind="x", values={child: "李小明", guardian: "张桂兰"})
    reader = Reader(school, matter, NOW, {})
    assert reader.read("监护人改成张桂英", None, True, correcting=True).values == {guardian: "张桂英"}
    assert reader.read("孩子的名字错了，应该是李晓明", None, True, correcting=True).values == {child: "李晓明"}
