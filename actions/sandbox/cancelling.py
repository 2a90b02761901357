"""Withdraw a matter: free its places, keep its record."""

from __future__ import annotations

from sqlalchemy import delete

from actions.connectors.contract import Status
from actions.sandbox.department import Call
from actions.sandbox.matters import by_receipt
from actions.sandbox.problems import Refusal
from actions.sandbox.progress import describe
from actions.sandbox.tables import Seat


def cancel(call: Call, receipt_no: str) -> Status:
    """Cancel what can still be cancelled.

    Raises:
        Refusal: not_found; already_done, when it is cancelled; not_eligible, when it is too late.
    """
    matter = by_receipt(call, receipt_no)
    if matter.state == "cancelled":
        raise Refusal("already_done", call.say("cancelled_before", receipt_no=matter.receipt_no))
    if not describe(call, matter).cancellable:
        raise Refusal("not_eligible", call.say("too_late", title=matter.title))
    matter.state = "cancelled"
    call.session.execute(delete(Seat).where(Seat.receipt_no == matter.receipt_no))
    return describe(call, matter)
