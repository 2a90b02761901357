"""Complaints and reports: routed to a county, the same one twice is refused with the first receipt."""

from __future__ import annotations

from actions.connectors.contract import Accepted
from actions.sandbox.areas import county_of
from actions.sandbox.checks import id_no, need, phone
from actions.sandbox.department import Call, Department, lines
from actions.sandbox.matters import keep, number, refuse_second, subject

complaint = Department("complaint")


def _take(call: Call, prefix: str, plan: str) -> Accepted:
    problem, place = need(call, "problem"), need(call, "place")
    phone(call)
    about = subject(call, problem, place, call.text("event_date"))
    refuse_second(call, about, "reported_before")
    county = county_of(place)
    office = call.say(f"office_{call.operation}", county=county) if county else call.say(f"city_{call.operation}")
    anonymous = str(call.fields.get("anonymous", "")).lower() in ("true", "1", "是")
    rows = lines(
        {"受理单位": office, "反映问题": problem, "地点": place, "署名": call.say("anonymous") if anonymous else ""}
    )
    receipt_no = number(call, prefix)
    data = {
        "plan": plan,
        "county": county,
        "lines": [[rows[0].label, rows[0].value]],
    }  # a number can be guessed: no more than this
    keep(call, receipt_no, "case", call.say(f"title_{call.operation}"), subject=about, data=data)
    message = call.say("taken" if county else "taken_city", office=office)
    return Accepted(receipt_no=receipt_no, status=call.say("st_accepted"), message=message, lines=rows)


@complaint.submit("report")
def report(call: Call) -> Accepted:
    """A problem of the city's streets."""
    return _take(call, "CG", "report")


@complaint.submit("petition")
def petition(call: Call) -> Accepted:
    """A petition, signed with name and ID number."""
    need(call, "name")
    id_no(call)
    return _take(call, "XF", "petition")
