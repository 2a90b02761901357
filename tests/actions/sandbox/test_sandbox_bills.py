"""Bills, top-ups and the payment module: money moves once or not at all."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from actions.sandbox.tables import PaidBill, Payment

WATER = {"account_no": ["10023345", "10028876"]}


def count(app, table) -> int:
    with app.state.desk.store.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


async def test_bills_of_two_accounts(desk):
    found = (await desk("water").query("bills", **WATER)).json()
    assert [(i["data"]["account_no"], i["data"]["month"]) for i in found["items"]] == [
        ("10023345", "2026-09"),
        ("10023345", "2026-10"),
        ("10028876", "2026-09"),
        ("10028876", "2026-10"),
    ]
    assert "有4笔没交" in found["message"]
    again = (await desk("water").query("bills", **WATER)).json()
    assert again["items"] == found["items"], "amounts are always the same"


async def test_chosen_bills_are_quoted_and_paid_once(desk, app):
    water = desk("water")
    items = (await water.quote("pay", **WATER)).json()["items"]
    chosen = [i["id"] for i in items if i["data"]["account_no"] == "10023345"]
    total = round(sum(i["amount"] for i in items if i["id"] in chosen), 2)
    quote = (await water.quote("pay", **WATER, bills=chosen)).json()
    assert quote["total"] == total
    assert len(quote["items"]) == 4
    accepted = (await water.submit("pay", **WATER, bills=chosen)).json()
    assert accepted["status"] == "缴费成功"
    assert f"{total:.2f}" in accepted["message"]
    again = await water.submit("pay", **WATER, bills=chosen[:1])
    assert again.status_code == 409
    assert again.json()["code"] == "already_done"
    assert again.json()["field"] == "bills"
    left = (await water.quote("pay", **WATER)).json()["items"]
    assert {i["data"]["account_no"] for i in left} == {"10028876"}
    assert count(app, PaidBill) == 2
    assert count(app, Payment) == 1
    assert (await water.status(accepted["receipt_no"])).json()["status"] == "缴费成功"


async def test_bills_named_by_account_and_months(desk):
    bills = [
        {"account_no": "10023345", "months": ["2026-09", "2026-10"]},
        {"account_no": "10028876", "months": ["2026-10"]},
    ]
    accepted = await desk("water").submit("pay", **WATER, bills=bills)
    assert accepted.status_code == 200
    assert accepted.json()["lines"][2]["value"].count("水费") == 3


async def test_one_bill_paid_by_many_at_once(desk, app):
    power = desk("power")
    answers = await asyncio.gather(
        *(power.submit("pay", key=f"k{n}", account_no="3713028890", bills=["2026-10"]) for n in range(40))
    )
    assert sorted(a.status_code for a in answers) == [200] + [409] * 39
    assert count(app, Payment) == 1


async def test_more_than_the_bill_is_stored(desk):
    power = desk("power")
    account = {"account_no": "3713028890"}
    items = (await power.quote("pay", **account)).json()["items"]
    assert [i["data"]["month"] for i in items] == ["2026-10", "2026-11"]
    bill = items[0]
    few = await power.submit("pay", **account, bills=[bill["id"]], amount=bill["amount"] - 1)
    assert few.json()["field"] == "amount"
    assert (await power.quote("pay", **account, bills=[bill["id"]], amount=150)).json()["total"] == 150
    paid = (await power.submit("pay", **account, bills=[bill["id"]], amount=150)).json()
    stored = f"{150 - bill['amount']:.2f} 元"
    assert {"label": "其中预存", "value": stored} in paid["lines"]
    found = (await power.query("bills", **account)).json()
    assert {"label": "账户余额", "value": stored} in found["lines"]


async def test_unknown_accounts_and_foreign_bills(desk):
    unknown = await desk("water").query("bills", account_no="99999999")
    assert unknown.status_code == 404
    assert unknown.json()["field"] == "account_no"
    foreign = await desk("water").submit("pay", account_no="10023345", bills=["water-10028876-2026-10"])
    assert foreign.json()["field"] == "bills"
    nothing = await desk("water").submit("pay", account_no="10035568")
    assert nothing.json()["code"] == "already_done"


async def test_heat_has_one_bill_a_season(desk):
    items = (await desk("heat").quote("pay", account_no="20011001")).json()["items"]
    assert len(items) == 1
    assert "供暖季" in items[0]["title"]


async def fault(http, mode: str, **rest) -> None:
    body = {"connector": "payment", "operation": "pay", "mode": mode, **rest}
    assert (await http.post("/faults", json=body)).status_code == 200


@pytest.mark.parametrize(("mode", "status", "code"), [("fail", 402, "payment_failed"), ("down", 503, "unavailable")])
async def test_a_failed_payment_charges_nothing_and_may_be_repeated(desk, http, app, mode, status, code):
    await fault(http, mode)
    water = desk("water")
    failed = await water.submit("pay", key="k", account_no="10031120")
    assert (failed.status_code, failed.json()["code"]) == (status, code)
    assert "没有扣钱" in failed.json()["message"]
    assert count(app, Payment) == count(app, PaidBill) == 0
    assert (await water.submit("pay", key="k", account_no="10031120")).status_code == 200


async def test_a_late_payment_settles_and_is_never_paid_twice(desk, http, clock, app):
    await fault(http, "late")
    water = desk("water")
    pending = (await water.submit("pay", account_no="10031120")).json()
    assert pending["status"] == "支付处理中"
    assert (await water.status(pending["receipt_no"])).json()["status"] == "支付处理中"
    again = await water.submit("pay", account_no="10031120", bills=["2026-10"])
    assert again.json()["code"] == "already_done"
    clock.shift += timedelta(seconds=6)
    assert (await water.status(pending["receipt_no"])).json()["status"] == "缴费成功"
    assert count(app, Payment) == 1


async def test_a_slow_payment_is_answered_late_but_once(desk, http, app):
    await fault(http, "slow", seconds=0.3)
    answer = await desk("water").submit("pay", account_no="10031120")
    assert answer.status_code == 200
    assert count(app, Payment) == 1


async def test_topping_up(desk, app):
    telecom = desk("telecom")
    before = (await telecom.query("bill_unicom", phone="18600003321")).json()
    accepted = (await telecom.submit("topup_unicom", operator="联通", phone="18600003321", amount=50)).json()
    assert accepted["status"] == "缴费成功"
    after = (await telecom.query("bill_unicom", phone="18600003321")).json()
    value = [
        float(next(row["value"] for row in f["lines"] if row["label"] == "话费余额").split()[0])
        for f in (before, after)
    ]
    assert round(value[1] - value[0], 2) == 50
    assert (await telecom.submit("topup_mobile", phone="1860000332", amount=50)).json()["field"] == "phone"
    assert (await telecom.submit("topup_mobile", phone="13900002222", amount=-5)).json()["field"] == "amount"
    assert (await telecom.quote("topup_telecom", phone="13900002222", amount=30)).json()["total"] == 30


async def test_insurance_for_one_and_for_two(desk):
    social = desk("social")
    one = {"name": "张桂英", "id_no": "371322196309210046"}
    two = one | {"people": 2, "name_2": "刘长河", "id_no_2": "371322196111050032"}
    assert len((await social.quote("pay_insurance", **two)).json()["items"]) == 2
    assert (await social.submit("pay_insurance", **one)).json()["status"] == "缴费成功"
    assert len((await social.quote("pay_insurance", **two)).json()["items"]) == 1
    assert (await social.submit("pay_insurance", **one)).json()["code"] == "already_done"
    same = two | {"name_2": "张桂英", "id_no_2": "371322196309210046"}
    assert (await social.quote("pay_insurance", **same)).json()["field"] == "id_no_2"


async def test_fees_taxes_and_fines(desk):
    child = {"name": "王子轩", "id_no": "371302201503011014"}
    fees = (await desk("social").quote("pay_education", **child)).json()
    assert len(fees["items"]) == 2
    assert (await desk("social").submit("pay_education", **child, bills=[fees["items"][0]["id"]])).status_code == 200
    tax = await desk("social").submit("pay_tax", name="王秀兰", id_no="371302198503120021")
    assert tax.json()["status"] == "缴费成功"
    fines = (await desk("traffic").query("violations", plate="鲁Q8A7K2")).json()
    assert len(fines["items"]) == 2
    assert (
        await desk("traffic").submit("pay_fines", plate="鲁Q8A7K2", bills=[fines["items"][0]["id"]])
    ).status_code == 200
    assert "没有要交" in (await desk("traffic").query("violations", plate="鲁Q99999")).json()["message"]
