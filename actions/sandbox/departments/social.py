"""What the administration knows of a person: insurance, housing fund, certificates, tax; and paying into it."""

from __future__ import annotations

import re
from typing import Any

from actions.connectors.contract import Found
from actions.sandbox.bills import Bill, Owed, offer
from actions.sandbox.checks import age, id_no, invalid, masked_name, need
from actions.sandbox.department import Call, Department, lines
from actions.sandbox.problems import Refusal
from actions.sandbox.texts import data

social = Department("social")
RECORDS: dict[str, dict[str, Any]] = data("records")


def _person(call: Call, name: str = "name", number: str = "id_no") -> dict[str, Any]:
    """Return whom name and number name together; either alone reveals nothing.

    Raises:
        Refusal: not_found, in the same words whether the number or the name is wrong.
    """
    known = data("persons").get(id_no(call, number))
    if known is None or known["name"] != need(call, name):
        raise Refusal("not_found", call.say("no_person"))
    return dict(known)


def _now(call: Call, text: Any) -> str:
    """Fill months counted from this one, e.g. ``{m-1}``, into a sample value."""

    def month(match: re.Match[str]) -> str:
        value = call.clock.month(int(match[1] or 0))
        return f"{int(value[:4])}年{int(value[5:])}月"

    return re.sub(r"\{m(-\d+)?\}", month, str(text))


@social.query(*RECORDS)
def look(call: Call) -> Found:
    person, record = _person(call), RECORDS[call.operation]
    rows = person.get("records", {}).get(call.operation)
    if rows is None:
        raise Refusal("not_found", call.say("no_record", title=record["title"]))
    filled = {label: _now(call, value) for label, value in rows.items()}
    message = record["message"].format_map({**filled, "title": record["title"]})
    shown = {"姓名": masked_name(person["name"]), **filled, "说明": call.say("sample")}
    return Found(message=message, lines=lines(shown), as_of=call.as_of())


def _insurance(call: Call) -> Owed:
    """Resident insurance of next year for one or two persons."""
    year = call.clock.today().year + 1
    two = call.text("people") == "2"
    pairs = [("name", "id_no"), ("name_2", "id_no_2")] if two else [("name", "id_no")]
    bills = []
    for name, number in pairs:
        person = _person(call, name, number)
        who = call.text(number).upper()
        bills.append(
            Bill(
                id=f"social-insurance-{call.digest(who)[:12]}-{year}",
                title=call.say("insurance_bill", name=masked_name(person["name"]), year=year),
                fen=data("dues")["insurance_fen"],
                rows={"参保人": masked_name(person["name"]), "年度": f"{year}年"},
                data={"month": f"{year}-01"},
            )
        )
    if len({bill.id for bill in bills}) < len(bills):
        raise invalid(call, "id_no_2", "same_person")
    return Owed(bills, call.text("id_no").upper(), call.say("insurance_title"), {"人数": f"{len(bills)}人"})


def _dues(call: Call, kind: str) -> Owed:
    """Fees or taxes of one person."""
    person = _person(call)
    who = call.text("id_no").upper()
    if kind == "education" and age(who, call.clock.today()) > data("dues")["student_age"]:
        rows: list[dict[str, Any]] = []
    else:
        rows = person.get(kind, [])
    bills = [
        Bill(
            id=f"social-{kind}-{call.digest(who)[:12]}-{row['id']}",
            title=row["title"],
            fen=row["fen"],
            rows={"所属期": _now(call, row["period"])},
            data={"month": call.clock.month(row.get("month", 0))},
        )
        for row in rows
    ]
    return Owed(bills, who, call.say(f"{kind}_title"), {"姓名": masked_name(person["name"])})


offer(social, _insurance, "insurance_due", "pay_insurance")
offer(social, lambda call: _dues(call, "education"), "education_due", "pay_education")
offer(social, lambda call: _dues(call, "tax"), "tax_due", "pay_tax")
