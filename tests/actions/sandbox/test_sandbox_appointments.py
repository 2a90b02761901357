"""Hospital and halls: places run out, are given once, move and come back."""

from __future__ import annotations

import asyncio

import pytest

PATIENT = {"name": "王秀兰", "id_no": "371302198503120021", "phone": "13900004321"}
SLOT = {"hospital": "人民医院", "department": "骨科", "date": "2026-11-20", "period": "下午"}


async def test_a_booking_is_kept_and_counts(desk):
    hospital = desk("hospital")
    before = (await hospital.quote("book", **SLOT)).json()["message"]
    assert "还有20个" in before
    accepted = (await hospital.submit("book", **SLOT, **PATIENT)).json()
    assert accepted["status"] == "已预约"
    assert accepted["calendar"]["start"] == "2026-11-20T13:30:00"
    assert "王**" in str(accepted["lines"])
    assert "371302198503120021" not in str(accepted)
    assert "还有19个" in (await hospital.quote("book", **SLOT)).json()["message"]
    status = (await hospital.status(accepted["receipt_no"])).json()
    assert status["status"] == "已预约"
    assert status["cancellable"]


async def test_choices_carry_what_is_left(desk):
    hospital = desk("hospital")
    names = [o["value"] for o in (await hospital.choices("hospital")).json()["choices"]]
    assert {"人民医院", "中医医院", "妇幼保健院"} <= set(names)
    departments = (await hospital.choices("department", hospital="中医医院")).json()["choices"]
    assert "针灸科" in [o["value"] for o in departments]
    dates = (await hospital.choices("date", hospital="人民医院", department="骨科")).json()["choices"]
    assert len(dates) == 8
    assert dates[0] == {"value": "2026-11-18", "label": "11月18日（周三）", "note": "余40", "available": True}
    periods = (await hospital.choices("period", hospital="人民医院", department="皮肤科", date="2026-11-19")).json()
    assert [o["available"] for o in periods["choices"]] == [False, True]


async def test_the_last_places(desk):
    """100 citizens at once for 10 places: exactly 10 receipts, 90 refusals with the next free times."""
    hospital = desk("hospital")
    slot = SLOT | {"department": "口腔科"}

    async def one(n: int):
        return await hospital.submit(
            "book", key=f"race-{n}", **slot, name=f"测试{n}", id_no="371302198503120021", phone=f"139{n:08d}"
        )

    # one person may book once: a name each makes them different people
    answers = await asyncio.gather(*(one(n) for n in range(100)))
    taken = [a.json() for a in answers if a.status_code == 200]
    refused = [a.json() for a in answers if a.status_code == 409]
    assert len(taken) == 10
    assert len({a["receipt_no"] for a in taken}) == 10
    assert len(refused) == 90
    assert all(r["code"] == "full" and "已约满" in r["message"] and r["alternatives"] for r in refused)
    assert refused[0]["field"] == "period"
    assert refused[0]["alternatives"][0]["value"] == "上午"


async def test_the_same_slot_twice_is_refused_with_the_first_receipt(desk):
    hospital = desk("hospital")
    first = (await hospital.submit("book", **SLOT, **PATIENT)).json()["receipt_no"]
    second = await hospital.submit("book", **SLOT, **PATIENT)
    assert second.status_code == 409
    assert second.json()["code"] == "already_done"
    assert second.json()["alternatives"][0]["value"] == first


async def test_cancel_frees_the_place(desk):
    hospital = desk("hospital")
    receipt = (await hospital.submit("book", **SLOT, **PATIENT)).json()["receipt_no"]
    assert (await hospital.cancel(receipt)).json()["status"] == "已取消"
    assert (await hospital.cancel(receipt)).json()["status"] == "已取消", "the same key gives the same answer"
    assert (await hospital.cancel(receipt, "c2")).json()["code"] == "already_done"
    assert "还有20个" in (await hospital.quote("book", **SLOT)).json()["message"]
    again = await hospital.submit("book", **SLOT, **PATIENT)
    assert again.status_code == 200


