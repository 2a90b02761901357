"""Fault switches: tests order a department to be down, slow, late or to break, a number of times."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field

Mode = Literal["down", "slow", "late", "fail"]


class FaultOrder(BaseModel):
    """``operation`` "*" is any; a read of choices, status or cancel is called by that word.

    down: 503 before anything is done. slow: waits, then works. late: works, then waits with the answer. fail: breaks in
    the middle, 500, nothing kept. For connector "payment", operation "pay": fail refuses the payment, down makes the
    whole submit unavailable, slow answers late, late leaves the payment pending until it settles.
    """

    connector: str
    operation: str = "*"
    mode: Mode
    times: int = Field(1, ge=1)
    seconds: float = Field(6.0, ge=0)


@dataclass(frozen=True)
class Fault:
    mode: Mode
    seconds: float


class Faults:
    """Orders that have not been used up."""

    def __init__(self) -> None:
        self._orders: list[FaultOrder] = []
        self._lock = threading.Lock()

    def order(self, order: FaultOrder) -> None:
        with self._lock:
            self._orders.append(order)

    def clear(self) -> None:
        with self._lock:
            self._orders.clear()

    def take(self, connector: str, operation: str) -> Fault | None:
        """Return the fault that this call suffers, and count it."""
        with self._lock:
            for order in self._orders:
                if order.connector == connector and order.operation in ("*", operation):
                    order.times -= 1
                    if order.times == 0:
                        self._orders.remove(order)
                    return Fault(order.mode, order.seconds)
        return None
