"""Random citizens: no stuck form, no foreign value in a field, no submit without a clear yes."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from engine_world import ID_NO, NOW, PHONE, Talk, World, declared
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from actions.engine import again
from actions.engine.context import Outcome
from nlu.acts import FORM_ACTS
from wenban import crypto
from wenban.database import get_engine
from wenban.settings import get_settings

HOSPITALS = ("人民医院", "中心医院", "中医医院", "妇幼保健院")
GOOD: dict[str, dict[str, tuple[Any, ...]]] = {
    "wjw-05": {
        "hospital": HOSPITALS,
        "department": ("骨科", "内科", "眼科", "中医科"),
        "date": ("2026-11-19", "2026-11-20", "2026-11-25"),
        "period": ("上午", "下午"),
        "name": ("王秀兰", "李建国"),
        "id_no": (ID_NO, "371302198806121013"),
        "phone": (PHONE, "13900004321"),
    },
    "kjj-03": {
        "date": ("2026-11-21", "2026-11-22"),
        "period": ("上午", "下午"),
        "people": (1, 3, 20),
        "children": (0, 1),
        "name": ("王秀兰", "李建国"),
        "phone": (PHONE, "13900004321"),
    },
    "zjj-07": {
        "account_no": ("10023345", "10028876", "10031120"),
        "bills": ("都交", "上个月的", "第一笔"),
        "amount": (),
    },
    "desk-02": {
        "receipt_no": (),
        "date": ("2026-11-20", "2026-11-24"),
        "period": ("上午", "下午"),
    },
    "cgj-04": {
        "problem": ("路灯不亮", "井盖坏了"),
        "place": ("兰山区通达路", "罗庄区湖东路与文化路路口"),
        "event_date": ("2026-11-17", "2026-11-10"),
        "event_time": ("23:00", "09:30"),
        "phone": (PHONE, "13900004321"),
    },
}
BAD = (
    "3713021985031200", "371302198503120027", "1390000", "上周五", "明年三月", "八百个人", "100000000", "？？？",
    "协和医院", "啥", "😀", "<b>x</b>", "'; drop table matters; --", "0", "-1",
)  # fmt: skip
ASIDES = (
    "哦，对了，周六下不下雨",
    "等会儿，我爸说后天有雨",
    "你说的13800000000是谁",
    "上回那个李建国也来了",
    "大概要多少钱",
)
OWN_QUESTIONS = ("一共欠几笔", "第二笔多少钱", "加起来是多少", "后天还有号吗", "大后天呢", "人民医院在哪", "还有名额吗")
CORRECTIONS = (
    "改成后天",
    "时间改成下午",
    "尾号是四三二一",
    "最后一位是七",
    "不对，叫赵磊",
    "换成中医医院",
    "不对",
    "多一个人",
)
ACTS = sorted(FORM_ACTS - {"confirm"})
TYPES: dict[str, Any] = {
    "date": lambda v: date.fromisoformat(v),
    "period": lambda v: v in ("上午", "下午") or fail(v),
    "time": lambda v: re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", v) or fail(v),
    "phone": lambda v: re.fullmatch(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}", v) or fail(v),
    "id_no": lambda v: re.fullmatch(r"\d{17}[\dX]", v) or fail(v),
    "person": lambda v: re.fullmatch(r"[一-鿿·]{2,12}", v) or fail(v),
    "number": lambda v: isinstance(v, int | float) or fail(v),
    "amount": lambda v: isinstance(v, int | float) or fail(v),
    "account": lambda v: (isinstance(v, list) and all(isinstance(one, str) and one.isalnum() for one in v)) or fail(v),
    "bills": lambda v: (isinstance(v, list) and v and all(isinstance(one, str) for one in v)) or fail(v),
    "choice": lambda v: isinstance(v, str) or fail(v),
    "place": lambda v: (isinstance(v, str) and len(v) > 1) or fail(v),
    "text": lambda v: isinstance(v, str) or fail(v),
    "boolean": lambda v: isinstance(v, bool) or fail(v),
    "receipt": lambda v: re.fullmatch(r"[A-Z]{2,4}\d{6,}", v) or fail(v),
}


def fail(value: Any) -> None:
    raise AssertionError(f"{value!r} has the wrong shape")


def check_value(service_id: str, name: str, value: Any) -> None:
    """Fail unless ``value`` is of the field's type, within its bounds, and no button's or command's text."""
    field = next(field for field in declared(service_id).fields if field.name == name)
    TYPES[field.type](value)
    assert "/press" not in str(value), "the placeholder of a press landed in a field"
    if name == "hospital":
        assert value in HOSPITALS, value
    if field.type == "date":
        day, today = date.fromisoformat(value), NOW.date()
        ahead = field.rule.max_days_ahead
        assert (day <= today) if field.rule.allow_past else (day >= today)
        assert ahead is None or day <= today + timedelta(days=ahead)
    if field.type == "number":
        assert (field.rule.minimum or 0) <= value <= (field.rule.maximum or 10**9)


