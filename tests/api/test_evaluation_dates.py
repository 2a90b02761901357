"""Check how the evaluation resolves dates and compares values."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from api.evaluation.compare import same
from api.evaluation.dates import Span, UnknownDate, resolve

SUNDAY = date(2026, 11, 22)
SATURDAY = date(2026, 11, 21)
NEW_YEAR = date(2027, 1, 5)


@pytest.mark.parametrize(
    ("tag", "today", "expected"),
    [
        ("<today>", SUNDAY, "2026-11-22"),
        ("<tomorrow>", SUNDAY, "2026-11-23"),
        ("<day_after_tomorrow>", SUNDAY, "2026-11-24"),
        ("<yesterday>", SUNDAY, "2026-11-21"),
        ("<day_before_yesterday>", SUNDAY, "2026-11-20"),
        ("<today+3>", SUNDAY, "2026-11-25"),
        ("<today-10>", SUNDAY, "2026-11-12"),
        ("<this_sun>", SUNDAY, "2026-11-22"),
        ("<this_sat>", SUNDAY, "2026-11-28"),
        ("<this_sat>", SATURDAY, "2026-11-21"),
        ("<this_sun>", SATURDAY, "2026-11-22"),
        ("<next_mon>", SUNDAY, "2026-11-23"),
        ("<next_wed>", SATURDAY, "2026-11-25"),
        ("<next_sun>", SUNDAY, "2026-11-29"),
        ("<last_fri>", SUNDAY, "2026-11-13"),
        ("<this_month>", SUNDAY, "2026-11"),
        ("<last_month>", NEW_YEAR, "2026-12"),
        ("<month-2>", NEW_YEAR, "2026-11"),
        ("<month+1>", date(2026, 12, 31), "2027-01"),
        # The lunar year of 22 November 2026 began on 17 February; before that day the lunar year is still 2025.
        ("<last_year_lunar_12>", SUNDAY, Span("2026-01-19", "2026-02-16")),
        ("<last_year_lunar_12>", date(2026, 2, 1), Span("2024-12-31", "2025-01-28")),
        ("<this_year_lunar_8>", SUNDAY, Span("2026-09-11", "2026-10-09")),
    ],
)
def test_resolves(tag: str, today: date, expected: Any) -> None:
    assert resolve(tag, today) == expected


def test_resolves_inside() -> None:
    bills = [{"account_no": "1", "months": ["<month-1>", "<this_month>"]}]
    assert resolve(bills, SUNDAY) == [{"account_no": "1", "months": ["2026-10", "2026-11"]}]
    assert resolve({"n": 3, "text": "a <b> c"}, SUNDAY) == {"n": 3, "text": "a <b> c"}


@pytest.mark.parametrize("tag", ["<someday>", "<next_day>", "<last_year_lunar_13>", "<month>"])
def test_refuses(tag: str) -> None:
    with pytest.raises(UnknownDate):
        resolve(tag, SUNDAY)


LUNAR = Span("2026-01-19", "2026-02-16")
BILLS = [{"account_no": "1", "months": ["2026-09", "2026-10"]}, {"account_no": "2", "months": ["2026-10"]}]


@pytest.mark.parametrize(
    ("name", "expected", "got"),
    [
        ("people", 3, "3"),
        ("amount", 100, 100.0),
        ("rate", 3.1, "3.10"),
        ("phone", "13900001234", "139 0000 1234"),
        ("plate", "鲁Q8A7K2", "鲁q8a7k2"),
        ("anonymous", True, "是"),
        ("hospital", "人民医院", "临沂市人民医院"),
        ("office", "河东区", "河东区政务服务大厅"),
        ("account_no", "10023345", ["10023345"]),
        ("account_no", ["1", "2"], ["2", "1"]),
        ("bills", ["2026-10"], ["2026-10"]),
        ("bills", BILLS, list(reversed(BILLS))),
        ("event_date", LUNAR, "2026-02-01"),
        ("event_date", LUNAR, {"start": "2026-01-19", "end": "2026-02-16"}),
        ("event_date", LUNAR, "2026-01"),
        ("place", "罗庄区湖东路与文化路路口北", "在罗庄区，湖东路跟……跟文化路的路口往北一点"),
        ("problem", "井盖坏了", "俺们村口有个井盖坏了呀"),
        ("detail", "白色面包车，停了两天", "是一辆白色的面包车，已经停了有两三天"),
        ("photo", "无", "没拍到"),
    ],
)
def test_same(name: str, expected: Any, got: Any) -> None:
    assert same(name, expected, got)


@pytest.mark.parametrize(
    ("name", "expected", "got"),
    [
        ("people", 3, None),
        ("people", 3, 4),
        ("people", 3, "三个"),
        ("name", "王秀兰", "我叫王秀兰"),
        ("phone", "13900001234", "13900001235"),
        ("anonymous", True, "否"),
        ("hospital", "人民医院", "中医医院"),
        ("account_no", ["1", "2"], ["1"]),
        ("account_no", ["1"], ["1", "2"]),
        ("account_no", "1", ["1", "2"]),
        ("bills", ["2026-10"], ["water-10023345-2026-10"]),
        ("bills", BILLS, BILLS[:1]),
        ("bills", BILLS[:1], [{"account_no": "1", "months": ["2026-10"]}]),
        ("event_date", LUNAR, "2026-02-17"),
        ("event_date", LUNAR, "去年"),
        ("place", "罗庄区湖东路与文化路路口北", "罗庄区"),
        ("problem", "井盖坏了", "路灯不亮"),
        ("photo", "无", "一会儿传"),
    ],
)
def test_differs(name: str, expected: Any, got: Any) -> None:
    assert not same(name, expected, got)
