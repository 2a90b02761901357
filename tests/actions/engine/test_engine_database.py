"""Database connections that break at random points: no double booking, no double payment, no lost receipt.

The connection itself is closed, as a restarted server would: before a statement, before a commit, or after
the commit and before anybody is told. Ours and the departments' both break while citizens submit and pay at once;
afterwards the rows are counted.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import threading
from typing import Any

import pytest
from engine_world import HOSPITAL, WATER, Talk, World
from sqlalchemy import Engine, event

from actions.models import MatterRecord
from wenban.database import get_engine, session_scope
from wenban.tracking import TrackedMatter

ACCOUNTS = ("10023345", "10028876", "10031120", "10040017", "10046692")
PATIENTS = (("王秀兰", "371302198503120021"), ("张桂英", "371322196309210046"), ("李建国", "371302198806121013"),
            ("陈志远", "371302199008082034"), ("孙丽", "371302199206180049"))  # fmt: skip
GONE = "Cannot operate on a closed database."
TRIES = 80


class Cuts:
    """Closes a connection every few database events; counts where it did."""

    def __init__(self, seed: int) -> None:
        self.dice, self.lock = random.Random(seed), threading.Lock()
        self.armed, self.left = True, 5
        self.made = {"statement": 0, "before commit": 0, "after commit": 0}
        self._undo: list[Any] = []

    def due(self, where: str) -> bool:
        """Say whether the connection is cut at this event."""
        with self.lock:
            self.left -= 3 if where == "after commit" else 1  # the rare moment in which most can go wrong
            if not self.armed or self.left > 0:
                return False
            self.left = self.dice.randint(6, 60)
            self.made[where] += 1
            return True

    def on(self, engine: Engine) -> None:
        """Cut this engine's connections from now on."""

        def statement(connection: Any, *_: Any) -> None:
            if self.due("statement"):
                connection.connection.dbapi_connection.close()  # what is executed now meets a closed connection

        commit = engine.dialect.do_commit

        def do_commit(connection: Any) -> None:
            if self.due("before commit"):
                connection.dbapi_connection.close()
            commit(connection)
            if self.due("after commit"):
                connection.dbapi_connection.close()
                raise sqlite3.ProgrammingError(GONE)

        event.listen(engine, "before_cursor_execute", statement)
        engine.dialect.do_commit = do_commit  # type: ignore[method-assign]
        self._undo += [lambda: event.remove(engine, "before_cursor_execute", statement)]
        self._undo += [lambda: setattr(engine.dialect, "do_commit", commit)]

    def end(self) -> None:
        self.armed = False
        for undo in self._undo:
            undo()


class Patient:
    """A citizen who tries again: what broke in the middle is as it was before the turn, as the dialogue keeps it."""

    def __init__(self, world: World) -> None:
        self.talk = world.talk()
        self.receipt = ""

    async def carry_through(self, service_id: str, said: str) -> Patient:
        """Open a service and say yes, or name the bills where they are asked for, until there is a receipt."""
        await self._take(lambda talk: talk.open(service_id, said))
        for _ in range(TRIES):
            if self.talk.status == "done":
                self.receipt = self.talk.receipt
                return self
            bills = self.talk.asked == "bills"
            await self._take(lambda talk, b=bills: talk.say("都交") if b else talk.say("确认", "confirm"))  # type: ignore[misc]
        raise AssertionError(f"no receipt after {TRIES} tries: {self.talk.text}")

    async def _take(self, step: Any) -> None:
        for _ in range(TRIES):
            before = self.talk.copy()
            try:
                await step(self.talk)
            except Exception:  # our own database: the turn is lost, the desk is not
                self.talk = before
                await asyncio.sleep(0)
                continue
            if self.talk.status != "error":  # a department's: said, and tried again
                return
        raise AssertionError("never got through")


async def book(world: World, n: int) -> Patient:
    name, id_no = PATIENTS[n]
    said = f"后天上午去人民医院挂个骨科，我叫{name}，身份证{id_no}，手机1390000{n:04d}"
    return await Patient(world).carry_through(HOSPITAL, said)


async def pay(world: World, account: str) -> Patient:
    return await Patient(world).carry_through(WATER, f"交水费，户号{account}")


def rows(world: World, query: str) -> list[Any]:
    with world.app.state.desk.store.engine.connect() as connection:
        return list(connection.exec_driver_sql(query).all())


@pytest.mark.parametrize("seed", range(10))
async def test_every_booking_and_payment_is_there_once(world: World, seed: int) -> None:
    cuts = Cuts(seed)
    cuts.on(get_engine())
    cuts.on(world.app.state.desk.store.engine)
    try:
        done = await asyncio.gather(
            *(book(world, n) for n in range(len(PATIENTS))), *(pay(world, account) for account in ACCOUNTS)
        )
    finally:
        cuts.end()
    assert sum(cuts.made.values()) >= 6, cuts.made
    receipts = {patient.receipt for patient in done}
    assert len(receipts) == len(done), "each has a receipt of their own"
    booked = {row[0] for row in rows(world, "select receipt_no from matters where operation = 'book'")}
    paid = {row[0] for row in rows(world, "select receipt_no from payments")}
    assert booked | paid == receipts, "nothing at a department that nobody has the receipt of, and the reverse"
    assert world.count("seats") == len(PATIENTS)
    assert len(paid) == len(ACCOUNTS)
    by_receipt = rows(world, "select receipt_no, sum(fen) from paid_bills group by receipt_no order by 1")
    assert by_receipt == rows(world, "select receipt_no, fen from payments order by 1")
    assert rows(world, "select bill_id from paid_bills group by bill_id having count(*) > 1") == []
    with session_scope() as session:
        records = session.query(MatterRecord).all()
        assert {row.receipt_no for row in records} == receipts
        assert {row.status for row in records} <= {"done", "pending"}
        assert {row.receipt_no for row in session.query(TrackedMatter)} == receipts, "and each is shown in 我的办件"


async def test_the_last_place_is_given_once_however_often_the_line_breaks(world: World) -> None:
    """Thirteen citizens for what is left of ten places, while the department's database breaks."""
    cuts = Cuts(99)
    cuts.on(world.app.state.desk.store.engine)

    async def one(n: int) -> Talk:
        patient = Patient(world)
        name, id_no = PATIENTS[n % len(PATIENTS)]
        body = f"3713021970{n % 12 + 1:02d}1100{n % 10}"
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        id_no = body + "10X98765432"[sum(int(a) * b for a, b in zip(body, weights, strict=True)) % 11]
        said = f"后天上午去人民医院挂个口腔科，我叫{name}，身份证{id_no}，手机1391111{n:04d}"
        await patient._take(lambda talk: talk.open(HOSPITAL, said))
        for _ in range(TRIES):
            if patient.talk.status == "done" or "已约满" in patient.talk.text:
                break
            await patient._take(lambda talk: talk.say("确认", "confirm"))
        return patient.talk

    try:
        talks = await asyncio.gather(*(one(n) for n in range(13)))
    finally:
        cuts.end()
    won = [talk.receipt for talk in talks if talk.status == "done"]
    assert len(set(won)) == len(won) == 10
    assert all("已约满" in talk.text for talk in talks if talk.status != "done")
    assert world.count("seats") == 10
    assert {row[0] for row in rows(world, "select receipt_no from matters where operation = 'book'")} == set(won)
