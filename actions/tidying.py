"""Delete what has been kept for its time, some times a day."""

from __future__ import annotations

import asyncio

import structlog

from wenban.database import session_scope
from wenban.retention import sweep

log = structlog.get_logger(__name__)
FIRST, EVERY = 120.0, 6 * 3600.0  # seconds


def tidy() -> dict[str, int]:
    """Sweep once; return how many rows of which tables went."""
    with session_scope() as session:
        return sweep(session)


async def keep_tidy(first: float = FIRST, every: float = EVERY) -> None:
    """Sweep for ever; whatever goes wrong is logged and tried again."""
    await asyncio.sleep(first)
    while True:
        try:
            gone = await asyncio.to_thread(tidy)
            if gone:
                log.info("retention.swept", **gone)
        except Exception as error:
            log.error("retention.failed", error=type(error).__name__)
        await asyncio.sleep(every)
