"""Queries, licences, the calculator, public information."""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions.sandbox.departments.social import RECORDS

WANG = {"name": "王秀兰", "id_no": "371302198503120021"}


@pytest.mark.parametrize(
    "operation", ["insurance", "pension", "medical_balance", "fund_account", "fund_loan", "real_estate"]
)
async def test_a_known_person_is_answered(desk, operation):
    found = (await desk("social").query(operation, **WANG)).json()
    assert "{" not in str(found["message"])
    assert {"label": "姓名", "value": "王**"} in found["lines"]
    assert any(line["label"] == "说明" and "示例" in line["value"] for line in found["lines"])


@pytest.mark.parametrize("operation", sorted(RECORDS))
async def test_an_unknown_person_is_told_so_in_one_sentence(desk, operation):
    answer = await desk("social").query(operation, name="张三", id_no="11010519491231002X")
    assert answer.status_code == 404
    assert answer.json()["message"] == "没有查到，请核对姓名和身份证号是不是同一个人的。"


async def test_a_known_person_without_such_a_record(desk):
    answer = await desk("social").query("fund_loan", name="张桂英", id_no="371322196309210046")
    assert "公积金贷款" in answer.json()["message"]


async def test_a_licence_is_valid_for_sixty_seconds(desk, clock):
    licence = desk("licence")
    shown = (await licence.query("id_card", **WANG)).json()
    code = shown["items"][0]["data"]["qr"]
    assert shown["items"][0]["data"]["valid_seconds"] == 60
    assert WANG["id_no"] not in str(shown)
    assert (await licence.query("verify", qr=code)).status_code == 200
    assert (await licence.query("verify", qr=code[:-1] + "_")).json()["field"] == "qr"
    clock.shift += timedelta(seconds=61)
    assert "过期" in (await licence.query("verify", qr=code)).json()["message"]


@pytest.mark.parametrize(
    "kind", ["driving_licence", "vehicle_licence", "ebike_licence", "residence_permit", "health_card", "bus_code"]
)
async def test_every_licence(desk, kind):
    assert (await desk("licence").query(kind, **WANG)).status_code == 200
    nobody = await desk("licence").query(kind, name="张三", id_no="11010519491231002X")
    assert nobody.json()["code"] == "not_found"


LOAN = {"loan_amount": 850000, "years": 20, "rate": 3.1}


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        # 850000 × r(1+r)^240 / ((1+r)^240 − 1), r = 0.031/12
        ("等额本息", ("4,756.74", "291,618.47")),
        # 850000 × r × 241 / 2
        ("等额本金", ("5,737.50", "264,597.92")),
    ],
)
async def test_the_mortgage_is_exact(desk, method, expected):
    found = (await desk("calculator").query("mortgage", **LOAN, method=method)).json()
    for value in expected:
        assert value in found["message"], found["message"]
    assert any("利息" in line["value"] and line["label"].startswith("换成") for line in found["lines"])


async def test_the_mortgage_without_interest_and_out_of_range(desk):
    calculator = desk("calculator")
    free = (await calculator.query("mortgage", loan_amount=240000, years=20, rate=0, method="等额本息")).json()
    assert "1,000.00" in free["message"]
    assert (await calculator.query("mortgage", **(LOAN | {"years": 60}))).json()["field"] == "years"
    assert (await calculator.query("mortgage", **LOAN, method="看心情")).json()["field"] == "method"


@pytest.mark.parametrize(
    ("operation", "fields"),
    [
        ("weather", {"date": "2026-11-21", "place": "兰山区"}),
        ("weather", {}),
        ("air", {}),
        ("power_outage", {"place": "沂南县张庄镇", "date": "2026-11-19"}),
        ("water_outage", {"place": "兰山区"}),
        ("gas_outage", {"place": "兰山区"}),
        ("heat_notice", {"place": "兰山区"}),
        ("bus_line", {"line": "K1路"}),
        ("parking", {"place": "科技馆附近"}),
        ("toilets", {}),
        ("bicycles", {}),
        ("blood_places", {}),
        ("blood_stock", {}),
        ("road", {"place": "兰山区"}),
        ("parcel", {"tracking_no": "SF1234567890123"}),
    ],
)
async def test_information_is_steady_and_says_that_it_is_a_sample(desk, operation, fields):
    first, second = [(await desk("info").query(operation, **fields)).json() for _ in range(2)]
    assert first == second
    assert "示例数据" in first["message"]


@pytest.mark.parametrize(
    ("operation", "fields", "field"),
    [
        ("weather", {"date": "2026-12-30"}, "date"),
        ("power_outage", {}, "place"),
        ("bus_line", {"line": "999路"}, "line"),
        ("parcel", {"tracking_no": "!"}, "tracking_no"),
    ],
)
async def test_information_names_the_wrong_field(desk, operation, fields, field):
    assert (await desk("info").query(operation, **fields)).json()["field"] == field


async def test_traffic(desk):
    assert "报废" in (await desk("traffic").query("scrap", plate="鲁Q5C6D7")).json()["message"]
    assert "1条" in (await desk("traffic").query("truck_violations", plate="鲁QG8866")).json()["message"]
    assert (await desk("traffic").query("scrap", plate="鲁Q")).json()["field"] == "plate"
