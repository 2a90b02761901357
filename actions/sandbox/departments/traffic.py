"""Traffic: violations and fines by plate, scrapping, goods vehicles."""

from __future__ import annotations

from actions.connectors.contract import Found
from actions.sandbox.bills import Bill, Owed, offer
from actions.sandbox.checks import plate
from actions.sandbox.department import Call, Department, lines
from actions.sandbox.texts import data

traffic = Department("traffic")


def owed(call: Call) -> Owed:
    """Return the fines of a car; a car that is not in the sample has none."""
    number = plate(call)
    bills = [
        Bill(
            id=f"traffic-{number}-{row['id']}",
            title=call.say("fine_title", what=row["what"]),
            fen=row["fen"],
            rows={"违法行为": row["what"], "时间": call.clock.month(row["month"]), "记分": f"{row['points']}分"},
            data={"account_no": number, "month": call.clock.month(row["month"])},
        )
        for row in data("vehicles").get(number, {}).get("fines", [])
    ]
    return Owed(bills, number, call.say("title"), {"车牌号": number})


offer(traffic, owed, "violations", "pay_fines")


@traffic.query("scrap")
def scrap(call: Call) -> Found:
    number = plate(call)
    state = data("vehicles").get(number, {}).get("scrap") or call.say("scrap_none")
    rows = {"车牌号": number, "状态": state, "说明": call.say("sample")}
    return Found(message=call.say("scrap", plate=number, state=state), lines=lines(rows), as_of=call.as_of())


@traffic.query("truck_violations")
def trucks(call: Call) -> Found:
    number = plate(call)
    found = data("vehicles").get(number, {}).get("truck", [])
    key = "trucks" if found else "trucks_none"
    rows = {"车牌号": number, **{f"第{n}条": text for n, text in enumerate(found, 1)}, "说明": call.say("sample")}
    return Found(message=call.say(key, plate=number, n=len(found)), lines=lines(rows), as_of=call.as_of())
