"""Matters whose outcome is still to come ("支付处理中"): ask the department until it is known."""

from __future__ import annotations

import asyncio

import structlog

from actions.connectors.client import ConnectorDown, ConnectorError, Connectors
from actions.engine.attaching import sweep
from actions.models import MatterRecord
from actions.records import MatterRepository
from wenban.database import session_scope

log = structlog.get_logger(__name__)
EVERY = 3.0  # seconds
AT_ONCE = 50


async def settle_pending(connectors: Connectors) -> int:
    """Ask once for every pending matter; return how many are settled now."""
    settled = 0
    for key, connector, receipt_no in await asyncio.to_thread(_pending):
        try:
            status = await connectors.get(connector).status(receipt_no)
        except (ConnectorDown, ConnectorError):
            continue  # the next round asks again
        if not status.pending:
            await asyncio.to_thread(_settle, key, status.message)
            settled += 1
    return settled


async def keep_settling(connectors: Connectors) -> None:
    """Settle for ever; whatever goes wrong is logged and tried again."""
    while True:
        await asyncio.sleep(EVERY)
        try:
            await settle_pending(connectors)
            await asyncio.to_thread(sweep)
        except Exception:
            log.exception("settling.failed")


def _pending() -> list[tuple[str, str, str]]:
    with session_scope() as session:
        rows = MatterRepository(session).pending(AT_ONCE)
        return [(row.key, row.connector, row.receipt_no) for row in rows if row.receipt_no]


def _settle(key: str, message: str) -> None:
    with session_scope() as session:
        record = session.get(MatterRecord, key)
        if record is not None and record.status == "pending":
            MatterRepository(session).settle(key, "done", None, message)
