"""Speech in with engines that misbehave, in real worker processes."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import voice_fakes
from hearing_sounds import noise, recorded, silence, speech

from voice import wav
from voice.hearing.decoding import longest_possible
from voice.hearing.errors import (
    BadRecording,
    HearingAbsent,
    HearingBusy,
    HearingFailed,
    NoSpeech,
    Silence,
    TooLong,
    UnknownFormat,
)  # fmt: skip
from voice.hearing.service import MOST_BYTES, HearingService
from voice.hearing.stream import HearingStream

pytestmark = pytest.mark.usefixtures("fakes_importable")


def calls() -> int:
    return Path(os.environ[voice_fakes.NOTE]).stat().st_size


@asynccontextmanager
async def listening(engine: str, waiting: int = 8, **limits: Any) -> AsyncIterator[HearingService]:
    service = HearingService(voice_fakes.ears(engine, **limits), waiting, idle=0)
    await service.start()
    try:
        yield service
    finally:
        await service.stop()


def said(text: str = "我要交水费") -> bytes:
    return wav.plain(speech(text))


async def test_a_recording_becomes_text() -> None:
    async with listening("Ears") as service:
        transcript = await service.transcribe(recorded(speech(), "webm", "libopus"))
        assert transcript.text.startswith("我要交水费")
        assert not transcript.uncertain
        assert transcript.seconds == pytest.approx(speech().seconds, abs=0.1)


@pytest.mark.parametrize(
    ("recording", "error"),
    [
        (wav.plain(silence()), Silence), (wav.plain(noise()), NoSpeech), (b"no recording", UnknownFormat),
        (b"OggS" + bytes(300), BadRecording), (wav.plain(noise(61)), TooLong), (bytes(MOST_BYTES + 1), TooLong),
    ],
)  # fmt: skip
async def test_what_is_no_speech_has_a_name(recording: bytes, error: type[Exception]) -> None:
    async with listening("Ears") as service:
        with pytest.raises(error):
            await service.transcribe(recording)
        assert (await service.transcribe(said())).text  # and the worker goes on


@pytest.mark.parametrize("engine", ["EarsHangOnce", "EarsDieOnce"])
async def test_a_hung_or_dead_worker_costs_one_retry(engine: str) -> None:
    async with listening(engine, base_limit=3.0, second_limit=0.0) as service:
        started = time.monotonic()
        assert (await service.transcribe(said())).text
        assert time.monotonic() - started < 60
        assert calls() == 2


@pytest.mark.parametrize("harm", [signal.SIGKILL, signal.SIGSTOP])
async def test_the_worker_is_killed_or_hangs_while_it_listens(harm: signal.Signals) -> None:
    async with listening("SlowEars", base_limit=3.0, second_limit=0.0) as service:
        await service.transcribe(said())
        hearing = asyncio.create_task(service.transcribe(said()))
        await asyncio.sleep(0.15)
        pid = service.pid
        assert pid is not None
        os.kill(pid, harm)
        assert (await hearing).text
        assert service.pid != pid
        assert calls() <= 3  # the one before, and at most one again


async def test_a_short_recording_does_not_wait_long_for_a_hung_worker() -> None:
    assert longest_possible(said()) == pytest.approx(speech().seconds, abs=0.1)
    assert longest_possible(recorded(speech(), "webm", "libopus")) < 60
    assert longest_possible(b"RIFF") < 1


async def test_a_hopeless_engine_is_given_up() -> None:
    async with listening("EarsAlwaysDie") as service:
        with pytest.raises(HearingFailed):
            await service.transcribe(said())
        assert calls() == 2


async def test_an_engine_that_cannot_load_fails_fast() -> None:
    async with listening("EarsNeverStart") as service:
        for _ in range(4):
            with pytest.raises(HearingFailed):
                await service.transcribe(said())
        assert calls() <= 2


async def test_an_engine_without_weights_is_absent() -> None:
    service = HearingService(voice_fakes.ears("Ears", available=lambda: False), idle=0)
    await service.start()
    with pytest.raises(HearingAbsent):
        await service.transcribe(said())
    assert service.pid is None
    await service.stop()


async def test_too_many_at_once_are_told_so() -> None:
    async with listening("SlowEars", waiting=2) as service:
        await service.transcribe(said())
        results = await asyncio.gather(*(service.transcribe(said()) for _ in range(5)), return_exceptions=True)
        assert sum(isinstance(result, HearingBusy) for result in results) == 3
        assert sum(not isinstance(result, BaseException) for result in results) == 2


async def test_stopping_answers_everybody() -> None:
    service = HearingService(voice_fakes.ears("SlowEars"), idle=0)
    await service.start()
    await service.transcribe(said())
    hearing = [asyncio.create_task(service.transcribe(said())) for _ in range(3)]
    await asyncio.sleep(0.1)
    await service.stop()
    results = await asyncio.gather(*hearing, return_exceptions=True)
    assert all(isinstance(result, HearingFailed) for result in results)
    assert service.pid is None


def frames(recording: wav.Sound) -> bytes:
    import numpy as np

    from voice.hearing.decoding import decode

    return (decode(wav.plain(recording)) * 32767).astype(np.int16).tobytes()


async def test_a_stream_gives_partial_text_and_sees_the_end() -> None:
    async with listening("Ears") as service:
        await service.transcribe(said())
        stream = HearingStream(service)
        assert not stream.due()
        stream.feed(frames(speech("我要交水费和电费还有燃气费")))
        assert stream.due()
        first = await stream.partial()
        assert first is not None
        assert first.text
        assert not first.ended
        stream.feed(frames(silence(2)))
        last = await stream.partial()
        assert last is not None
        assert last.ended
        assert (await stream.final()).text == last.text  # not heard again: nothing but silence came


async def test_a_stream_gives_up_on_silence_and_on_length() -> None:
    async with listening("Ears") as service:
        stream = HearingStream(service, longest=10)
        stream.feed(frames(silence(2)))
        assert await stream.partial() is None
        stream.feed(frames(silence(7)))
        quiet = await stream.partial()
        assert quiet is not None
        assert (quiet.text, quiet.ended) == ("", True)
        with pytest.raises(Silence):
            await stream.final()
        with pytest.raises(TooLong):
            stream.feed(bytes(2 * 16_000 * 2))


async def test_partial_text_waits_for_nobody() -> None:
    async with listening("SlowEars") as service:
        await service.transcribe(said())
        other = asyncio.create_task(service.transcribe(said()))
        await asyncio.sleep(0.1)
        stream = HearingStream(service)
        stream.feed(frames(speech()))
        assert await stream.partial() is None
        assert (await other).text


async def test_an_idle_recogniser_gives_its_memory_back_and_loads_again() -> None:
    service = HearingService(voice_fakes.ears("Ears"), idle=0.5)
    await service.start()
    try:
        assert service.pid is None, "the first recording loads it"
        assert (await service.transcribe(said())).text.startswith("我要交水费")
        assert service.pid is not None
        for _ in range(100):
            if service.pid is None:
                break
            await asyncio.sleep(0.1)
        assert service.pid is None
        assert (await service.transcribe(said())).text.startswith("我要交水费")
    finally:
        await service.stop()
