"""A turn's calls to departments end before the citizen's page gives up."""

from __future__ import annotations

import asyncio
import time

import pytest
from fastapi import FastAPI

from actions.connectors import budget
from actions.connectors.client import ConnectorDown
from actions.connectors.contract import Ask
from actions.sandbox.tables import Payment

ACCOUNT = Ask(fields={"account_no": "10023345"})


@pytest.fixture
def asleep():
    """A department that takes five seconds over everything."""
    app = FastAPI()

    @app.post("/submit/{operation}")
    async def submit(operation: str):
        await asyncio.sleep(5)
        return {"receipt_no": "X1", "status": "好", "message": "好了"}

    return app


async def test_the_budget_of_a_turn_bounds_all_attempts(fault, connect, asleep):
    import socket

    import httpx

    # ASGITransport knows no time-outs; a socket that accepts and never answers does.
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(20)
        connector = await connect("any", to=asleep, prefix="")
        connector._http = httpx.AsyncClient(base_url=f"http://127.0.0.1:{silent.getsockname()[1]}")
        started = time.monotonic()
        with budget.within(1.5), pytest.raises(ConnectorDown) as down:
            await connector.submit("x", ACCOUNT, "k")
        assert time.monotonic() - started < 2.5
        assert not down.value.untouched, "the request went out: nobody knows what became of it"


async def test_no_time_left_is_no_attempt(connect, app):
    water = await connect("water")
    with budget.within(0), pytest.raises(ConnectorDown) as down:
        await water.submit("pay", ACCOUNT, "k")
    assert down.value.untouched
    with app.state.desk.store.read() as session:
        assert session.query(Payment).count() == 0


@pytest.mark.parametrize(
    ("mode", "untouched"),
    [("down", True), ("fail", False)],  # "my system is down" says that nothing was done; a crash says nothing
)
async def test_what_a_failure_says_of_the_work(connect, fault, mode, untouched):
    fault(connector="water", operation="pay", mode=mode, times=3)
    with pytest.raises(ConnectorDown) as down:
        await (await connect("water")).submit("pay", ACCOUNT, "k")
    assert down.value.untouched is untouched


@pytest.mark.parametrize(
    ("deadline", "seconds"),
    [(None, budget.USUAL), ("soon", budget.USUAL), (103.0, 3.0), (90, 0.0), (10**9, budget.USUAL)],
)
def test_a_deadline_is_believed_within_reason(deadline, seconds):
    assert budget.seconds_until(deadline, 100.0) == seconds


def test_outside_a_turn_there_is_the_usual_time():
    assert budget.left() == budget.USUAL
    with budget.within(2):
        assert 1.5 < budget.left() <= 2
    assert budget.left() == budget.USUAL


async def test_a_turn_without_time_is_not_the_departments_fault(connect):
    water = await connect("water")
    for _ in range(10):
        with budget.within(0), pytest.raises(ConnectorDown):
            await water.query("bills", ACCOUNT)
    assert water._breaker.failures == 0
    assert (await water.query("bills", ACCOUNT)).items
