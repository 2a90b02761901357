"""Hospitals: outpatient appointments by hospital, department, date and half day."""

from __future__ import annotations

from actions.connectors.contract import Accepted, Option, Quote
from actions.sandbox import appointments
from actions.sandbox.bookings import PERIODS, Schedule, days, free, said, want_date
from actions.sandbox.checks import id_no, invalid, masked_name, need, phone
from actions.sandbox.department import Call, Department
from actions.sandbox.texts import data

hospital = Department("hospital")


def _schedule(name: str, department: str) -> Schedule:
    table = data("hospitals")
    sold_out = table["sold_out"].get(department, [])
    return Schedule(
        unit=f"{name}/{department}",
        capacity=table["capacity"].get(department, table["capacity"]["default"]),
        ahead=table["days_ahead"],
        sold_out=frozenset((weekday, slot) for weekday, slot in sold_out),
    )


def _unit(call: Call) -> tuple[str, str]:
    """Return the hospital and the department, both among those that exist."""
    name, department = need(call, "hospital"), need(call, "department")
    hospitals = data("hospitals")["hospitals"]
    if name not in hospitals:
        raise invalid(call, "hospital", "no_hospital", name=name)
    if department not in hospitals[name]:
        raise invalid(call, "department", "no_department_here", hospital=name, name=department)
    return name, department


@hospital.choices("hospital")
def hospitals(call: Call) -> list[Option]:
    return [Option(value=name, label=name) for name in data("hospitals")["hospitals"]]


@hospital.choices("department")
def departments(call: Call) -> list[Option]:
    table = data("hospitals")["hospitals"]
    every = dict.fromkeys(department for offered in table.values() for department in offered)
    return [Option(value=name, label=name) for name in table.get(call.text("hospital"), every)]


@hospital.choices("date")
def dates(call: Call) -> list[Option]:
    schedule = _schedule(*_unit(call))
    options = []
    for day in days(call, schedule):
        left = sum(free(call, schedule, day, slot) for slot in PERIODS)
        note = call.say("left", n=left)
        options.append(Option(value=day.isoformat(), label=said(day), note=note, available=left > 0))
    return options


@hospital.choices("period")
def periods(call: Call) -> list[Option]:
    schedule = _schedule(*_unit(call))
    day = want_date(call, schedule)
    left = {slot: free(call, schedule, day, slot) for slot in PERIODS}
    return [Option(value=s, label=s, note=call.say("left", n=n), available=n > 0) for s, n in left.items()]


@hospital.quote("book")
def quote(call: Call) -> Quote:
    name, department = _unit(call)
    return appointments.quote(call, _schedule(name, department), f"{name}{department}")


@hospital.submit("book")
def book(call: Call) -> Accepted:
    name, department = _unit(call)
    patient, _, _ = need(call, "name"), id_no(call), phone(call)
    rows: dict[str, object] = {"就诊人": masked_name(patient), "提示": call.say("bring")}
    visit = appointments.Visit(_schedule(name, department), f"{name}{department}", name, 1, rows)
    return appointments.book(call, visit, "GH")


@hospital.submit("reschedule")
def reschedule(call: Call) -> Accepted:
    table = data("hospitals")["hospitals"]
    schedules = [_schedule(name, department) for name, offered in table.items() for department in offered]
    return appointments.move(call, {schedule.unit: schedule for schedule in schedules})