class Citizen(RuleBasedStateMachine):
    """One conversation after another on one set of departments."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory(prefix="wenban-machine-")
        self.before = os.environ.get("WENBAN_HOME")
        os.environ["WENBAN_HOME"] = self.folder.name
        forget()
        self.world = World(Path(self.folder.name))
        self.talk: Talk = self.world.talk()
        self.yes = 0
        self.submitted: dict[str, dict[str, Any]] = {}

    def teardown(self) -> None:
        try:
            self.the_form_is_not_stuck()
        finally:
            self.end()

    def end(self) -> None:
        self.loop.run_until_complete(self.world.close())
        get_engine().dispose()
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()
        if self.before is None:
            del os.environ["WENBAN_HOME"]
        else:
            os.environ["WENBAN_HOME"] = self.before
        forget()
        self.folder.cleanup()

    def do(self, step: Any) -> None:
        """Take a step; whatever it is, something must be said, and only a clear yes may submit."""
        matter = self.talk.desk.matter
        shown = dict(matter.values) if matter is not None and matter.phase == "confirm" else None
        before = len(self.world.records())
        self.loop.run_until_complete(step)
        assert self.talk.text.strip(), "nothing was said"
        new = self.world.records()[before:]
        assert not new or (self.saying_yes and shown is not None), "submitted without a yes to a review"
        for record in new:
            assert record.fields == shown, "submitted something else than was shown"
            names = {field.name for field in declared(record.service_id).fields if field.required and not field.when}
            assert names <= set(record.fields), "submitted with fields missing"

    saying_yes = False

    @initialize(service=st.sampled_from(sorted(set(GOOD) - {"desk-02"})))
    def first(self, service: str) -> None:
        self.do(self.talk.open(service))

    @property
    def busy(self) -> bool:
        return self.talk.desk.matter is not None

    # -- what a citizen may do --------------------------------------------------------------------------------

    @rule(service=st.sampled_from(sorted(set(GOOD) - {"desk-02"})))
    def start(self, service: str) -> None:
        self.do(self.talk.open(service))

    @precondition(lambda self: self.busy)
    @rule(data=st.data(), typed=st.booleans())
    def answer(self, data: st.DataObject, typed: bool) -> None:
        known = GOOD[self.talk.matter.service_id]
        name = self.talk.asked if self.talk.asked in known else data.draw(st.sampled_from(sorted(known)))
        if not known[name]:
            return
        value = str(data.draw(st.sampled_from(known[name])))
        typed = typed or name == "bills"
        self.do(self.talk.say(value) if typed else self.talk.press("field", field=name, value=value))

    @precondition(lambda self: self.busy)
    @rule(data=st.data())
    def press_what_is_offered(self, data: st.DataObject) -> None:
        offered = [p for p in self.talk.buttons if p["do"] in ("field", "edit")]
        rows = [row.edit for message in self.talk.heard for row in message.rows if row.edit]
        if offered or rows:
            payload = dict(data.draw(st.sampled_from([*offered, *rows])))
            payload.pop("label", None)
            self.do(self.talk.press(**payload))

    @precondition(lambda self: self.busy)
    @rule(text=st.sampled_from(BAD), act=st.sampled_from(ACTS))
    def nonsense(self, text: str, act: str) -> None:
        self.do(self.talk.say(text, act))

    @precondition(lambda self: self.busy)
    @rule(text=st.sampled_from(CORRECTIONS))
    def correct(self, text: str) -> None:
        self.do(self.talk.say(text, "correct"))

    @precondition(lambda self: self.busy)
    @rule(text=st.sampled_from(ASIDES))
    def digress(self, text: str) -> None:
        """A question in between is not the engine's: the form is asked again and nothing has changed."""
        before = dict(self.talk.values)
        self.do(self.talk._go_on(*self.aside(text)))
        if self.busy:
            assert self.talk.values == before

    @precondition(lambda self: self.busy)
    @rule(text=st.sampled_from(OWN_QUESTIONS))
    def ask_about_the_matter(self, text: str) -> None:
        """What the form answers itself (bills, free places) changes nothing and submits nothing."""
        before = self.talk.desk.model_dump(exclude={"asked", "asked_before"})
        records = len(self.world.records())
        turn = self.talk._turn(text, "ask", {})
        self.talk.desk.asked_before, self.talk.desk.asked = self.talk.desk.asked, None
        outcome = self.loop.run_until_complete(self.talk.engine.aside(self.talk.desk, turn))
        assert outcome is None or outcome.messages[0].text.strip()
        assert self.talk.desk.model_dump(exclude={"asked", "asked_before"}) == before
        assert len(self.world.records()) == records

    @precondition(lambda self: self.talk.desk.done)
    @rule(text=st.sampled_from(("改到后天上午", "改到大后天下午吧", "改个时间")))
    def move_what_was_booked(self, text: str) -> None:
        """A second form on the first receipt: the place taken is still one."""
        booked = [m for m in self.talk.desk.done if m.service_id == "wjw-05" and m.receipt]
        if not booked or self.busy:
            return
        seats = self.world.count("seats")
        declaration = self.loop.run_until_complete(self.talk.engine.declarations.get("desk-02"))
        assert declaration is not None
        turn = self.talk._turn(text, "start", {})
        carried = again.carried(str(booked[-1].receipt), booked[-1].values, text, NOW)
        outcome = self.loop.run_until_complete(self.talk.engine.open(self.talk.desk, declaration, turn, carried))
        self.loop.run_until_complete(self.talk._go_on(outcome, turn))
        assert self.world.count("seats") == seats, "moved without a yes"

    def aside(self, text: str) -> Any:
        return Outcome(), self.talk._turn(text, "ask", {})

    @precondition(lambda self: self.busy)
    @rule(
        do=st.sampled_from(["choose", "back", "confirm", "field", "edit"]),
        field=st.sampled_from(["hospital", "date", "problem", "bills", "phone", "nonsense", "children", "photo"]),
        value=st.sampled_from(["协和医院", "x", "2026-11-20", "上午", "water-10028876-2026-10", True, 7, ["a", "b"]]),
    )
    def any_button(self, do: str, field: str, value: Any) -> None:
        self.saying_yes = do == "confirm"
        self.do(self.talk.press(do, field=field, value=value))
        self.saying_yes = False

    @precondition(lambda self: self.busy)
    @rule()
    def confirm(self) -> None:
        self.saying_yes = True
        self.do(self.talk.say("确认", "confirm"))
        self.saying_yes = False

    @precondition(lambda self: self.busy)
    @rule()
    def cancel(self) -> None:
        put_down = self.talk.put_down()
        assert put_down is not None
        assert put_down.receipt is None

    @precondition(lambda self: self.talk.desk.parked)
    @rule()
    def resume(self) -> None:
        matter = self.talk.desk.parked[-1]
        kept = dict(matter.values)
        self.talk.desk.take_up(matter)
        assert self.talk.values == kept
        self.do(self.talk._go_on(*self.aside("接着办")))

    @rule()
    def restart(self) -> None:
        """Every process ends and starts: what remains is what was written."""
        asked, status, heard = self.talk.asked, self.talk.status, self.talk.heard
        self.talk = self.talk.copy()
        self.talk.asked, self.talk.status, self.talk.heard = asked, status, heard

    # -- what must always hold --------------------------------------------------------------------------------

    @invariant()
    def values_are_their_fields_own(self) -> None:
        desk = self.talk.desk
        for matter in [*desk.parked, *desk.done, *([desk.matter] if desk.matter else [])]:
            names = {field.name for field in declared(matter.service_id).fields}
            assert set(matter.values) <= names
            for name, value in matter.values.items():
                check_value(matter.service_id, name, value)

    @invariant()
    def keys_are_single(self) -> None:
        desk = self.talk.desk
        keys = [m.key for m in [*desk.parked, *desk.done, *([desk.matter] if desk.matter else [])]]
        assert len(keys) == len(set(keys))

    def the_form_is_not_stuck(self) -> None:
        """A patient citizen who gives what is asked for gets to the review or to an answer."""
        if not self.busy:
            return
        other = self.talk.copy()
        other.asked, other.heard = self.talk.asked, self.talk.heard
        service = other.matter.service_id
        for _ in range(12):
            if other.desk.matter is None or other.desk.matter.phase == "confirm":
                return
            offered = [p for p in other.buttons if p["do"] == "field" and p["field"] == other.asked]
            answers = GOOD[service].get(other.asked) or ()
            assert offered or answers, f"asks for {other.asked!r}, which nobody can answer: {other.text}"
            if offered:
                step = other.press("field", field=other.asked, value=offered[-1]["value"])
            else:
                step = other.say(str(answers[0]))
            self.loop.run_until_complete(step)
        raise AssertionError(f"the form of {service} does not end: {other.asked}, {other.values}")


def forget() -> None:
    for cached in (get_settings, get_engine, crypto._cipher):
        cached.cache_clear()


@pytest.mark.timeout(280)
def test_random_citizens() -> None:
    run_state_machine_as_test(
        Citizen,
        settings=settings(
            max_examples=int(os.environ.get("WENBAN_MACHINE_EXAMPLES", "30")),
            stateful_step_count=25,
            deadline=None,
            database=None,
            derandomize=True,
            # Shrinking takes minutes; the steps of a failure are printed all the same.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
