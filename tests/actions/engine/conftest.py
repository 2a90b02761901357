"""The engine on the real declarations, against the sandbox departments without a socket; the clock stands still."""

from __future__ import annotations

from typing import Any

import pytest
from engine_world import NOW, World


@pytest.fixture
def talk(world: World) -> Any:
    return world.talk()


@pytest.fixture
def now() -> Any:
    return NOW
