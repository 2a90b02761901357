"""Speech fixtures: a cache that goes away, and fake engines that the worker process can import."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from voice.cache import SpeechCache
from voice.service import SpeechService

HERE = Path(__file__).parent


@pytest.fixture
def fakes_importable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let workers import ``voice_fakes``; each test has its own note file for them."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH", "")])))
    monkeypatch.setenv("VOICE_FAKE_NOTE", str(tmp_path / "note"))


@pytest.fixture
def cache(tmp_path: Path) -> SpeechCache:
    return SpeechCache(tmp_path / "speech")


@pytest.fixture
async def service(cache: SpeechCache) -> AsyncIterator[SpeechService]:
    """The real service with the real plain voice."""
    from voice import plain

    service = SpeechService(engines=(plain.SPEC,), cache=cache)
    await service.start()
    yield service
    await service.stop()
