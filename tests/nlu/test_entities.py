"""Check typed entities against a table of expressions."""

import json
from typing import Any

import pytest

from nlu.entities import apply_tail, extract, parse_as
from tests.nlu.tables import NOW, table


def _plain(value: Any) -> str:
    if isinstance(value, dict) and "start" in value:
        return f"{value['start']}..{value['end']}"
    if isinstance(value, dict):
        return f"{value['value']} {value['unit']}"
    return "none" if value is None else str(value)


@pytest.mark.parametrize(("text", "expect", "kind", "value", "problem"), list(table("entities", 5)))
def test_extracts(text: str, expect: str, kind: str, value: str, problem: str) -> None:
    found = [one for one in extract(text, NOW, expect=expect or None) if one.type == kind]
    if value == "-":
        assert not found
        return
    assert value in [_plain(one.value) for one in found]
    entity = next(one for one in found if _plain(one.value) == value)
    assert text[entity.start : entity.end] == entity.text
    json.dumps(entity.value)
    if problem:
        assert problem in (entity.problem or "")
    else:
        assert entity.problem is None


@pytest.mark.parametrize(("kind", "text", "value", "problem"), list(table("parse", 4)))
def test_parses_a_field(kind: str, text: str, value: str, problem: str) -> None:
    parsed = parse_as(kind, text, NOW, options=["河东区", "兰山区", "罗庄区"])
    assert parsed.value == json.loads(value)
    if problem:
        assert problem in (parsed.problem or "")
    else:
        assert parsed.problem is None


def test_the_tables_are_large_and_no_line_stands_twice() -> None:
    expressions = [(text, expect, kind, value) for text, expect, kind, value, _ in table("entities", 5)]
    assert len(set(expressions)) == len(expressions), [one for one in expressions if expressions.count(one) > 1]
    assert len({text for text, *_ in expressions}) >= 400
    assert len(expressions) >= 500


def test_two_accounts_and_two_months() -> None:
    entities = extract("我家户号10023399，对门的是10023400，交上个月和上上个月的", NOW)
    assert [one.value for one in entities if one.type == "account"] == ["10023399", "10023400"]
    assert [one.value for one in entities if one.type == "month"] == ["2026-10", "2026-09"]


@pytest.mark.parametrize(
    ("number", "text", "corrected"),
    [
        ("13811112222", "尾号4321", "13811114321"),
        ("371302198506150016", "最后一位是五", "371302198506150015"),
        ("20261105014", "末了是三不是四", "20261105013"),
        ("20261105019", "末了是三不是四", None),
        ("13811112222", "倒数第二位是六", "13811112262"),
    ],
)
def test_applies_a_tail(number: str, text: str, corrected: str | None) -> None:
    tail = next(one for one in extract(text, NOW) if one.type == "tail")
    assert apply_tail(number, tail) == corrected


def test_event_dates_lie_in_the_past() -> None:
    assert parse_as("date", "8月3号", NOW, past=True).value == "2026-08-03"
    assert parse_as("date", "20号", NOW, past=True).value == "2026-10-20"
    assert parse_as("date", "周五", NOW, past=True).value == "2026-11-13"


def test_several_values_in_one_sentence() -> None:
    text = "后天下午三点带俩大人一个小孩去市图书馆，我叫李秀英，手机13811112222"
    found = {one.type: one.value for one in extract(text, NOW)}
    assert found["date"] == "2026-11-20"
    assert found["time"] == "15:00"
    assert found["people"] == 3
    assert found["children"] == 1
    assert found["institution"] == "图书馆"
    assert found["person"] == "李秀英"
    assert found["phone"] == "13811112222"


def test_refuses_an_unknown_field_type() -> None:
    with pytest.raises(ValueError, match="unknown field type"):
        parse_as("colour", "红", NOW)
