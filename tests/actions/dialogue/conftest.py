"""The dialogue actions with the real engine and departments, and a stand-in for search and for Rasa's tracker."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from engine_world import World

sys.path.insert(0, str(Path(__file__).parent))

from dialogue_world import Stage


@pytest.fixture
def stage(world: World) -> Stage:
    return Stage(world)
