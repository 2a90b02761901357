"""Switches for tests: faults, a fresh start, moving the clock. Mounted with ``WENBAN_SANDBOX_FAULTS=1`` only."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Depends
from starlette.concurrency import run_in_threadpool

from actions.sandbox.desk import Desk
from actions.sandbox.faults import FaultOrder
from actions.sandbox.routes import get_desk

router = APIRouter()
TheDesk = Annotated[Desk, Depends(get_desk)]


@router.post("/faults")
async def order(order: FaultOrder, desk: TheDesk) -> dict[str, str]:
    desk.faults.order(order)
    return {"status": "ordered"}


@router.delete("/faults")
async def clear(desk: TheDesk) -> dict[str, str]:
    desk.faults.clear()
    return {"status": "cleared"}


@router.post("/reset")
async def reset(desk: TheDesk) -> dict[str, str]:
    """Forget every booking, payment and case, and seed again."""
    desk.faults.clear()
    await run_in_threadpool(desk.store.reset)
    return {"status": "reset"}


@router.post("/clock")
async def move(days: Annotated[float, Body(embed=True)], desk: TheDesk) -> dict[str, str]:
    """Move the departments' clock on by ``days`` of their days."""
    desk.clock.move(days)
    return {"now": desk.clock.now().isoformat()}
