"""The chat page in headless Chromium, against the real application and a stand-in for what is behind it."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "a11y"))

from fake_backend import FakeBackend, FakeSpeaker

import knowledge.models  # noqa: F401
from api.app import create_app
from api.settings import ApiSettings
from wenban import crypto
from wenban.database import Base, make_engine
from wenban.settings import Settings, get_settings

ARGUMENTS = [
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
]  # fmt: skip


@pytest.fixture(scope="module")
def backend() -> Iterator[FakeBackend]:
    backend = FakeBackend().start()
    yield backend
    backend.stop()


@pytest.fixture(scope="module")
def url(backend: FakeBackend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    before = os.environ.get("WENBAN_HOME")
    os.environ["WENBAN_HOME"] = str(home)
    get_settings.cache_clear()
    crypto._cipher.cache_clear()
    engine = make_engine(f"sqlite:///{home / 'test.db'}")
    Base.metadata.create_all(engine)
    settings = Settings(rasa_port=backend.port, knowledge_port=backend.port, actions_port=backend.port)
    app = create_app(settings, ApiSettings(), engine, FakeSpeaker())
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    server.should_exit = True
    thread.join(5)
    engine.dispose()
    if before is None:
        del os.environ["WENBAN_HOME"]
    else:
        os.environ["WENBAN_HOME"] = before
    get_settings.cache_clear()
    crypto._cipher.cache_clear()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, backend: FakeBackend) -> Iterator[BrowserContext]:
    backend.fail.clear()
    context = chromium.new_context(viewport={"width": 375, "height": 812}, locale="zh-CN", has_touch=True)
    context.set_default_timeout(8000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, url: str) -> Iterator[Page]:
    """A phone with the page open; the test fails on any script error or refused content."""
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if "Refused to" in message.text else None)
    page.goto(url)
    yield page
    assert problems == []
