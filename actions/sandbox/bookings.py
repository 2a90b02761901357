"""Places on dates: what is open, what is free, taking and moving a place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from actions.connectors.contract import Option
from actions.sandbox.checks import invalid, need
from actions.sandbox.department import Call
from actions.sandbox.problems import Refusal
from actions.sandbox.tables import Seat

PERIODS = {"上午": ("08:30", "12:00"), "下午": ("13:30", "17:00")}
TIMES = ("09:00", "09:30", "10:00", "10:30", "11:00", "13:30", "14:00", "14:30", "15:00", "15:30", "16:00")
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Schedule:
    """When a unit is open and how many places a slot has; ``sold_out`` are (weekday, slot) that are always full."""

    unit: str
    capacity: int
    by_time: bool = False
    closed: frozenset[int] = frozenset()
    ahead: int = 15
    sold_out: frozenset[tuple[int, str]] = field(default_factory=frozenset)

    @property
    def slots(self) -> tuple[str, ...]:
        return TIMES if self.by_time else tuple(PERIODS)

    @property
    def slot_field(self) -> str:
        return "time" if self.by_time else "period"


def span(day: date, slot: str) -> tuple[datetime, datetime]:
    """Return when a slot begins and ends."""
    if slot in PERIODS:
        start, end = (datetime.combine(day, datetime.strptime(t, "%H:%M").time()) for t in PERIODS[slot])
        return start, end
    start = datetime.combine(day, datetime.strptime(slot, "%H:%M").time())
    return start, start + timedelta(minutes=30)


def said(day: date) -> str:
    """Return a date as people say it: 11月23日（周一）."""
    return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def free(call: Call, schedule: Schedule, day: date, slot: str) -> int:
    """Return how many places are left; none in a slot that is over or always sold out."""
    if day.isoweekday() in schedule.closed or (day.isoweekday(), slot) in schedule.sold_out:
        return 0
    if span(day, slot)[1] <= call.clock.now():
        return 0
    taken = select(func.count()).where(
        Seat.connector == call.connector,
        Seat.unit == schedule.unit,
        Seat.date == day.isoformat(),
        Seat.slot == slot,
    )
    return max(schedule.capacity - (call.session.scalar(taken) or 0), 0)


def days(call: Call, schedule: Schedule) -> list[date]:
    today = call.clock.today()
    return [today + timedelta(days=n) for n in range(schedule.ahead + 1)]


def want_date(call: Call, schedule: Schedule, name: str = "date") -> date:
    """Return the date asked for, in the days that can be booked."""
    try:
        day = date.fromisoformat(need(call, name))
    except ValueError:
        raise invalid(call, name, "bad_date") from None
    if day < call.clock.today():
        raise invalid(call, name, "past_date")
    if day > call.clock.today() + timedelta(days=schedule.ahead):
        raise invalid(call, name, "far_date", days=schedule.ahead)
    return day


def want_slot(call: Call, schedule: Schedule) -> str:
    """Return the slot asked for; a time of day stands for its half day, or for the half hour it lies in."""
    time = call.text("time")
    if not schedule.by_time:
        period = call.text("period") or (("上午" if time < "12:00" else "下午") if time else need(call, "period"))
        if period not in PERIODS:
            raise invalid(call, "period", "bad_period")
        return period
    time = need(call, "time")
    slot = f"{time[:2]}:{'30' if time[3:5] >= '30' else '00'}"
    if slot not in TIMES:
        options = [Option(value=one, label=one) for one in TIMES]
        raise Refusal("invalid_field", call.say("bad_time"), field="time", alternatives=options)
    return slot


def take(call: Call, schedule: Schedule, day: date, slot: str, count: int, receipt_no: str) -> int:
    """Take ``count`` places and return the first one's number.

    Raises:
        Refusal: full, with free slots of that day, or else free days, as alternatives.
    """
    if free(call, schedule, day, slot) < count:
        raise full(call, schedule, day, slot, count)
    mine = select(Seat.seat).where(
        Seat.connector == call.connector,
        Seat.unit == schedule.unit,
        Seat.date == day.isoformat(),
        Seat.slot == slot,
    )
    taken = set(call.session.scalars(mine))
    seats = [seat for seat in range(1, schedule.capacity + 1) if seat not in taken][:count]
    key = {"connector": call.connector, "unit": schedule.unit, "date": day.isoformat(), "slot": slot}
    call.session.add_all([Seat(**key, seat=seat, receipt_no=receipt_no) for seat in seats])
    call.session.flush()
    return seats[0]


def full(call: Call, schedule: Schedule, day: date, slot: str, count: int) -> Refusal:
    """Say that there is no place, and where there are."""
    closed = day.isoweekday() in schedule.closed
    same_day = [s for s in schedule.slots if not closed and free(call, schedule, day, s) >= count]
    other_days = [d for d in days(call, schedule) if d != day and free(call, schedule, d, slot) >= count]
    other_days.sort(key=lambda d: (d < day, abs(d - day)))
    note = call.say
    slots = [Option(value=s, label=s, note=note("left", n=free(call, schedule, day, s))) for s in same_day[:4]]
    dates = [
        Option(value=d.isoformat(), label=said(d), note=note("left", n=free(call, schedule, d, slot)))
        for d in other_days[:4]
    ]
    nearest = call.say("list_join").join([*(o.label for o in slots), *(f"{o.label}{slot}" for o in dates[:2])])
    key = "closed_day" if closed else "full_slot"
    message = call.say(key, day=said(day), slot=slot)
    message += call.say("next_free", nearest=nearest) if nearest else call.say("none_free")
    field = schedule.slot_field if slots else "date"
    return Refusal("full", message, field=field, alternatives=slots or dates)
