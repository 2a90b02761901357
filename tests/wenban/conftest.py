"""Every test of the kernel has a data directory of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from wenban import crypto
from wenban.settings import get_settings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "home"
    monkeypatch.setenv("WENBAN_HOME", str(folder))
    for cached in (get_settings, crypto._cipher):
        cached.cache_clear()
    yield folder
    for cached in (get_settings, crypto._cipher):
        cached.cache_clear()
