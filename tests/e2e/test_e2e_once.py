"""Exactly once: presses by the hundred, killed processes, late answers; afterwards the rows are counted."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from citizen import Citizen
from departments import connector, count, id_no, phone, rows, submit
from harness import System

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(280)]
SURNAMES = "王李张刘陈杨赵黄周吴"
GIVEN = ("秀兰", "建国", "桂英", "志强", "海燕", "玉梅", "春生", "明霞", "立新", "文静")


def name(n: int) -> str:
    return SURNAMES[n % 10] + GIVEN[n // 10 % 10]


def day(ahead: int) -> str:
    return (date.today() + timedelta(days=ahead)).isoformat()


def at_review(system: System, n: int, department: str = "骨科", day_said: str = "后天上午") -> Citizen:
    """A citizen who has given everything and is asked for a yes."""
    citizen = Citizen(system.url, timeout=90)
    citizen.say(f"{day_said}去人民医院挂个{department}，我叫{name(n)}，身份证{id_no(n)}，手机{phone(n)}")
    for _ in range(4):  # whatever the sentence did not give
        if citizen.status == "confirm":
            break
        known = {"name": name(n), "id_no": id_no(n), "phone": phone(n), "department": department}
        assert citizen.awaiting in known, citizen.text
        citizen.take(payload={"do": "field", "field": citizen.awaiting, "value": known[citizen.awaiting]})
    assert citizen.status == "confirm", citizen.text
    assert citizen.slots["name"] == name(n)
    return citizen


def until_done(citizen: Citizen, seconds: float = 120) -> str:
    """Do what a patient citizen does: try again until there is a receipt."""
    deadline = time.monotonic() + seconds
    while not (receipt := citizen.turn.get("receipt")):
        assert time.monotonic() < deadline, citizen.text
        assert citizen.status in ("error", "confirm", "answered"), citizen.text
        time.sleep(1)
        citizen.take(payload={"do": "confirm", "label": "再试一次"})
    return str(receipt)


def test_one_key_from_twenty_threads_is_one_matter(system: System) -> None:
    """At a department: 200 submits of one booking and 200 of one payment."""
    fields = {"hospital": "人民医院", "department": "眼科", "date": day(3), "period": "上午"}
    fields |= {"name": name(1), "id_no": id_no(1), "phone": phone(1)}
    cases: list[tuple[str, str, dict[str, Any]]] = [
        ("hospital", "book", fields), ("water", "pay", {"account_no": "10040017"}),
    ]  # fmt: skip
    for department, operation, content in cases:
        url = connector(system, department)
        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda _: submit(url, operation, content, "one-key"), range(200)))  # noqa: B023
        assert {answer.status_code for answer in answers if answer is not None} == {200}
        assert len({answer.json()["receipt_no"] for answer in answers if answer is not None}) == 1
        assert None not in answers
    assert count(system, "select count(*) from seats") == 1
    assert count(system, "select count(*) from payments") == 1
    assert count(system, "select count(*) from paid_bills") == 3
    assert count(system, "select count(*) from paid_bills group by bill_id order by 1 desc") == 1


def test_a_citizen_who_presses_two_hundred_times(system: System) -> None:
    """Through the whole product: the same press repeated by a page that gets no answer, and pressed anew."""
    citizen = at_review(system, 2)

    def press(n: int) -> httpx.Response:
        body: dict[str, Any] = {"payload": {"do": "confirm", "label": "确认"}}
        if n % 10:  # nine of ten are repetitions of one request
            body["client_id"] = "same-press"
        return httpx.post(f"{system.url}/v1/conversations/{citizen.id}/messages", json=body, timeout=120)

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(press, range(200)))
    assert {answer.status_code for answer in answers} == {200}
    receipts = {answer.json()["turn"].get("receipt") for answer in answers} - {None}
    assert len(receipts) == 1
    assert count(system, "select count(*) from seats") == 1
    assert set(citizen.receipts()) == receipts
    assert len(citizen.receipts()) == 1, "the receipt stands once in the conversation"


@pytest.mark.parametrize("victims", [("actions",), ("sandbox",), ("actions", "sandbox")], ids="+".join)
def test_killed_in_the_middle_of_submits(system: System, victims: tuple[str, ...]) -> None:
    """SIGKILL at random moments while citizens confirm; each ends with one receipt and one place."""
    dice = random.Random("-".join(victims))
    citizens = [at_review(system, 10 + n) for n in range(10)]
    stop = threading.Event()

    def kill() -> None:
        for victim in victims:
            if not stop.wait(dice.uniform(0.05, 0.9)):
                system.kill(victim)

    killer = threading.Thread(target=kill)
    with ThreadPoolExecutor(len(citizens)) as pool:
        first = [pool.submit(c.take, payload={"do": "confirm", "label": "确认"}) for c in citizens]
        killer.start()
        for future in first:
            future.result()
    stop.set()
    killer.join()
    for victim in victims:
        system.wait_ready(victim)
    with ThreadPoolExecutor(4) as pool:
        receipts = list(pool.map(until_done, citizens))
    assert len(set(receipts)) == len(citizens)
    kept = {row[0] for row in rows(system, "select receipt_no from matters where operation = 'book'")}
    assert kept == set(receipts), "a booking that nobody has the receipt of"
    assert count(system, "select count(*) from seats") == len(citizens)
    for citizen, receipt in zip(citizens, receipts, strict=True):
        citizen.take(payload={"do": "progress", "value": receipt})
        assert "已约好" in citizen.text


def pay(system: System, account: str) -> Citizen:
    citizen = Citizen(system.url, timeout=90)
    citizen.take(payload={"do": "start", "service_id": "zjj-07"}).say(account, "都交")
    assert citizen.status == "confirm", citizen.text
    return citizen


def paid_twice(system: System) -> int:
    query = "select count(*) from (select bill_id from paid_bills group by bill_id having count(*) > 1)"
    return count(system, query)


def test_a_payment_that_settles_late(system: System, fault: Callable[..., None]) -> None:
    citizen = pay(system, "10031120")
    fault(connector="payment", operation="pay", mode="late")
    citizen.press("确认付款")
    assert "支付处理中" in citizen.text
    assert "交好了" not in citizen.text
    receipt = citizen.receipt
    other = Citizen(system.url).take(payload={"do": "start", "service_id": "zjj-07"}).say("10031120")
    assert "没有要交的账单" in other.text, "a bill that is being paid is offered again"
    deadline = time.monotonic() + 30
    while True:
        citizen.take(payload={"do": "progress", "value": receipt})
        if "缴费成功" in citizen.text and "支付处理中 " not in citizen.text and "已经交上" in citizen.text:
            break
        assert "支付处理中" in citizen.text
        assert time.monotonic() < deadline, citizen.text
        time.sleep(0.5)
    assert count(system, "select count(*) from payments") == 1
    assert paid_twice(system) == 0


def test_a_payment_whose_answer_comes_too_late(system: System, fault: Callable[..., None]) -> None:
    """The money has moved and nobody was told: neither done nor not done is said, and the same key finds it."""
    citizen = pay(system, "10028876")
    fault(connector="water", operation="pay", mode="late", times=9, seconds=20)
    started = time.monotonic()
    citizen.press("确认付款")
    assert time.monotonic() - started < 13, "the page waited longer than a turn may take"
    assert citizen.status == "error"
    assert "不知道" in citizen.text
    assert "没有办成" not in citizen.text
    assert "没有扣款" not in citizen.text
    citizen.say("算了不交了")
    assert "没有提交任何内容" not in citizen.text
    fault()
    citizen.say("接着办水费")
    time.sleep(16)  # the breaker's rest
    receipt = until_done(citizen)
    assert receipt.startswith("JF")
    assert count(system, "select count(*) from payments") == 1
    assert count(system, "select count(*) from paid_bills") == 2
    assert paid_twice(system) == 0


def test_payments_with_every_fault_at_random(system: System, fault: Callable[..., None]) -> None:
    dice = random.Random(7)
    accounts = ("10023345", "10028876", "10031120", "10040017", "10046692")
    citizens = [pay(system, account) for account in accounts for _ in range(2)]  # two people at each account
    for mode in ("fail", "late", "slow", "down", "fail", "late"):
        target = dice.choice(({"connector": "payment", "operation": "pay"}, {"connector": "water", "operation": "pay"}))
        fault(mode=mode, seconds=dice.uniform(0.2, 5), **target)

    def go(citizen: Citizen) -> None:
        citizen.take(payload={"do": "confirm", "label": "确认"})
        for _ in range(4):
            if citizen.status not in ("error", "confirm"):
                break
            time.sleep(1)
            citizen.take(payload={"do": "confirm", "label": "再试一次"})

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(go, citizens))
    fault()
    assert paid_twice(system) == 0
    bills = count(system, "select count(*) from paid_bills")
    sums = rows(system, "select receipt_no, sum(fen) from paid_bills group by receipt_no order by 1")
    assert sums == rows(system, "select receipt_no, fen from payments order by 1")
    shown = {receipt for citizen in citizens for receipt in citizen.receipts()}
    assert {row[0] for row in sums} == shown, "paid, and nobody has the receipt"
    assert bills == 9, [citizen.text for citizen in citizens]


def test_the_last_ten_places(system: System) -> None:
    """A hundred citizens at once for ten places."""
    with ThreadPoolExecutor(8) as pool:
        citizens = list(pool.map(lambda n: at_review(system, 100 + n, "口腔科"), range(100)))
    barrier = threading.Barrier(100)

    def go(citizen: Citizen) -> None:
        barrier.wait(60)
        citizen.take(payload={"do": "confirm", "label": "确认"})
        for _ in range(5):
            if citizen.status != "error":
                break
            time.sleep(2)
            citizen.take(payload={"do": "confirm", "label": "再试一次"})

    with ThreadPoolExecutor(100) as pool:
        list(pool.map(go, citizens))
    winners = [citizen for citizen in citizens if citizen.turn.get("receipt")]
    losers = [citizen for citizen in citizens if not citizen.turn.get("receipt")]
    assert len({citizen.turn["receipt"] for citizen in winners}) == len(winners) == 10
    for citizen in losers:
        assert "已约满" in citizen.text, citizen.text
        assert "最近还能约的有" in citizen.text
        assert any(choice["payload"]["do"] == "field" for choice in citizen.choices), "no free time to tap"
        assert citizen.receipts() == []
    assert count(system, "select count(*) from seats") == 10
    assert count(system, "select count(*) from matters where operation = 'book'") == 10
    last = losers[0]
    free = next(choice for choice in last.choices if choice["payload"]["do"] == "field")
    last.take(payload=free["payload"])
    assert last.status == "confirm", last.text
    last.say("确认")
    assert last.receipt.startswith("GH")
