"""The running system, and departments that start every test with a clean desk."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from citizen import Citizen
from harness import PROCESSES, System, system

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))  # signing.py

__all__ = ["system"]


@pytest.fixture(autouse=True)
def _clean(request: pytest.FixtureRequest) -> None:
    """Forget what earlier tests booked and broke."""
    if "system" in request.fixturenames:
        running: System = request.getfixturevalue("system")
        for name in PROCESSES:
            running.wait_ready(name)
        assert httpx.post(f"http://127.0.0.1:{running.ports['sandbox']}/reset", timeout=30).status_code == 200


@pytest.fixture
def citizen(system: System) -> Citizen:
    return Citizen(system.url)


@pytest.fixture
def fault(system: System) -> Callable[..., None]:
    """Return a function that orders a fault of a department; without arguments it clears all."""
    url = f"http://127.0.0.1:{system.ports['sandbox']}/faults"

    def order(**fields: Any) -> None:
        response = httpx.post(url, json=fields, timeout=30) if fields else httpx.delete(url, timeout=30)
        assert response.status_code == 200

    return order
