"""Changes are found and told once, ever more rarely asked for, and appointments are reminded of once each."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import pytest
from engine_world import HOSPITAL, ID_NO, NOW, PHONE, STREET, World

from actions.dialogue.progress import ProgressDesk
from actions.tracking.settings import WatchSettings
from actions.tracking.watcher import Watcher
from wenban.citizens import now
from wenban.database import session_scope
from wenban.tracking import Notice, TrackedMatter, TrackingRepository

BOOKING = f"明天上午去人民医院挂个骨科，王秀兰，身份证{ID_NO}，电话{PHONE}"


class Time:
    """Both clocks of a watcher: ``later`` moves the pauses, ``wall`` is the city's."""

    def __init__(self) -> None:
        self.moment, self.wall = now(), NOW

    def later(self, seconds: float) -> None:
        self.moment += dt.timedelta(seconds=seconds)

    def watcher(self, world: World, **settings: Any) -> Watcher:
        wanted = {"first_seconds": 10, "longest_seconds": 100, **settings}
        chosen = WatchSettings.model_validate(wanted)
        return Watcher(world.connectors, chosen, clock=lambda: self.wall, moment=lambda: self.moment)


@pytest.fixture
def time() -> Time:
    return Time()


async def report(world: World) -> str:
    """Report a street lamp; return the receipt."""
    talk = world.talk()
    await talk.open(STREET, f"路灯不亮，湖东路和沂蒙路交叉口，昨天晚上十一点，电话{PHONE}")
    for _ in range(8):
        if talk.status in ("confirm", "done"):
            break
        await talk.say("没有了" if talk.asked == "detail" else "湖东路与沂蒙路交叉口路灯不亮", "inform")
    await talk.say("确认", "confirm")
    assert talk.status == "done", talk.text
    return talk.receipt


async def booked(world: World, booked_at: dt.datetime = NOW) -> TrackedMatter:
    """Book tomorrow morning's appointment, at a moment of the city's clock."""
    talk = world.talk()
    await talk.open(HOSPITAL, BOOKING)
    await talk.say("确认", "confirm")
    assert talk.status == "done", talk.text
    with session_scope() as session:
        row = TrackingRepository(session).matters(None, "conversation")[0]
        row.created_at = booked_at.astimezone(dt.UTC).replace(tzinfo=None)
    assert row.starts_at is not None
    return row


def notices() -> list[Notice]:
    with session_scope() as session:
        return list(session.query(Notice).order_by(Notice.id))


def tracked() -> TrackedMatter:
    with session_scope() as session:
        return session.query(TrackedMatter).one()


async def test_a_change_is_told_once(world: World, time: Time) -> None:
    receipt = await report(world)
    watcher = time.watcher(world)
    time.later(1)
    assert await watcher.tick() == 0, "what was just submitted is no news"
    first = tracked()
    assert [step["state"] for step in first.steps].count("now") == 1
    world.clock.move(1)
    assert await watcher.tick() == 0, "not due yet"
    time.later(60)
    assert await watcher.tick() == 1
    told = notices()
    assert [(n.kind, n.receipt_no) for n in told] == [("status", receipt)]
    assert tracked().status in told[0].title
    assert receipt in told[0].text
    time.later(1000)
    assert await watcher.tick() == 0
    assert len(notices()) == 1


async def test_two_watchers_tell_once(world: World, time: Time) -> None:
    await report(world)
    first, second = time.watcher(world), time.watcher(world)
    time.later(1)
    await first.tick()
    world.clock.move(1)
    time.later(60)
    assert sum(await asyncio.gather(first.tick(), second.tick())) == 1
    assert len(notices()) == 1


async def test_pauses_grow_and_end(world: World, time: Time) -> None:
    await report(world)
    watcher, pauses = time.watcher(world), []
    for _ in range(6):
        time.later(1000)
        await watcher.tick()
        pauses.append(round((tracked().next_check_at - time.moment).total_seconds()))
    assert pauses == [10, 20, 40, 80, 100, 100]
    world.clock.move(0.6)
    time.later(1000)
    assert await watcher.tick() == 1
    assert (tracked().next_check_at - time.moment).total_seconds() == 10, "after a change, soon again"


