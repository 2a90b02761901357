"""Public information with sample data: every answer says so, and the same question has the same answer."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from actions.connectors.contract import Found, Item
from actions.sandbox.areas import county_of
from actions.sandbox.bookings import said
from actions.sandbox.checks import invalid, need
from actions.sandbox.department import Call, Department, lines
from actions.sandbox.problems import Refusal
from actions.sandbox.samples import one_of, steady
from actions.sandbox.texts import data

info = Department("info")


def _place(call: Call) -> str:
    return call.text("place") or call.say("city")


def _day(call: Call) -> date:
    """Return the date asked about, today when none is given."""
    try:
        return date.fromisoformat(call.text("date")) if call.text("date") else call.clock.today()
    except ValueError:
        raise invalid(call, "date", "bad_date") from None


def _found(call: Call, message: str, rows: dict[str, Any], items: list[Item] | None = None) -> Found:
    """Return an answer that says that it is a sample."""
    shown = {**rows, "说明": call.say("sample")}
    return Found(message=message + call.say("mark"), lines=lines(shown), items=items or [], as_of=call.as_of())


@info.query("weather")
def weather(call: Call) -> Found:
    day, place = _day(call), _place(call)
    if not 0 <= (day - call.clock.today()).days <= 7:
        raise invalid(call, "date", "forecast_range")
    seed = f"weather{county_of(place) or place}{day}"
    warm = (8, 12, 18, 24, 29, 33, 34, 33, 28, 22, 15, 9)[day.month - 1] + steady(seed + "t", -3, 3)
    sky, wind = one_of(seed, data("info")["skies"]), one_of(seed + "w", data("info")["winds"])
    low = warm - steady(seed + "l", 6, 10)
    message = call.say("weather", place=place, day=said(day), sky=sky, low=low, high=warm, wind=wind)
    rows = {"地点": place, "日期": said(day), "天气": sky, "气温": f"{low}～{warm}℃", "风": wind}
    return _found(call, message, rows)


@info.query("air")
def air(call: Call) -> Found:
    place = _place(call)
    value = steady(f"air{county_of(place)}{call.clock.today()}", 28, 135)
    level = next(name for limit, name in ((50, "优"), (100, "良"), (150, "轻度污染")) if value <= limit)
    rows = {"地点": place, "空气质量指数": value, "等级": level, "PM2.5": f"{round(value * 0.6)} 微克/立方米"}
    return _found(call, call.say("air", place=place, value=value, level=level), rows)


@info.query("power_outage", "water_outage", "gas_outage", "heat_notice")
def outage(call: Call) -> Found:
    """Planned outages of a place on a day; most places have none."""
    place, day = need(call, "place"), _day(call)
    what = call.say(call.operation)
    if steady(f"{call.operation}{place}{day}", 1, 4) > 1:
        message = call.say("no_outage", place=place, day=said(day), what=what)
        return _found(call, message, {"地点": place, "日期": said(day), "情况": call.say("none_planned")})
    hours = one_of(f"{place}{day}", data("info")["hours"])
    message = call.say("outage", place=place, day=said(day), what=what, hours=hours)
    return _found(
        call, message, {"地点": place, "日期": said(day), "时间": hours, "情况": call.say("planned", what=what)}
    )


@info.query("bus_line")
def bus(call: Call) -> Found:
    name = re.sub(r"[\s路公交车线的]", "", need(call, "line")).upper()
    table = data("info")["bus_lines"]
    if name not in table:
        known = call.say("list_join").join(f"{one}路" for one in table)
        raise Refusal("not_found", call.say("no_line", line=call.text("line"), known=known), field="line")
    row = table[name]
    rows = {"线路": f"{name}路", "首末班": row["hours"], "站点": " → ".join(row["stops"])}
    return _found(call, call.say("bus", line=name, hours=row["hours"], n=len(row["stops"])), rows)


@info.query("parking", "toilets", "bicycles", "blood_places")
def spots(call: Call) -> Found:
    """Places nearby, named so that nobody takes them for real ones."""
    place = _place(call)
    kind, area = call.say(call.operation), county_of(place) or place
    items = []
    for number in range(1, 4):
        seed = f"{call.operation}{area}{number}"
        rows = {label: _measure(seed + label, bounds) for label, bounds in data("info")[call.operation].items()}
        items.append(Item(id=f"{call.operation}-{number}", title=f"{area}{kind}（示例{number}）", lines=lines(rows)))
    return _found(call, call.say("spots", place=place, kind=kind, n=len(items)), {}, items)


def _measure(seed: str, bounds: list[Any]) -> str:
    if isinstance(bounds[0], str):
        return str(one_of(seed, bounds))
    return f"{steady(seed, bounds[0], bounds[1])}{bounds[2]}"


@info.query("blood_stock")
def blood(call: Call) -> Found:
    levels = {kind: one_of(f"{kind}{call.clock.today()}", data("info")["stock"]) for kind in ("A", "B", "O", "AB")}
    short = [f"{kind}型" for kind, level in levels.items() if level == data("info")["stock"][-1]]
    message = call.say("blood_short", kinds=call.say("list_join").join(short)) if short else call.say("blood_fine")
    return _found(call, message, {f"{kind}型": level for kind, level in levels.items()})


@info.query("road")
def road(call: Call) -> Found:
    place = _place(call)
    state = one_of(f"road{place}{call.clock.now():%Y%m%d%H}", data("info")["roads"])
    return _found(call, call.say("road", place=place, state=state), {"地点": place, "路况": state})


@info.query("parcel")
def parcel(call: Call) -> Found:
    tracking = need(call, "tracking_no").upper()
    if not re.fullmatch(r"[A-Z0-9-]{8,24}", tracking):
        raise invalid(call, "tracking_no", "bad_tracking")
    state = one_of(tracking, data("info")["parcel"])
    return _found(call, call.say("parcel", state=state), {"快递单号": tracking, "状态": state})
