"""The internal payment module: takes the money once, may refuse, be down, or answer late."""

from __future__ import annotations

from datetime import datetime, timedelta

from actions.sandbox.department import Call
from actions.sandbox.problems import Refusal
from actions.sandbox.tables import Payment


def charge(call: Call, receipt_no: str, account: str, fen: int, credit_fen: int = 0) -> datetime:
    """Take ``fen`` in the caller's transaction; return when the payment is settled.

    Raises:
        Refusal: payment_failed, nothing charged; unavailable, the payment system is down, nothing charged.
    """
    fault = call.faults.take("payment", "pay")
    mode = fault.mode if fault else ""
    if mode == "fail":
        raise Refusal("payment_failed", call.say("payment_failed"))
    if mode == "down":
        raise Refusal("unavailable", call.say("payment_down"))
    settles_at = call.clock.now()
    if mode == "late":
        settles_at += timedelta(seconds=call.settle_seconds)
    if fault and mode == "slow":
        call.delay = fault.seconds
    call.session.add(
        Payment(
            receipt_no=receipt_no,
            connector=call.connector,
            account=call.digest(account),
            fen=fen,
            credit_fen=credit_fen,
            settles_at=settles_at,
        )
    )
    call.session.flush()
    return settles_at


def yuan(fen: int) -> float:
    return fen / 100


def fen(amount: float) -> int:
    return round(amount * 100)
