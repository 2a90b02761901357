"""The mortgage calculator: 等额本息 and 等额本金, exact to the fen."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from actions.connectors.contract import Found
from actions.sandbox.checks import invalid, number
from actions.sandbox.department import Call, Department, lines

calculator = Department("calculator")
METHODS = ("等额本息", "等额本金")
FEN = Decimal("0.01")


@dataclass(frozen=True)
class Plan:
    """Yuan: what is paid in the first month, how much less each month after it, and all interest."""

    first: Decimal
    less: Decimal
    interest: Decimal


def fen(value: Decimal) -> Decimal:
    return value.quantize(FEN, ROUND_HALF_UP)


def plan(loan: Decimal, years: int, rate: Decimal, method: str) -> Plan:
    """Return the plan for a loan in yuan at ``rate`` per cent a year."""
    months, monthly = years * 12, rate / 100 / 12
    if method == "等额本金":
        part = loan / months
        return Plan(part + loan * monthly, part * monthly, loan * monthly * (months + 1) / 2)
    if monthly == 0:
        return Plan(loan / months, Decimal(0), Decimal(0))
    growth = (1 + monthly) ** months
    first = loan * monthly * growth / (growth - 1)
    return Plan(first, Decimal(0), first * months - loan)


@calculator.query("mortgage")
def mortgage(call: Call) -> Found:
    loan = Decimal(str(number(call, "loan_amount", 1000, 100_000_000)))
    years = int(number(call, "years", 1, 30))
    rate = Decimal(str(number(call, "rate", 0, 30)))
    method = call.text("method") or METHODS[0]
    if method not in METHODS:
        raise invalid(call, "method", "bad_method")
    other = METHODS[method == METHODS[0]]
    mine, rival = plan(loan, years, rate, method), plan(loan, years, rate, other)
    difference = fen(mine.interest) - fen(rival.interest)
    rows = {
        "贷款金额": f"{loan:,.2f} 元",
        "年限": f"{years}年（{years * 12}期）",
        "年利率": f"{rate:g}%".replace(".0%", "%"),
        "还款方式": method,
        "首月还款" if mine.less else "每月还款": f"{fen(mine.first):,} 元",
        "每月递减": f"{fen(mine.less):,} 元" if mine.less else "",
        "总利息": f"{fen(mine.interest):,} 元",
        "还款总额": f"{fen(loan) + fen(mine.interest):,} 元",
        f"换成{other}": call.say("rival_more" if difference < 0 else "rival_less", yuan=f"{abs(difference):,}"),
        "说明": call.say("only_reference"),
    }
    key = "falling" if mine.less else "level"
    message = call.say(
        key, first=f"{fen(mine.first):,}", less=f"{fen(mine.less):,}", interest=f"{fen(mine.interest):,}"
    )
    return Found(message=message, lines=lines(rows), as_of=call.as_of())
