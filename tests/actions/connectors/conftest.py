"""The client against the sandbox: the same HTTP, without a socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from actions.connectors.client import Connector
from actions.sandbox.app import create_app
from actions.sandbox.settings import SandboxSettings
from wenban.settings import get_settings


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("WENBAN_HOME", str(tmp_path))
    get_settings.cache_clear()
    yield create_app(SandboxSettings(faults=True, path=tmp_path / "sandbox.db"))
    get_settings.cache_clear()


@pytest.fixture
async def connect(app: Any) -> AsyncIterator[Any]:
    """Return a function that opens a connector whose transport is ``app`` (or another application)."""
    opened: list[Connector] = []

    async def build(name: str, to: Any = None, prefix: str | None = None, **options: Any) -> Connector:
        connector = Connector(name, "http://sandbox", **options)
        await connector.aclose()
        base = f"http://sandbox/connectors/{name}" if prefix is None else f"http://sandbox{prefix}"
        timeout = options.get("timeout", 4.0)
        connector._http = httpx.AsyncClient(transport=httpx.ASGITransport(to or app), base_url=base, timeout=timeout)
        opened.append(connector)
        return connector

    yield build
    for connector in opened:
        await connector.aclose()
    app.state.desk.store.close()


@pytest.fixture
def fault(app: Any) -> Any:
    from actions.sandbox.faults import FaultOrder

    return lambda **order: app.state.desk.faults.order(FaultOrder(**order))
