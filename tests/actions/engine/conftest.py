"""The engine on the real declarations, against the sandbox departments without a socket; the clock stands still."""

from __future__ import annotations

from typing import Any

import pytest
from engine_world import NOW, World

from actions.connectors.contract import Ask


@pytest.fixture
def talk(world: World) -> Any:
    return world.talk()


@pytest.fixture
def now() -> Any:
    return NOW


@pytest.fixture
def submitted(world: World, monkeypatch: pytest.MonkeyPatch) -> list[Ask]:
    """What the department of applications is handed."""
    seen: list[Ask] = []
    connector = world.connectors.get("apply")
    submit = connector.submit

    async def noting(operation: str, ask: Ask, key: str) -> Any:
        seen.append(ask)
        return await submit(operation, ask, key)

    monkeypatch.setattr(connector, "submit", noting)
    return seen
