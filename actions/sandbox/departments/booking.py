"""Venues and service halls: appointments by date and half day or half hour; one operation a venue."""

from __future__ import annotations

from typing import Any

from actions.connectors.contract import Accepted, Option, Quote
from actions.sandbox import appointments
from actions.sandbox.areas import counties
from actions.sandbox.bookings import Schedule, days, free, said, want_date
from actions.sandbox.checks import invalid, masked_name, need, number, person, plate
from actions.sandbox.department import Call, Department
from actions.sandbox.problems import Refusal
from actions.sandbox.texts import data

VENUES: dict[str, dict[str, Any]] = data("venues")
booking = Department("booking")


def _schedule(operation: str, office: str) -> Schedule:
    venue = VENUES[operation]
    return Schedule(
        unit=f"{operation}/{office}" if venue.get("offices") else operation,
        capacity=venue["capacity"],
        by_time=venue.get("by_time", False),
        closed=frozenset(venue.get("closed", [])),
        ahead=venue["ahead"],
    )


def _of(call: Call) -> tuple[dict[str, Any], Schedule, str]:
    """Return the venue, its schedule and where it is."""
    if call.operation not in VENUES:
        raise Refusal("not_found", call.say("no_operation"))
    venue = VENUES[call.operation]
    if not venue.get("offices"):
        return venue, _schedule(call.operation, ""), venue["title"]
    office = need(call, "office")
    if office not in counties():
        raise invalid(call, "office", "no_office", name=office)
    return venue, _schedule(call.operation, office), f"{office}{venue['hall']}"


@booking.choices("office")
def offices(call: Call) -> list[Option]:
    hall = VENUES.get(call.operation, {}).get("hall", "")
    return [Option(value=name, label=name, note=hall) for name in counties()]


@booking.choices("date")
def dates(call: Call) -> list[Option]:
    _, schedule, _ = _of(call)
    options = []
    for day in days(call, schedule):
        left = sum(free(call, schedule, day, slot) for slot in schedule.slots)
        note = call.say("closed") if day.isoweekday() in schedule.closed else call.say("left", n=left)
        options.append(Option(value=day.isoformat(), label=said(day), note=note, available=left > 0))
    return options


@booking.choices("period", "time")
def slots(call: Call) -> list[Option]:
    _, schedule, _ = _of(call)
    day = want_date(call, schedule)
    left = {slot: free(call, schedule, day, slot) for slot in schedule.slots}
    return [Option(value=s, label=s, note=call.say("left", n=n), available=n > 0) for s, n in left.items()]


@booking.quote(*VENUES)
def quote(call: Call) -> Quote:
    _, schedule, place = _of(call)
    return appointments.quote(call, schedule, place)


@booking.submit(*VENUES)
def book(call: Call) -> Accepted:
    venue, schedule, place = _of(call)
    name, _, _ = person(call)
    people = int(number(call, "people", 1, venue["max_people"])) if venue.get("by_people") else 1
    rows: dict[str, object] = {"地点": place, "联系人": masked_name(name)}
    if venue.get("by_people"):
        children = call.text("children")
        rows |= {"人数": f"{people}人" + (call.say("with_children", n=children) if children else "")}
    if venue.get("plate"):
        rows["车牌号"] = plate(call)
    rows |= {"办理业务": call.text("business"), "到馆时间": "" if schedule.by_time else call.text("time")}
    rows["提示"] = venue["note"]
    visit = appointments.Visit(schedule, venue["title"], place, people, rows)
    return appointments.book(call, visit, "YY")


@booking.submit("reschedule")
def reschedule(call: Call) -> Accepted:
    every = [_schedule(name, office) for name in VENUES for office in (*counties(), "")]
    return appointments.move(call, {schedule.unit: schedule for schedule in every})
