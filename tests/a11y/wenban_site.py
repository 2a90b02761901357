"""A whole site to measure: the real application on a fresh database, a stand-in behind it, one staff member."""

from __future__ import annotations

import os
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
from api.models import StaffUser
from api.settings import ApiSettings
from api.staff.auth import hash_password
from knowledge.repository import DepartmentRepository, EntryRepository
from wenban import crypto
from wenban.database import Base, make_engine, session_scope
from wenban.settings import Settings, get_settings

STAFF = ("reviewer", "correct-horse-staple")
ENTRIES = (("qa-swj-001", "swj", "水费怎么交？"), ("qa-rsj-001", "rsj", "社保卡丢了怎么补办？"))


@dataclass
class Site:
    """``url`` ends in a slash."""

    url: str
    backend: FakeBackend
    engine: Engine


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
        settings = Settings(rasa_port=backend.port, knowledge_port=backend.port, actions_port=backend.port)
        app = create_app(settings, ApiSettings(), engine, FakeSpeaker())
        server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
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
