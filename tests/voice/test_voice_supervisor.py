"""One worker, many requests: real processes, engines that misbehave."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import voice_fakes

from voice import wav
from voice.engine import EngineSpec
from voice.errors import SpeechUnavailable
from voice.supervisor import Supervisor, Urgency

pytestmark = pytest.mark.usefixtures("fakes_importable")
TEXT = "您好，请问办什么"


@asynccontextmanager
async def running(spec: EngineSpec) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(spec)
    await supervisor.start()
    try:
        yield supervisor
    finally:
        await supervisor.stop()


def calls() -> int:
    return Path(os.environ[voice_fakes.NOTE]).stat().st_size


@pytest.mark.parametrize("engine", ["SilentOnce", "ShortOnce", "AbsentOnce", "RaisesOnce", "DiesOnce", "Chatty"])
async def test_one_failure_costs_one_retry(engine: str) -> None:
    async with running(voice_fakes.spec(engine)) as supervisor:
        assert wav.read(await supervisor.synthesize(TEXT, "fake-female", 1.0)).seconds > 1
        assert supervisor.restarts == (1 if engine == "DiesOnce" else 0)


async def test_a_hung_worker_is_replaced() -> None:
    async with running(voice_fakes.spec("HangsOnce", base_limit=0.2, unit_limit=0.0)) as supervisor:
        before = supervisor.pid
        started = time.monotonic()
        assert await supervisor.synthesize(TEXT, "fake-female", 1.0)
        assert time.monotonic() - started < 5
        assert supervisor.pid != before
        assert supervisor.restarts == 1


async def test_a_worker_killed_during_a_request_loses_nothing() -> None:
    async with running(voice_fakes.spec("Slow")) as supervisor:
        requests = [asyncio.create_task(supervisor.synthesize(TEXT, "fake-female", 1.0)) for _ in range(3)]
        await asyncio.sleep(0.2)
        assert supervisor.pid is not None
        os.kill(supervisor.pid, signal.SIGKILL)
        assert all(wav.read(audio).seconds > 1 for audio in await asyncio.gather(*requests))
        assert supervisor.restarts == 1


async def test_a_worker_that_dies_idle_is_replaced_before_the_next_request() -> None:
    async with running(voice_fakes.spec("Good")) as supervisor:
        await supervisor.synthesize(TEXT, "fake-female", 1.0)
        await asyncio.sleep(1.1)
        before = supervisor.pid
        assert before is not None
        os.kill(before, signal.SIGKILL)
        for _ in range(50):
            await asyncio.sleep(0.05)
            if supervisor.pid not in (None, before):
                break
        assert supervisor.pid not in (None, before)
        assert await supervisor.synthesize(TEXT, "fake-female", 1.0)


async def test_a_hopeless_engine_is_given_up() -> None:
    async with running(voice_fakes.spec("Broken")) as supervisor:
        with pytest.raises(SpeechUnavailable, match="Broken failed"):
            await supervisor.synthesize(TEXT, "fake-female", 1.0)
        assert calls() == supervisor.spec.tries


async def test_an_engine_that_cannot_load_fails_fast_and_is_not_tried_without_pause() -> None:
    async with running(voice_fakes.spec("NeverStarts")) as supervisor:
        for _ in range(5):
            with pytest.raises(SpeechUnavailable):
                await supervisor.synthesize(TEXT, "fake-female", 1.0)
        assert calls() == 1


async def test_who_listens_goes_before_what_is_prepared() -> None:
    async with running(voice_fakes.spec("Slow")) as supervisor:
        order: list[str] = []

        async def ask(name: str, urgency: Urgency) -> None:
            await supervisor.synthesize(TEXT, "fake-female", 1.0, urgency)
            order.append(name)

        later = [asyncio.create_task(ask("later", Urgency.LATER)) for _ in range(2)]
        await asyncio.sleep(0.1)
        await asyncio.gather(*later, ask("now", Urgency.NOW))
        assert order == ["later", "now", "later"]


async def test_stopping_answers_everybody() -> None:
    supervisor = Supervisor(voice_fakes.spec("Slow"))
    await supervisor.start()
    requests = [asyncio.create_task(supervisor.synthesize(TEXT, "fake-female", 1.0)) for _ in range(4)]
    await asyncio.sleep(0.1)
    pid = supervisor.pid
    await supervisor.stop()
    results = await asyncio.gather(*requests, return_exceptions=True)
    assert all(isinstance(result, SpeechUnavailable) for result in results)
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(SpeechUnavailable):
        await supervisor.synthesize(TEXT, "fake-female", 1.0)


async def test_a_caller_who_leaves_does_not_disturb_the_next() -> None:
    async with running(voice_fakes.spec("Slow")) as supervisor:
        gone = asyncio.create_task(supervisor.synthesize(TEXT, "fake-female", 1.0))
        await asyncio.sleep(0.1)
        gone.cancel()
        assert wav.read(await supervisor.synthesize("好" * 12, "fake-female", 1.0)).seconds == pytest.approx(3)
