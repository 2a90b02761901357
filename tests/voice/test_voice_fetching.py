"""Which models are fetched in the background, and that it never stands in the way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from voice import fetching
from voice.settings import get_voice_settings
from wenban import modelstore
from wenban.settings import Settings


@pytest.fixture(autouse=True)
def empty_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("WENBAN_HOME", str(tmp_path))
    get_voice_settings.cache_clear()
    yield
    get_voice_settings.cache_clear()


def install(*names: str) -> None:
    for name in names:
        model = modelstore.table()[name]
        for file in model.files:
            (model.folder / file.name).parent.mkdir(parents=True, exist_ok=True)
            (model.folder / file.name).touch()


def test_what_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fetching.wanted() == ["whisper-small", "kokoro", "kokoro-voices"]
    install("kokoro", "kokoro-voices")
    assert fetching.wanted() == ["whisper-small"]
    for name, value, left in (
        ("WHISPER_MODEL", "whisper-base", ["whisper-base"]), ("HEARING", "off", []), ("FETCH", "false", []),
    ):  # fmt: skip
        monkeypatch.setenv(f"WENBAN_VOICE_{name}", value)
        get_voice_settings.cache_clear()
        assert fetching.wanted() == left


async def test_one_after_the_other_until_all_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    fetched: list[str] = []

    async def fetch(name: str) -> None:
        fetched.append(name)
        await asyncio.sleep(0)
        install(name)

    monkeypatch.setattr(fetching, "_fetch", fetch)
    task = fetching.fetch_in_background(Settings())
    assert task is not None
    await asyncio.wait_for(task, 5)
    assert fetched == ["whisper-small", "kokoro", "kokoro-voices"]
    assert fetching.fetch_in_background(Settings()) is None


async def test_without_a_source_it_waits_and_ends_when_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    async def fetch(name: str) -> None:
        tried.append(name)

    monkeypatch.setattr(fetching, "_fetch", fetch)
    task = fetching.fetch_in_background(Settings())
    assert task is not None
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert tried == ["whisper-small", "kokoro", "kokoro-voices"]  # once, not without pause


async def test_the_fetching_process_gets_a_model_from_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The real command, with a store of wrong files: they are refused, and nothing is installed."""
    folder = tmp_path / "local" / "kokoro-voices" / "voices"
    folder.mkdir(parents=True)
    for file in modelstore.table()["kokoro-voices"].files:
        (folder.parent / file.name).write_bytes(b"not a voice")
    monkeypatch.setenv("WENBAN_MODELS", str(tmp_path / "local"))
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("PATH", _without_npm(tmp_path))
    await asyncio.wait_for(fetching._fetch("kokoro-voices"), 60)
    assert not modelstore.table()["kokoro-voices"].installed()


def _without_npm(tmp_path: Path) -> str:
    """Return a PATH with ``nice`` alone: no registry is asked."""
    import shutil

    tools = tmp_path / "bin"
    tools.mkdir()
    nice = shutil.which("nice")
    assert nice is not None
    (tools / "nice").symlink_to(nice)
    return str(tools)
