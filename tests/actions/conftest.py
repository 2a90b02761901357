"""Every test of the actions has a data directory of its own; ``world`` is the engine with the sandbox departments."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "engine"))

from engine_world import World

from wenban import crypto
from wenban.database import get_engine
from wenban.settings import get_settings


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("WENBAN_HOME", str(tmp_path))
    for cached in (get_settings, get_engine, crypto._cipher):
        cached.cache_clear()
    yield
    if get_engine.cache_info().currsize:
        get_engine().dispose()
    for cached in (get_settings, get_engine, crypto._cipher):
        cached.cache_clear()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = World(tmp_path)
    yield world
    await world.close()
