"""Telephone: this month's charges, balance, and topping up, one operation an operator."""

from __future__ import annotations

from sqlalchemy import func, select

from actions.connectors.contract import Accepted, Found, Quote
from actions.sandbox.checks import number, phone
from actions.sandbox.department import Call, Department, lines
from actions.sandbox.matters import keep
from actions.sandbox.matters import number as next_number
from actions.sandbox.payments import charge, fen, yuan
from actions.sandbox.samples import steady
from actions.sandbox.tables import Payment

OPERATORS = {"unicom": "联通", "mobile": "移动", "telecom": "电信"}
telecom = Department("telecom")


def _operator(call: Call) -> str:
    return OPERATORS[call.operation.rsplit("_", 1)[1]]


def _balance(call: Call, account: str) -> int:
    """Return the sample balance in fen, plus what was topped up here."""
    topped = select(func.sum(Payment.fen)).where(
        Payment.connector == call.connector, Payment.account == call.digest(account)
    )
    return steady(f"balance{account}", 500, 9000) + (call.session.scalar(topped) or 0)


@telecom.query(*(f"bill_{name}" for name in OPERATORS))
def bill(call: Call) -> Found:
    mobile = phone(call, mobile=True)
    account, month = f"{call.operation}{mobile}", call.clock.month()
    balance = yuan(_balance(call, f"{_operator(call)}{mobile}"))
    spent = yuan(steady(f"{account}{month}", 1900, 9900))
    last = yuan(steady(f"{account}{call.clock.month(-1)}", 1900, 9900))
    rows = {
        "号码": f"{mobile[:3]}****{mobile[7:]}",
        "运营商": _operator(call),
        "话费余额": f"{balance:.2f} 元",
        "本月已用": f"{spent:.2f} 元",
        "上月账单": f"{last:.2f} 元",
        "说明": call.say("sample"),
    }
    message = call.say("bill", balance=f"{balance:.2f}", spent=f"{spent:.2f}")
    return Found(message=message, lines=lines(rows), as_of=call.as_of())


@telecom.quote(*(f"topup_{name}" for name in OPERATORS))
def quote(call: Call) -> Quote:
    amount = number(call, "amount", 1, 1000)
    return Quote(message=call.say("quote", operator=_operator(call), amount=f"{amount:g}"), total=amount)


@telecom.submit(*(f"topup_{name}" for name in OPERATORS))
def topup(call: Call) -> Accepted:
    mobile, amount = phone(call, mobile=True), number(call, "amount", 1, 1000)
    receipt_no = next_number(call, "CZ")
    settles_at = charge(call, receipt_no, f"{_operator(call)}{mobile}", fen(amount))
    masked = f"{mobile[:3]}****{mobile[7:]}"
    rows = lines({"运营商": _operator(call), "号码": masked, "充值金额": f"{amount:.2f} 元"})
    data = {"settles_at": settles_at.isoformat(), "lines": [[row.label, row.value] for row in rows]}
    keep(call, receipt_no, "payment", call.say("title", operator=_operator(call)), data=data)
    pending = settles_at > call.clock.now()
    message = call.say("topup_pending" if pending else "topup_done", phone=masked, amount=f"{amount:g}")
    status = call.say("st_paying" if pending else "st_paid")
    return Accepted(receipt_no=receipt_no, status=status, message=message, lines=rows)
