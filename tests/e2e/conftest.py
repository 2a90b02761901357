from __future__ import annotations

from pathlib import Path

import pytest
from harness import system

__all__ = ["system"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the first test the time that starting everything takes: on a fresh machine the catalogue is encoded."""
    for item in items:
        if Path(__file__).parent in item.path.parents and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(900))
