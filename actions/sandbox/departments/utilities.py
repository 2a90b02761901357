"""Water, power and heat: bills by account number; seeded accounts, amounts that are always the same."""

from __future__ import annotations

from typing import Any

from actions.sandbox.bills import Bill, Owed, offer
from actions.sandbox.checks import need
from actions.sandbox.department import Call, Department
from actions.sandbox.problems import Refusal
from actions.sandbox.samples import steady
from actions.sandbox.texts import data


def _accounts(call: Call) -> list[str]:
    """Return the account numbers asked for, one or several."""
    value = call.fields.get("account_no")
    if not isinstance(value, list):
        return [need(call, "account_no").replace(" ", "")]
    return list(dict.fromkeys(str(one).strip() for one in value)) or [need(call, "account_no")]


def _month(month: str) -> str:
    return f"{int(month[:4])}年{int(month[5:])}月"


def _bills(call: Call, account_no: str, account: dict[str, Any], rule: dict[str, Any]) -> list[Bill]:
    bills = []
    for offset in account["unpaid"]:
        month = call.clock.month(offset)
        used = steady(f"{call.connector}{account_no}{month}", rule["low"], rule["high"])
        period = call.say("season") if rule.get("season") else _month(month)
        bills.append(
            Bill(
                id=f"{call.connector}-{account_no}-{month}",
                title=call.say("bill_title", account_no=account_no, period=period),
                fen=used * rule["unit_fen"],
                rows={"户号": account_no, "账期": period, "用量": f"{used}{rule['unit']}"},
                data={"account_no": account_no, "month": month},
            )
        )
    return bills


def owed(call: Call) -> Owed:
    """Return the bills of the accounts asked for.

    Raises:
        Refusal: not_found, naming the account that does not exist.
    """
    table = data("accounts")[call.connector]
    numbers = _accounts(call)
    for one in numbers:
        if one not in table["accounts"]:
            raise Refusal("not_found", call.say("no_account", account_no=one), field="account_no")
    accounts = {one: table["accounts"][one] for one in numbers}
    bills = [bill for one, account in accounts.items() for bill in _bills(call, one, account, table["rule"])]
    rows = {
        "户号": call.say("list_join").join(numbers),
        "户名": call.say("list_join").join(account["owner"] for account in accounts.values()),
    }
    return Owed(bills, ",".join(sorted(numbers)), call.say("title"), rows)


def _utility(name: str, prepay: bool) -> Department:
    department = Department(name)
    offer(department, owed, "bills", "pay", prepay)
    return department


UTILITIES = (_utility("water", True), _utility("power", True), _utility("heat", False))