async def test_reschedule_keeps_the_receipt(desk):
    hospital = desk("hospital")
    receipt = (await hospital.submit("book", **SLOT, **PATIENT)).json()["receipt_no"]
    moved = (await hospital.submit("reschedule", receipt_no=receipt, date="2026-11-21")).json()
    assert moved["receipt_no"] == receipt
    assert moved["calendar"]["start"].startswith("2026-11-21T13:30")
    assert "还有20个" in (await hospital.quote("book", **SLOT)).json()["message"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"hospital": "火星医院"}, "hospital"),
        ({"department": "炼丹科"}, "department"),
        ({"date": "2026-11-17"}, "date"),
        ({"date": "2026-12-17"}, "date"),
        ({"date": "那天"}, "date"),
        ({"period": "半夜"}, "period"),
        ({"id_no": "371302197804152031"}, "id_no"),
        ({"id_no": ""}, "id_no"),
        ({"phone": "1390000123"}, "phone"),
    ],
)
async def test_a_wrong_value_is_named(desk, change, field):
    answer = await desk("hospital").submit("book", **{**SLOT, **PATIENT, **change})
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_field"
    assert answer.json()["field"] == field


async def test_a_museum_is_closed_on_mondays_and_the_backup_date_serves(desk):
    booking = desk("booking")
    visit = {"date": "2026-11-23", "period": "上午", "people": 7, "children": 3, "name": "孙丽", "phone": "13900007890"}
    closed = await booking.submit("museum", **visit)
    assert closed.json()["code"] == "full"
    assert "闭馆" in closed.json()["message"]
    assert closed.json()["alternatives"][0]["value"] == "2026-11-24"
    backed = (await booking.submit("museum", **visit, date_backup="2026-11-26")).json()
    assert backed["calendar"]["start"].startswith("2026-11-26T08:30")
    assert "7人（其中小孩3人）" in str(backed["lines"])


async def test_people_take_a_place_each(desk):
    booking = desk("booking")
    visit = {"date": "2026-11-24", "period": "上午", "name": "李建国"}
    for n in range(10):
        await booking.submit("library", **visit, people=10, phone=f"1390000000{n}")
    full = await booking.submit("library", **visit, people=1, phone="13900000099")
    assert full.json()["code"] == "full"


async def test_halls_book_half_hours(desk):
    booking = desk("booking")
    counties = [o["value"] for o in (await booking.choices("office", operation="property")).json()["choices"]]
    assert "河东区" in counties
    assert len(counties) == 13
    visit = {"office": "河东区", "date": "2026-11-24", "time": "09:30", "name": "赵磊", "phone": "13900003456"}
    accepted = (await booking.submit("property", **visit)).json()
    assert accepted["calendar"] == {
        "title": "不动产登记预约",
        "start": "2026-11-24T09:30:00",
        "end": "2026-11-24T10:00:00",
        "place": "河东区不动产登记大厅",
    }
    midday = await booking.submit("property", **(visit | {"time": "12:30"}))
    assert midday.json()["field"] == "time"
    times = (await booking.choices("time", operation="property", office="河东区", date="2026-11-24")).json()["choices"]
    assert next(o for o in times if o["value"] == "09:30")["note"] == "余5"


@pytest.mark.parametrize(
    ("operation", "fields"),
    [
        ("science_museum", {"period": "上午", "people": 3}),
        ("art_gallery", {"period": "下午", "people": 1}),
        ("blood_donation", {"period": "上午"}),
        ("tax_hall", {"period": "上午", "office": "兰山区", "business": "个体户注销"}),
        ("vehicle_check", {"time": "14:30", "plate": "鲁Q8A7K2", "id_no": "371302197804152030"}),
    ],
)
async def test_every_venue_can_be_booked(desk, operation, fields):
    answer = await desk("booking").submit(operation, date="2026-11-27", name="周国强", phone="13900001239", **fields)
    assert answer.status_code == 200, answer.text
    assert answer.json()["receipt_no"].startswith("YY20261118")


async def test_an_appointment_passes_with_time(desk, clock):
    hospital = desk("hospital")
    receipt = (await hospital.submit("book", **SLOT, **PATIENT)).json()["receipt_no"]
    clock.move(3)
    status = (await hospital.status(receipt)).json()
    assert status["status"] == "时间已过"
    assert (await hospital.cancel(receipt)).json()["code"] == "not_eligible"