async def test_what_is_finished_is_asked_no_more(world: World, time: Time) -> None:
    await report(world)
    watcher = time.watcher(world)
    world.clock.move(10)
    for _ in range(3):
        time.later(1000)
        await watcher.tick()
    assert tracked().finished
    asked_at = tracked().checked_at
    time.later(10**6)
    await watcher.tick()
    assert tracked().checked_at == asked_at


async def test_a_department_that_is_down_is_asked_later(world: World, time: Time) -> None:
    await report(world)
    watcher = time.watcher(world)
    world.fault("complaint", "down", "status", times=1)
    time.later(1)
    assert await watcher.tick() == 0
    assert tracked().checked_at is None
    time.later(60)
    await watcher.tick()
    assert tracked().checked_at is not None


async def test_somebody_looking_has_it_asked_at_once(world: World, time: Time) -> None:
    await report(world)
    watcher = time.watcher(world, first_seconds=1000, longest_seconds=1000)
    time.later(1)
    await watcher.tick()
    with session_scope() as session:
        session.query(TrackedMatter).update({"checked_at": now() - dt.timedelta(seconds=30)})
        TrackingRepository(session).look_again([session.query(TrackedMatter).one().key])
    world.clock.move(1)
    time.later(1)
    assert await watcher.tick() == 1


async def test_reminders_once_each(world: World, time: Time) -> None:
    row = await booked(world, NOW - dt.timedelta(days=2))
    assert row.starts_at is not None
    watcher, heard = time.watcher(world), []
    for hours in (26, 23.9, 20, 4, 2.9, 2, 0.5, -0.5):
        time.wall = row.starts_at - dt.timedelta(hours=hours)
        time.later(1)
        await watcher.tick()
        heard.append(sum(n.kind == "reminder" for n in notices()))
    assert heard == [0, 1, 1, 1, 2, 2, 2, 2]
    day, hours_before = (n for n in notices() if n.kind == "reminder")
    assert "人民医院" in day.text
    assert row.receipt_no in day.text
    assert "今天" in hours_before.text


async def test_who_has_just_booked_is_not_reminded(world: World, time: Time) -> None:
    row = await booked(world, NOW + dt.timedelta(hours=2))
    assert row.starts_at is not None
    time.wall = row.starts_at - dt.timedelta(hours=21)
    assert time.wall > NOW + dt.timedelta(hours=2)
    await time.watcher(world).tick()
    assert notices() == []
    time.wall = row.starts_at - dt.timedelta(hours=2)
    await time.watcher(world).tick()
    assert len(notices()) == 1, "some hours before is still right"


async def test_after_a_long_stop_only_the_nearer_reminder_is_given(world: World, time: Time) -> None:
    row = await booked(world, NOW - dt.timedelta(days=2))
    assert row.starts_at is not None
    time.wall = row.starts_at - dt.timedelta(hours=1)
    watcher = time.watcher(world)
    await watcher.tick()
    await watcher.tick()
    assert ["今天" in n.text for n in notices()] == [True]


async def test_what_was_cancelled_elsewhere_is_not_reminded_of(world: World, time: Time) -> None:
    row = await booked(world, NOW - dt.timedelta(days=2))
    assert row.starts_at is not None
    await world.connectors.get("hospital").cancel(row.receipt_no, "at-the-counter")
    time.wall = row.starts_at - dt.timedelta(hours=20)
    watcher = time.watcher(world)
    await watcher.tick()
    await watcher.tick()
    assert not [n for n in notices() if n.kind == "reminder"]
    assert tracked().finished


async def test_cancelling_here_is_no_news_to_its_citizen(world: World, time: Time) -> None:
    row = await booked(world)
    talk = world.talk()
    turn = talk._turn("/press", "cancel_matter", {"do": "cancel_matter", "value": row.receipt_no})
    outcome = await ProgressDesk(world.engine.performer).cancel(talk.desk, turn)
    assert outcome.turn["status"] == "cancelled"
    assert tracked().finished
    time.later(1000)
    await time.watcher(world).tick()
    assert notices() == []
