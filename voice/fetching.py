"""Fetch the optional models while the product already runs: one after the other, politely, in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE

import structlog

from voice.hearing.whisper import MODELS
from voice.settings import get_voice_settings
from wenban import modelstore, paths
from wenban.settings import Settings

log = structlog.get_logger("voice.fetching")
SPOKEN = ("kokoro", "kokoro-voices")
AGAIN = 6 * 3600.0  # seconds until what could not be had is tried again


def wanted() -> list[str]:
    """Return the optional models that the settings ask for and the store lacks, those for hearing first."""
    settings = get_voice_settings()
    if not settings.fetch:
        return []
    hearing = [] if settings.hearing != "whisper" else [settings.whisper_model]
    names = [MODELS[0] if name == "auto" else name for name in hearing]
    table = modelstore.table()
    return [name for name in (*names, *SPOKEN) if not table[name].installed()]


def fetch_in_background(settings: Settings) -> asyncio.Task[None] | None:
    """Start fetching; None when there is nothing to fetch."""
    return asyncio.create_task(_fetch_all(settings)) if wanted() else None


async def _fetch_all(settings: Settings) -> None:
    while missing := wanted():
        for name in missing:
            await _fetch(name)
        if wanted() == missing:  # no source is reachable
            await asyncio.sleep(AGAIN)


async def _fetch(name: str) -> None:
    """Run ``wenban models fetch`` behind everything else on the machine; its lines go to the log."""
    environment = {key: value for key, value in os.environ.items() if key != "HF_HUB_OFFLINE"}
    log.info("model_fetching", model=name)
    process = await asyncio.create_subprocess_exec(
        "nice", "-n", "15", sys.executable, "-m", "wenban", "models", "fetch", name,
        cwd=paths.ROOT, env=environment, stdin=DEVNULL, stdout=PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async for line in process.stdout:
            log.info("model_fetching", model=name, progress=line.decode(errors="replace").strip())
        code = await process.wait()
        log.info("model_fetched" if code == 0 else "model_not_fetched", model=name)
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
