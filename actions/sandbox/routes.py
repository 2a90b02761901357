"""The contract's calls for every department."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Header, Request
from starlette.concurrency import run_in_threadpool

from actions.connectors.contract import Accepted, Ask, Choices, Found, LicenceAsk, Licences, Quote, Status
from actions.sandbox.desk import Broken, Desk
from actions.sandbox.problems import Refusal
from actions.sandbox.texts import say

router = APIRouter(prefix="/connectors/{connector}")
Result = TypeVar("Result")


def get_desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def get_key(idempotency_key: Annotated[str | None, Header()] = None) -> str:
    """Return the header Idempotency-Key; without it nothing may be committed."""
    if not idempotency_key or len(idempotency_key) > 200:
        raise Refusal("invalid_field", say("common", "no_key"), field="Idempotency-Key")
    return idempotency_key


TheDesk = Annotated[Desk, Depends(get_desk)]
Key = Annotated[str, Depends(get_key)]


async def _do(desk: Desk, connector: str, operation: str, act: Callable[[bool], Result]) -> Result:
    """Act in a thread, with the fault that is ordered for this call; ``act`` is told whether to break."""
    fault = desk.faults.take(connector, operation)
    mode = fault.mode if fault else ""
    if fault and mode == "down":
        raise Refusal("unavailable", say(connector, "unavailable"))
    if fault and mode == "slow":
        await asyncio.sleep(fault.seconds)
    result = await run_in_threadpool(act, mode == "fail")
    if fault and mode == "late":
        await asyncio.sleep(fault.seconds)
    return result


@router.get("/choices/{name}")
async def choices(connector: str, name: str, request: Request, desk: TheDesk) -> Choices:
    known = dict(request.query_params)
    return await _do(desk, connector, "choices", lambda broken: desk.choices(connector, name, known))


@router.post("/query/{operation}")
async def query(connector: str, operation: str, ask: Ask, desk: TheDesk) -> Found:
    return await _do(desk, connector, operation, lambda broken: _whole(broken, desk.query(connector, operation, ask)))


@router.post("/quote/{operation}")
async def quote(connector: str, operation: str, ask: Ask, desk: TheDesk) -> Quote:
    return await _do(desk, connector, "quote", lambda broken: _whole(broken, desk.quote(connector, operation, ask)))


@router.post("/submit/{operation}")
async def submit(connector: str, operation: str, ask: Ask, key: Key, desk: TheDesk) -> Accepted:
    answer, delay = await _do(
        desk, connector, operation, lambda broken: desk.submit(connector, operation, ask, key, broken)
    )
    if delay:
        await asyncio.sleep(delay)
    return answer


@router.post("/licences")
async def licences(connector: str, ask: LicenceAsk, desk: TheDesk) -> Licences:
    return await _do(desk, connector, "licences", lambda broken: _whole(broken, desk.licences(connector, ask)))


@router.get("/status/{receipt_no}")
async def status(connector: str, receipt_no: str, desk: TheDesk) -> Status:
    return await _do(desk, connector, "status", lambda broken: _whole(broken, desk.status(connector, receipt_no)))


@router.post("/cancel/{receipt_no}")
async def cancel(connector: str, receipt_no: str, key: Key, desk: TheDesk) -> Status:
    return await _do(desk, connector, "cancel", lambda broken: desk.cancel(connector, receipt_no, key, broken))


def _whole(broken: bool, result: Result) -> Result:
    if broken:
        raise Broken
    return result
