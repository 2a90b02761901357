"""Check the fields of a request; every refusal names the field and says what is wrong."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from actions.sandbox.department import Call
from actions.sandbox.problems import Refusal

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_PLATE = re.compile(r"[\u4e00-\u9fff][A-HJ-NP-Z][A-HJ-NP-Z0-9]{5,6}")


def invalid(call: Call, field: str, key: str, **values: Any) -> Refusal:
    return Refusal("invalid_field", call.say(key, **values), field=field)


def need(call: Call, field: str) -> str:
    """Return a field's text; refuse when it is missing."""
    if not (value := call.text(field)):
        raise invalid(call, field, "missing", label=call.say(f"label_{field}"))
    return value


def good_id(value: str) -> bool:
    """Tell whether an 18-character identity number has a real birthday and the right check character."""
    if not re.fullmatch(r"\d{17}[\dX]", value):
        return False
    try:
        date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(value[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == value[17]


def id_no(call: Call, field: str = "id_no") -> str:
    value = need(call, field).upper()
    if not good_id(value):
        raise invalid(call, field, "bad_id")
    return value


def age(value: str, today: date) -> int:
    """Return the age that an identity number gives."""
    born = date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def phone(call: Call, mobile: bool = False) -> str:
    value = re.sub(r"\s", "", need(call, "phone"))
    if not (_MOBILE if mobile else _PHONE).fullmatch(value):
        raise invalid(call, "phone", "bad_phone")
    return value


def person(call: Call) -> tuple[str, str, str]:
    """Return name, identity number and telephone; the last two are checked where they are given."""
    name = need(call, "name")
    number = id_no(call) if call.text("id_no") else ""
    return name, number, phone(call)


def plate(call: Call) -> str:
    value = re.sub(r"[\s·-]", "", need(call, "plate")).upper()
    if not _PLATE.fullmatch(value):
        raise invalid(call, "plate", "bad_plate")
    return value


def number(call: Call, field: str, low: float, high: float) -> float:
    """Return a field as a number between bounds."""
    try:
        value = float(need(call, field))
    except ValueError:
        raise invalid(call, field, "not_number", label=call.say(f"label_{field}")) from None
    if not low <= value <= high:
        raise invalid(call, field, "out_of_range", label=call.say(f"label_{field}"), low=f"{low:g}", high=f"{high:g}")
    return value


def masked_id(value: str) -> str:
    return value[:6] + "*" * 8 + value[-4:]


def masked_name(value: str) -> str:
    return value[:1] + "*" * max(len(value) - 1, 1)
