"""Retries, the breaker and typed errors, against a department that misbehaves on order."""

from __future__ import annotations

import socket

import pytest
from fastapi import FastAPI

from actions.connectors.client import Breaker, Connector, ConnectorDown, ConnectorError, Connectors
from actions.connectors.contract import Ask
from actions.sandbox.tables import Payment

ACCOUNT = Ask(fields={"account_no": "10023345"})


async def test_the_six_calls(connect):
    booking, water = await connect("booking"), await connect("water")
    assert "兰山区" in [o.value for o in (await booking.choices("office", operation="property", date=None)).choices]
    assert (await water.query("bills", ACCOUNT)).items
    assert (await water.quote("pay", ACCOUNT)).total > 0
    accepted = await water.submit("pay", ACCOUNT, "k")
    assert (await water.status(accepted.receipt_no)).status == "缴费成功"
    with pytest.raises(ConnectorError) as refused:
        await water.cancel(accepted.receipt_no, "c")
    assert refused.value.problem.code == "not_eligible"


async def test_a_read_is_repeated(connect, fault):
    fault(connector="water", operation="bills", mode="down", times=2)
    assert (await (await connect("water")).query("bills", ACCOUNT)).items


async def test_a_submit_is_repeated_with_its_key_and_done_once(connect, fault, app):
    fault(connector="water", operation="pay", mode="fail", times=2)
    water = await connect("water")
    first = await water.submit("pay", ACCOUNT, "k")
    assert await water.submit("pay", ACCOUNT, "k") == first
    with app.state.desk.store.read() as session:
        assert session.query(Payment).count() == 1


async def test_after_the_last_attempt_the_department_is_down(connect, fault):
    fault(connector="water", operation="bills", mode="down", times=3)
    water = await connect("water")
    with pytest.raises(ConnectorDown):
        await water.query("bills", ACCOUNT)
    assert (await water.query("bills", ACCOUNT)).items, "one failure does not open the breaker"


@pytest.mark.parametrize(
    ("connector", "operation", "fields", "code", "field"),
    [
        ("water", "pay", {"account_no": "0"}, "not_found", "account_no"),
        ("hospital", "book", {"hospital": "没有"}, "invalid_field", "department"),
        ("apply", "nothing", {}, "not_found", None),
    ],
)
async def test_a_refusal_is_typed_and_not_repeated(connect, connector, operation, fields, code, field):
    with pytest.raises(ConnectorError) as refused:
        await (await connect(connector)).submit(operation, Ask(fields=fields), "k")
    problem = refused.value.problem
    assert (problem.code, problem.field) == (code, field)
    assert str(refused.value) == problem.message


async def test_a_failed_payment_can_be_tried_again_with_the_same_key(connect, fault):
    fault(connector="payment", operation="pay", mode="fail")
    water = await connect("water")
    with pytest.raises(ConnectorError) as refused:
        await water.submit("pay", ACCOUNT, "k")
    assert refused.value.problem.code == "payment_failed"
    assert (await water.submit("pay", ACCOUNT, "k")).status == "缴费成功"


async def test_the_breaker_opens_and_lets_one_call_try_again(connect, fault):
    fault(connector="water", operation="bills", mode="down", times=4)
    water = await connect("water", attempts=1)
    for _ in range(4):
        with pytest.raises(ConnectorDown):
            await water.query("bills", ACCOUNT)
    with pytest.raises(ConnectorDown, match="circuit open"):
        await water.query("bills", ACCOUNT)
    water._breaker.opened_at -= water._breaker.rest
    assert (await water.query("bills", ACCOUNT)).items
    assert water._breaker.failures == 0


def test_an_open_breaker_lets_only_one_try():
    breaker = Breaker(limit=1, rest=0.0)
    assert not breaker.blocked()
    breaker.failure()
    breaker.rest = 100
    assert breaker.blocked()
    breaker.opened_at -= 200
    assert [breaker.blocked(), breaker.blocked()] == [False, True]


@pytest.mark.parametrize("body", ["[]", '{"receipt_no": 1}', "not json", '{"message": "x"}'])
async def test_an_answer_that_breaks_the_contract_is_down(connect, body):
    broken = FastAPI()

    @broken.get("/status/{receipt_no}")
    async def status(receipt_no: str):
        return httpx_response(body)

    connector = await connect("any", to=broken, prefix="")
    with pytest.raises(ConnectorDown):
        await connector.status("X1")


def httpx_response(body: str):
    from fastapi.responses import Response

    return Response(body, media_type="application/json")


async def test_nobody_listens():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    connector = Connector("gone", f"http://127.0.0.1:{port}", timeout=1, attempts=2)
    with pytest.raises(ConnectorDown):
        await connector.query("x", Ask(fields={}))
    await connector.aclose()


async def test_connectors_resolve_to_the_sandbox_unless_a_city_says_otherwise():
    connectors = Connectors("http://sandbox", {"water": "http://water.example"})
    assert connectors.get("water")._http.base_url.host == "water.example"
    assert str(connectors.get("power")._http.base_url).startswith("http://sandbox/connectors/power")
    assert connectors.get("power") is connectors.get("power")
    await connectors.aclose()
