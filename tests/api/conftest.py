"""The real application on a fresh database, with a stand-in for Rasa and the knowledge process."""
# ruff: noqa: E402

from __future__ import annotations

import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "browser")]

from asgi_browser import browser
from fake_backend import FakeBackend, FakeListener, FakeSpeaker
from real_server import Server, serving
from signing import Browser
from staff_helpers import hashed, log_in

import knowledge.models  # noqa: F401
from api.app import create_app
from api.models import StaffUser
from api.settings import ApiSettings
from api.staff.auth import create_first_admin
from knowledge.repository import DepartmentRepository, EntryRepository
from wenban import crypto, plugins
from wenban.database import Base, make_engine, session_scope
from wenban.settings import Settings, get_settings

ENTRIES = (
    ("qa-swj-001", "swj", "水费怎么交？", ["水费咋交", "在哪里交水费"], "可以在**手机上**交。"),
    ("qa-rsj-001", "rsj", "社保卡丢了怎么补办？", ["社保卡丢了", "补社保卡"], "先挂失，再补办。"),
)


@pytest.fixture(scope="session")
def shared_backend() -> Iterator[FakeBackend]:
    backend = FakeBackend().start()
    yield backend
    backend.stop()


@pytest.fixture
def backend(shared_backend: FakeBackend) -> FakeBackend:
    shared_backend.fail.clear()
    shared_backend.turns.clear()
    return shared_backend


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with two published entries, made once and copied for each test."""
    path = tmp_path_factory.mktemp("seeded") / "test.db"
    engine = make_engine(f"sqlite:///{path}")
    plugins.import_models()
    Base.metadata.create_all(engine)
    with session_scope(engine) as session:
        for department, name in (("swj", "市水务集团"), ("rsj", "市人社局")):
            DepartmentRepository(session).ensure(department, name)
        entries = EntryRepository(session)
        for entry_id, department, question, variants, answer in ENTRIES:
            fields = {"question": question, "answer": answer, "spoken": answer.replace("*", ""), "tags": []}
            entries.create("seed", variants, id=entry_id, department_id=department, source="示例", **fields)
            entries.publish(entry_id, "seed")
    engine.dispose()
    return path


@pytest.fixture
def engine(tmp_path: Path, seeded: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("WENBAN_HOME", str(tmp_path))
    get_settings.cache_clear()
    crypto._cipher.cache_clear()
    engine = make_engine(f"sqlite:///{shutil.copy(seeded, tmp_path)}")
    yield engine
    engine.dispose()
    get_settings.cache_clear()
    crypto._cipher.cache_clear()


@pytest.fixture
def settings(backend: FakeBackend) -> Settings:
    port = backend.port
    return Settings(rasa_port=port, knowledge_port=port, actions_port=port, turn_timeout=1.0)


@pytest.fixture
def unstarted(engine: Engine, settings: Settings) -> FastAPI:
    """For a test that starts the application in an event loop of its own."""
    return create_app(settings, ApiSettings(), engine, FakeSpeaker(), FakeListener())


@pytest.fixture
async def app(unstarted: FastAPI) -> AsyncIterator[FastAPI]:
    async with unstarted.router.lifespan_context(unstarted):
        yield unstarted


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(app) as client:
        yield client


@pytest.fixture
async def conversation(client: httpx.AsyncClient) -> str:
    response = await client.post("/v1/conversations")
    conversation_id: str = response.json()["conversation_id"]
    return conversation_id


@pytest.fixture
def password(engine: Engine) -> str:
    with session_scope(engine) as session:
        password = create_first_admin(session)
        assert create_first_admin(session) is None
        assert password
        quick = hashed("department-secret")
        session.add(StaffUser(username="bianji", password_hash=quick, role="editor", department="swj"))
        session.add(StaffUser(username="shenhe", password_hash=quick, role="reviewer", department="rsj"))
        session.add(StaffUser(username="shenji", password_hash=quick, role="auditor"))
        session.add(StaffUser(username="gone", password_hash=quick, role="admin", active=False))
    return password


@pytest.fixture
async def admin(client: httpx.AsyncClient, password: str) -> httpx.AsyncClient:
    response = await log_in(client, "admin", password)
    assert (response.status_code, response.headers["location"]) == (303, "/staff/entries")
    cookie = next(value for value in response.headers.get_list("set-cookie") if "wenban_staff=" in value)
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    return client


@pytest.fixture
def server(engine: Engine, backend: FakeBackend) -> Iterator[Server]:
    with serving(engine, backend) as running:
        yield running


@pytest.fixture
def person(server: Server) -> Iterator[Browser]:
    """A browser at the real server; nobody is signed in."""
    one = Browser(server.url)
    yield one
    one.close()
