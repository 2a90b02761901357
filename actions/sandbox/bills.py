"""Bills: what is owed, choosing among it, paying it once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from actions.connectors.contract import Accepted, Found, Item, Quote
from actions.sandbox.checks import invalid, number
from actions.sandbox.department import Call, Department, lines
from actions.sandbox.matters import keep
from actions.sandbox.matters import number as next_number
from actions.sandbox.payments import charge, fen, yuan
from actions.sandbox.problems import Refusal
from actions.sandbox.tables import PaidBill, Payment


@dataclass(frozen=True)
class Bill:
    """One bill; ``data`` lets the assistant find it by account and month."""

    id: str
    title: str
    fen: int
    rows: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Owed:
    """All recent bills of whoever is asked for; ``account`` names the payer in the payments table."""

    bills: list[Bill]
    account: str
    title: str
    rows: dict[str, Any] = field(default_factory=dict)


Lister = Callable[[Call], Owed]


def _paid(call: Call, bills: Sequence[Bill]) -> dict[str, PaidBill]:
    rows = call.session.scalars(select(PaidBill).where(PaidBill.bill_id.in_([bill.id for bill in bills])))
    return {row.bill_id: row for row in rows}


def _item(call: Call, bill: Bill, paid: PaidBill | None) -> Item:
    state = "unpaid" if paid is None else "paid" if paid.settles_at <= call.clock.now() else "paying"
    rows = {**bill.rows, "金额": f"{yuan(bill.fen):.2f} 元", "状态": call.say(f"bill_{state}")}
    data = {**bill.data, "state": state} | ({"receipt_no": paid.receipt_no} if paid else {})
    return Item(id=bill.id, title=bill.title, lines=lines(rows), amount=yuan(bill.fen), payable=paid is None, data=data)


def _summary(call: Call, owed: Owed, open_bills: Sequence[Bill], chosen: bool = False) -> str:
    total = f"{yuan(sum(bill.fen for bill in open_bills)):.2f}"
    if not open_bills:
        return call.say("bills_none", title=owed.title)
    return call.say("bills_chosen" if chosen else "bills_open", title=owed.title, n=len(open_bills), total=total)


def _chosen(call: Call, owed: Owed) -> list[Bill] | None:
    """Return the bills named in ``bills`` (ids, or account and months), or None when the field is missing.

    Raises:
        Refusal: invalid_field, when one of them is no bill of these accounts.
    """
    wanted = call.fields.get("bills")
    if wanted is None or wanted == "":
        return None
    found: dict[str, Bill] = {}
    for one in wanted if isinstance(wanted, list) else [wanted]:
        hits = [bill for bill in owed.bills if _means(one, bill)]
        if not hits:
            raise invalid(call, "bills", "no_bill")
        found.update({bill.id: bill for bill in hits})
    return list(found.values())


def _means(one: Any, bill: Bill) -> bool:
    if isinstance(one, dict):
        months = one.get("months") or [one.get("month")]
        same = one.get("account_no") in (None, bill.data.get("account_no"))
        return one.get("id") == bill.id or (same and bill.data.get("month") in months)
    return one in (bill.id, bill.data.get("month"))


def look(call: Call, owed: Owed) -> Found:
    """Answer what is owed."""
    paid = _paid(call, owed.bills)
    items = [_item(call, bill, paid.get(bill.id)) for bill in owed.bills]
    message = _summary(call, owed, [bill for bill in owed.bills if bill.id not in paid])
    credit = _credit(call, owed)
    rows = {**owed.rows, "账户余额": f"{yuan(credit):.2f} 元" if credit else "", "说明": call.say("sample")}
    return Found(message=message, lines=lines(rows), items=items, as_of=call.as_of())


def _credit(call: Call, owed: Owed) -> int:
    stored = select(func.sum(Payment.credit_fen)).where(
        Payment.connector == call.connector, Payment.account == call.digest(owed.account)
    )
    return call.session.scalar(stored) or 0


def price(call: Call, owed: Owed, prepay: bool) -> Quote:
    """Say what can be paid, and what the chosen part of it comes to."""
    paid = _paid(call, owed.bills)
    open_bills = [bill for bill in owed.bills if bill.id not in paid]
    chosen = _chosen(call, owed)
    sums = open_bills if chosen is None else [bill for bill in chosen if bill.id not in paid]
    total = _amount(call, sums, prepay)
    message = _summary(call, owed, sums, chosen is not None)
    items = [_item(call, bill, None) for bill in open_bills]
    return Quote(message=message, items=items, total=yuan(total))


def _amount(call: Call, bills: Sequence[Bill], prepay: bool) -> int:
    """Return what is to be paid: the bills, or more of it where credit can be stored."""
    due = sum(bill.fen for bill in bills)
    if not prepay or not call.text("amount"):
        return due
    amount = fen(number(call, "amount", 0.01, 20000))
    if amount < due:
        raise invalid(call, "amount", "too_little", total=f"{yuan(due):.2f}")
    return amount


def pay(call: Call, owed: Owed, prepay: bool) -> Accepted:
    """Pay the chosen bills, all of them or none.

    Raises:
        Refusal: already_done, invalid_field, payment_failed, unavailable.
    """
    paid = _paid(call, owed.bills)
    chosen = _chosen(call, owed)
    bills = [bill for bill in owed.bills if bill.id not in paid] if chosen is None else chosen
    if twice := [bill for bill in bills if bill.id in paid]:
        names = call.say("list_join").join(bill.title for bill in twice)
        raise Refusal("already_done", call.say("paid_before", bills=names), field="bills" if chosen else None)
    total = _amount(call, bills, prepay)
    if total == 0:
        raise Refusal("already_done", call.say("bills_none", title=owed.title))
    receipt_no = next_number(call, "JF")
    credit = total - sum(bill.fen for bill in bills)
    settles_at = charge(call, receipt_no, owed.account, total, credit)
    for bill in bills:
        row = {"connector": call.connector, "receipt_no": receipt_no, "fen": bill.fen, "settles_at": settles_at}
        call.session.add(PaidBill(bill_id=bill.id, **row))
    names = call.say("list_join").join(bill.title for bill in bills)
    stored = f"{yuan(credit):.2f} 元" if credit else ""
    rows = lines({**owed.rows, "账单": names, "金额": f"{yuan(total):.2f} 元", "其中预存": stored})
    data = {"settles_at": settles_at.isoformat(), "lines": [[row.label, row.value] for row in rows]}
    keep(call, receipt_no, "payment", owed.title, data=data)
    pending = settles_at > call.clock.now()
    message = call.say("pay_pending" if pending else "pay_done", title=owed.title, total=f"{yuan(total):.2f}")
    status = call.say("st_paying" if pending else "st_paid")
    return Accepted(receipt_no=receipt_no, status=status, message=message, lines=rows, pending=pending)


def offer(department: Department, lister: Lister, query: str, payment: str, prepay: bool = False) -> None:
    """Register looking up, quoting and paying one kind of bill."""
    if query:
        department.query(query)(lambda call: look(call, lister(call)))
    department.quote(payment)(lambda call: price(call, lister(call), prepay))
    department.submit(payment)(lambda call: pay(call, lister(call), prepay))
