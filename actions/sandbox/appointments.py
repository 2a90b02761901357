"""Book, move and quote an appointment; hospital and the halls differ only in what they pass here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete

from actions.connectors.contract import Accepted, Line, Quote
from actions.sandbox.bookings import Schedule, free, full, said, span, take, want_date, want_slot
from actions.sandbox.checks import invalid
from actions.sandbox.department import Call, lines
from actions.sandbox.matters import by_receipt, keep, number, refuse_second, subject
from actions.sandbox.problems import Refusal
from actions.sandbox.tables import Matter, Seat


@dataclass(frozen=True)
class Visit:
    """What is booked: a title, where it is, how many places, the rows of the receipt."""

    schedule: Schedule
    title: str
    place: str
    count: int
    rows: dict[str, object]


def quote(call: Call, schedule: Schedule, title: str) -> Quote:
    """Say how many places are left in the slot asked for."""
    day = want_date(call, schedule)
    slot = want_slot(call, schedule)
    left = free(call, schedule, day, slot)
    if not left:
        raise full(call, schedule, day, slot, 1)
    return Quote(message=call.say("quote_left", title=title, day=said(day), slot=slot, n=left))


def book(call: Call, visit: Visit, prefix: str) -> Accepted:
    """Take the places and keep the appointment; the backup date is used when the first one is closed or full."""
    day, slot = want_date(call, visit.schedule), want_slot(call, visit.schedule)
    key = subject(call, visit.schedule.unit, day, slot, call.text("name"))
    refuse_second(call, key, "booked_before")
    receipt_no = number(call, prefix)
    moved = False
    try:
        seat = take(call, visit.schedule, day, slot, visit.count, receipt_no)
    except Refusal:
        if not call.text("date_backup"):
            raise
        day, moved = want_date(call, visit.schedule, "date_backup"), True
        seat = take(call, visit.schedule, day, slot, visit.count, receipt_no)
    rows = {"预约事项": visit.title, **_when(call, day, slot), "序号": seat, **visit.rows}
    data = _data(visit.schedule, visit.place, day, slot, visit.count, rows)
    keep(call, receipt_no, "appointment", visit.title, subject=key, data=data)
    message = call.say("booked_backup" if moved else "booked", title=visit.title, day=said(day), slot=_slot(call, slot))
    return _accepted(call, receipt_no, message, visit.title, data)


def move(call: Call, schedules: dict[str, Schedule]) -> Accepted:
    """Move an appointment to another slot, keeping its receipt number; the old place is free at the same moment."""
    matter = by_receipt(call, call.text("receipt_no"))
    if matter.kind != "appointment" or matter.state != "open" or matter.data["unit"] not in schedules:
        raise invalid(call, "receipt_no", "not_movable")
    schedule = schedules[matter.data["unit"]]
    day = want_date(call, schedule) if call.text("date") else date.fromisoformat(matter.data["date"])
    if not (call.text("time") or call.text("period")):
        call.fields[schedule.slot_field] = matter.data["slot"]
    slot = want_slot(call, schedule)
    call.session.execute(delete(Seat).where(Seat.receipt_no == matter.receipt_no))
    seat = take(call, schedule, day, slot, matter.data["count"], matter.receipt_no)
    rows = dict(matter.data["lines"]) | {**_when(call, day, slot), "序号": seat}
    _settle(matter, _data(schedule, matter.data["place"], day, slot, matter.data["count"], rows))
    message = call.say("moved", title=matter.title, day=said(day), slot=_slot(call, slot))
    return _accepted(call, matter.receipt_no, message, matter.title, matter.data)


def _settle(matter: Matter, data: dict[str, object]) -> None:
    matter.data = data
    matter.subject = None  # a moved appointment no longer stands in the way of its first slot


def _slot(call: Call, slot: str) -> str:
    return slot.lstrip("0") if ":" in slot else slot


def _when(call: Call, day: date, slot: str) -> dict[str, object]:
    return {"日期": said(day), "时段": _slot(call, slot)}


def _data(
    schedule: Schedule, place: str, day: date, slot: str, count: int, rows: dict[str, object]
) -> dict[str, object]:
    start, end = span(day, slot)
    return {
        "unit": schedule.unit,
        "date": day.isoformat(),
        "slot": slot,
        "count": count,
        "place": place,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "lines": [[line.label, line.value] for line in lines(rows)],
    }


def _accepted(call: Call, receipt_no: str, message: str, title: str, data: dict[str, object]) -> Accepted:
    rows = data["lines"]
    assert isinstance(rows, list)
    return Accepted(
        receipt_no=receipt_no,
        status=call.say("st_booked"),
        message=message,
        lines=[Line(label=label, value=value) for label, value in rows],
        calendar={"title": title, "start": str(data["start"]), "end": str(data["end"]), "place": str(data["place"])},
    )
