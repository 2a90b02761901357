"""The dialogue actions with the real engine and departments, and a stand-in for search and for Rasa's tracker."""
# ruff: noqa: E402

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "engine")]

from dialogue_world import Stage
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
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    world = World(tmp_path)
    yield Stage(world)
    await world.close()
