"""A sandbox on its own database file, called over HTTP without a socket; its clock stands still until moved."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from actions.sandbox.app import create_app
from actions.sandbox.clock import Clock
from actions.sandbox.settings import SandboxSettings
from wenban.settings import get_settings

NOW = datetime(2026, 11, 18, 9, 0)  # a Wednesday morning


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("WENBAN_HOME", str(tmp_path))
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.fixture
def clock() -> Clock:
    return Clock(day_seconds=86400, wall=lambda: NOW)


@pytest.fixture
def app(tmp_path: Path, clock: Clock) -> Any:
    settings = SandboxSettings(faults=True, path=tmp_path / "sandbox.db", settle_seconds=5)
    return create_app(settings, clock)


class Desk:
    """One department's endpoint, in the words of the contract."""

    def __init__(self, http: httpx.AsyncClient, connector: str) -> None:
        self.http, self.base = http, f"/connectors/{connector}"

    async def choices(self, name: str, **known: str) -> httpx.Response:
        return await self.http.get(f"{self.base}/choices/{name}", params=known)

    async def query(self, operation: str, **fields: Any) -> httpx.Response:
        return await self.http.post(f"{self.base}/query/{operation}", json={"fields": fields})

    async def quote(self, operation: str, **fields: Any) -> httpx.Response:
        return await self.http.post(f"{self.base}/quote/{operation}", json={"fields": fields})

    async def submit(self, operation: str, key: str | None = None, **fields: Any) -> httpx.Response:
        headers = {"Idempotency-Key": key or uuid.uuid4().hex}
        return await self.http.post(f"{self.base}/submit/{operation}", json={"fields": fields}, headers=headers)

    async def status(self, receipt_no: str) -> httpx.Response:
        return await self.http.get(f"{self.base}/status/{receipt_no}")

    async def cancel(self, receipt_no: str, key: str = "c1") -> httpx.Response:
        return await self.http.post(f"{self.base}/cancel/{receipt_no}", headers={"Idempotency-Key": key})


@pytest.fixture
async def http(app: Any) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sandbox") as client:
        yield client
    app.state.desk.store.close()


@pytest.fixture
def desk(http: httpx.AsyncClient) -> Callable[[str], Desk]:
    return lambda connector: Desk(http, connector)
