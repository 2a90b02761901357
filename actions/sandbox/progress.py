"""Where a matter stands: cases move by the time since they were submitted, along the stages of a plan."""

from __future__ import annotations

from datetime import datetime, timedelta

from actions.connectors.contract import Line, Status, Step
from actions.sandbox.department import Call, lines
from actions.sandbox.tables import Matter
from actions.sandbox.texts import data


def describe(call: Call, matter: Matter) -> Status:
    """Return the state of any matter."""
    if matter.state == "cancelled":
        return _status(call, matter, call.say("st_cancelled"), "cancelled", _two(call, matter, "st_cancelled"))
    if matter.kind == "appointment":
        return _appointment(call, matter)
    if matter.kind == "payment":
        return _payment(call, matter)
    if matter.kind == "case":
        return _case(call, matter)
    return _status(call, matter, call.say("st_done"), "taken", [])


def _status(call: Call, matter: Matter, status: str, key: str, steps: list[Step], cancellable: bool = False) -> Status:
    message = call.say(f"status_{key}", title=matter.title, status=status)
    rows = [Line(label=label, value=value) for label, value in matter.data.get("lines", [])]
    return Status(
        receipt_no=matter.receipt_no,
        status=status,
        message=message,
        steps=steps,
        lines=[*lines({"事项": matter.title}), *rows],
        cancellable=cancellable,
    )


def _two(call: Call, matter: Matter, second: str) -> list[Step]:
    return [
        Step(name=call.say("st_submitted"), state="done", at=matter.submitted_at.isoformat()),
        Step(name=call.say(second), state="done"),
    ]


def _appointment(call: Call, matter: Matter) -> Status:
    start, end = (datetime.fromisoformat(matter.data[name]) for name in ("start", "end"))
    over = call.clock.now() > end
    steps = [
        Step(name=call.say("st_submitted"), state="done", at=matter.submitted_at.isoformat()),
        Step(name=call.say("st_booked"), state="done" if over else "now", at=matter.submitted_at.isoformat()),
        Step(name=call.say("st_visit"), state="now" if over else "todo", at=start.isoformat()),
    ]
    status = call.say("st_over" if over else "st_booked")
    return _status(call, matter, status, "over" if over else "booked", steps, call.clock.now() < start)


def _payment(call: Call, matter: Matter) -> Status:
    settles = datetime.fromisoformat(matter.data["settles_at"])
    pending = settles > call.clock.now()
    paid = Step(name=call.say("st_paid"), state="todo" if pending else "done", at=settles.isoformat())
    steps = [
        Step(name=call.say("st_submitted"), state="done", at=matter.submitted_at.isoformat()),
        Step(name=call.say("st_paying"), state="now" if pending else "done"),
        paid,
    ]
    status = call.say("st_paying" if pending else "st_paid")
    return _status(call, matter, status, "paying" if pending else "paid", steps).model_copy(update={"pending": pending})


def _case(call: Call, matter: Matter) -> Status:
    if matter.state == "missing":
        short = call.say("st_missing")
        note = call.say("list_join").join(matter.data.get("missing", []))
        steps = [
            Step(name=call.say("st_submitted"), state="done", at=matter.submitted_at.isoformat()),
            Step(name=short, state="now", note=note),
        ]
        return _status(call, matter, short, "missing", steps, cancellable=True)
    steps, current, last = timeline(call, matter)
    return _status(
        call, matter, current, "finished" if last else "moving", steps, cancellable=len(steps) > 2 and not last
    )


def timeline(call: Call, matter: Matter) -> tuple[list[Step], str, bool]:
    """Return the steps of a case, the name of the one it has reached, and whether that is the last."""
    plan = data("plans")[matter.data["plan"]]
    if matter.pinned_days is None:
        started, elapsed = matter.submitted_at, call.clock.days_since(matter.submitted_at)
    else:
        started, elapsed = call.clock.ago(matter.pinned_days), matter.pinned_days
    reached = [stage for stage in plan if stage["day"] <= elapsed]
    last = len(reached) == len(plan)
    steps = []
    for position, stage in enumerate(plan):
        done = position < len(reached) - 1 or last
        state = "done" if done else "now" if position == len(reached) - 1 else "todo"
        at = started + timedelta(seconds=stage["day"] * call.clock.day_seconds)
        steps.append(
            Step(
                name=stage["name"],
                state=state,
                at=at.isoformat(timespec="seconds") if position < len(reached) else None,
                note=stage.get("note", ""),
            )
        )
    return steps, reached[-1]["name"], last
