"""A whole site to measure: the real application on a fresh database, a stand-in behind it, one staff member."""

from __future__ import annotations

import datetime as dt
import os
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from sqlalchemy import Engine

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

from fake_backend import FakeBackend, FakeSpeaker

import knowledge.models  # noqa: F401
from api.app import create_app
from api.identity.repository import digest
from api.models import RelativeRecord, StaffUser
from api.settings import ApiSettings
from api.staff.auth import hash_password
from knowledge.repository import DepartmentRepository, EntryRepository
from wenban import crypto
from wenban.attachments import AttachmentRepository
from wenban.citizens import CitizenRecord, SavedValueRepository, citizen_key, now
from wenban.consents import ConsentRepository
from wenban.database import Base, make_engine, session_scope
from wenban.materials import MaterialRepository
from wenban.ratings import RatingRepository, Rectification
from wenban.settings import Settings, get_settings
from wenban.tracking import TrackedMatter, TrackingRepository

PERSON, CONSENT = "demo-wangxl", "a-consent-for-the-measuring"
STAFF = ("reviewer", "correct-horse-staple")
ENTRIES = (("qa-swj-001", "swj", "水费怎么交？"), ("qa-rsj-001", "rsj", "社保卡丢了怎么补办？"))


@dataclass
class Site:
    """``url`` ends in a slash."""

    url: str
    backend: FakeBackend
    engine: Engine


def _matters(engine: Engine, issuer: str) -> None:
    """Give the demonstration's citizen matters, a notice, a value and a child."""
    steps = [("受理", "done"), ("审查", "now"), ("送达", "todo")]
    with session_scope(engine) as session:
        row = CitizenRecord(key=citizen_key(issuer, PERSON), subject=PERSON, name="王秀兰", level=2, profile={})
        session.add(row)
        session.flush()
        common = {"citizen_id": row.id, "conversation_id": "c", "service_id": "wjw-05", "checked_at": now()}
        case = TrackedMatter(
            key="k1", kind="application", service_name="社保卡申领", connector="apply", receipt_no="BL1122",
            status="审查", message="正在审查，请等通知。", lines=[], next_check_at=now() + dt.timedelta(days=1),
            steps=[{"name": n, "state": s, "at": "2026-11-20T09:00:00", "note": ""} for n, s in steps], **common,
        )  # fmt: skip
        visit = TrackedMatter(
            key="k2", kind="appointment", service_name="预约医院挂号", connector="hospital",
            receipt_no="GH1122",
            status="已预约", message="约好了。", lines=[], steps=[], starts_at=dt.datetime(2026, 11, 23, 9),
            place="人民医院",
            next_check_at=now() + dt.timedelta(days=1), acting_for={"name": "王子轩", "relation": "子女"}, **common,
        )  # fmt: skip
        session.add_all([case, visit])
        TrackingRepository(session).tell(case, "n1", "status", "“社保卡申领”有新进展：审查", "正在审查，请等通知。")
        SavedValueRepository(session).keep(row.id, 0, "account@water", "户号", ["10023345"], "水费查询")
        file = AttachmentRepository(session).add("c", "证明.jpg", "image/jpeg", b"\xff\xd8\xff photo")
        MaterialRepository(session).keep(row.id, 0, "诊断证明", [file], "医疗救助")
        for kind, what in (("sensitive", ["id_no", "health"]), ("licence", ["居民户口簿"])):
            ConsentRepository(session).add(
                row.id, "c", kind=kind, what=what, service_id="ybj-06", purpose="医疗救助", version="2026-11",
                text="办“医疗救助”要用到您的身份证号，属于敏感信息，只用来办这件事。同意吗？", how="pressed",
            )  # fmt: skip
        session.add(
            RelativeRecord(
                citizen_id=row.id, person={"name": "王子轩", "id_no": "371302201503011014", "phone": ""},
                relation="子女", basis="guardian", status="agreed", evidence={"at": "2026-11-01"},
            )
        )  # fmt: skip
        session.add(
            RelativeRecord(
                citizen_id=row.id, person={"name": "张桂英", "id_no": "371322196309210046", "phone": ""},
                relation="母亲", basis="consent", status="asked", evidence={"text": "王秀兰想替您（张桂英）办事。"},
                token_hash=digest(CONSENT), expires_at=now() + dt.timedelta(days=1),
            )
        )  # fmt: skip


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _seed(engine: Engine) -> None:
    Base.metadata.create_all(engine)
    with session_scope(engine) as session:
        session.add(StaffUser(username=STAFF[0], password_hash=hash_password(STAFF[1]), role="reviewer"))
        for department, name in (("swj", "市水务集团"), ("rsj", "市人社局")):
            DepartmentRepository(session).ensure(department, name)
        entries = EntryRepository(session)
        for entry_id, department, question in ENTRIES:
            fields = {"question": question, "answer": "可以在**手机上**办。", "spoken": "可以在手机上办。", "tags": []}
            entries.create("seed", [], id=entry_id, department_id=department, source="示例", **fields)
            entries.publish(entry_id, "seed")
        ratings, today = RatingRepository(session), dt.date.today()
        ratings.add("GH1", 1, today, ["等得太久"], "排了一上午", ("swj-01", "水费缴纳"))
        ratings.add("GH2", 2, today, [], None, ("rsj-04", "社保卡进度"))
        for case in session.query(Rectification):
            if case.rating.about == "GH2":
                case.due_on = today - dt.timedelta(days=1)


@contextmanager
def site() -> Iterator[Site]:
    """Serve the application on a free port of this machine, with nothing kept afterwards."""
    backend = FakeBackend().start()
    before = os.environ.get("WENBAN_HOME")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        os.environ["WENBAN_HOME"] = home
        get_settings.cache_clear()
        crypto._cipher.cache_clear()
        engine = make_engine(f"sqlite:///{home}/test.db")
        _seed(engine)
        port = _free_port()
        _matters(engine, f"http://127.0.0.1:{port}/idp")
        settings = Settings(port=port, rasa_port=backend.port, knowledge_port=backend.port, actions_port=backend.port)
        app = create_app(settings, ApiSettings(), engine, FakeSpeaker())
        server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield Site(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/", backend, engine)
        finally:
            server.should_exit = True
            thread.join(5)
            engine.dispose()
            backend.stop()
            os.environ.pop("WENBAN_HOME", None)
            if before is not None:
                os.environ["WENBAN_HOME"] = before
            get_settings.cache_clear()
            crypto._cipher.cache_clear()
