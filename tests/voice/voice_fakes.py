"""Engines that misbehave, loaded by real worker processes. What happened before is noted in a file."""

from __future__ import annotations

import math
import os
import signal
import struct
import time
import wave
from pathlib import Path
from typing import Any

import numpy as np

from voice.engine import EngineSpec, Voice
from voice.hearing.engine import Heard, HearingSpec
from voice.neural import STYLES, NeuralEngine

NOTE = "VOICE_FAKE_NOTE"


def spec(engine: str, **limits: Any) -> EngineSpec:
    voices = (Voice("fake-female", "female"), Voice("fake-male", "male"))
    return EngineSpec(name=engine, target=f"voice_fakes:{engine}", version="1", voices=voices, **limits)


def tone(path: Path, seconds: float, loudness: int = 9000, rate: int = 16000) -> None:
    samples = (int(loudness * math.sin(place / 9)) for place in range(int(seconds * rate)))
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))


def times() -> int:
    """Count this call over all processes of the test."""
    with Path(os.environ[NOTE]).open("a+") as file:
        file.write("x")
    return Path(os.environ[NOTE]).stat().st_size


class Good:
    name = "good"

    def voices(self) -> tuple[Voice, ...]:
        return ()

    def synthesize(self, text: str, voice: str, rate: float, path: Path) -> None:
        tone(path, 0.25 * len(text) / rate)


class HangsOnce(Good):
    def synthesize(self, text: str, voice: str, rate: float, path: Path) -> None:
        if times() == 1:
            signal.setitimer(signal.ITIMER_REAL, 0)  # not even the alarm ends it: the parent must
            time.sleep(3600)
        super().synthesize(text, voice, rate, path)


class DiesOnce(Good):
    def synthesize(self, text: str, voice: str, rate: float, path: Path) -> None:
        if times() == 1:
            os.kill(os.getpid(), signal.SIGSEGV)
        super().synthesize(text, voice, rate, path)


class SilentOnce(Good):
    def synthesize(self, text: str, voice: str, rate: float, path: Path) -> None:
        tone(path, 0.25 * len(text), loudness=0 if times() == 1 else 9000)


class ShortOnce(Good):
    def synthesize(self, text: str, voice: str, rate: float, path: Path) -> None:
        tone(path, 0 if times() == 1 else 0.25 * len(text))


class AbsentOnce(Good):
    def synthesize(self, text: str, voice: str, rate: float, path: Path) -> None:
        if times() > 1:
            super().synthesize(text, voice, rate, path)


class RaisesOnce(Good):
    def synthesize(self, text: str, voice: str, rate: float, path: Path) -> None:
        if times() == 1:
            raise RuntimeError("not today")
        super().synthesize(text, voice, rate, path)


class Broken(Good):
    def synthesize(self, text: str, voice: str, rate: float, path: Path) -> None:
        times()
        path.write_bytes(b"RIFF")


class Chatty(Good):
    def synthesize(self, text: str, voice: str, rate: float, path: Path) -> None:
        print("a library that prints to standard output")
        os.write(1, b"and one that writes to the descriptor\n")
        super().synthesize(text, voice, rate, path)


class Slow(Good):
    def synthesize(self, text: str, voice: str, rate: float, path: Path) -> None:
        times()
        time.sleep(0.4)
        super().synthesize(text, voice, rate, path)


class SlowToLoad(Good):
    def __init__(self) -> None:
        time.sleep(1.5)


class NeverStarts(Good):
    def __init__(self) -> None:
        times()
        raise RuntimeError("no library")


class SlowNeural(NeuralEngine):
    """The neural engine with a model that hums, slowly."""

    def __init__(self) -> None:
        self._session, self._tokens = self, dict.fromkeys("ptkxn", 1)
        self._speak("您好。", "zf_xiaoxiao", 1.0)  # loads the dictionaries, as the real one does

    def _style(self, voice: str) -> Any:
        return [0] * STYLES

    def run(self, _: None, feed: dict[str, Any]) -> list[Any]:
        times()
        time.sleep(1)
        return [np.sin(np.arange(30_000) / 9)]


def ears(engine: str, **limits: Any) -> HearingSpec:
    return HearingSpec(name=engine, target=f"voice_fakes:{engine}", **limits)


class Ears:
    """Hears the length of what it is given."""

    name = "ears"
    longest = 25.0

    def recognise(self, samples: Any) -> Heard:
        return Heard(f"我要交水费{len(samples) // 1600}", 0.9)


class EarsHangOnce(Ears):
    def recognise(self, samples: Any) -> Heard:
        if times() == 1:
            signal.setitimer(signal.ITIMER_REAL, 0)
            time.sleep(3600)
        return super().recognise(samples)


class EarsDieOnce(Ears):
    def recognise(self, samples: Any) -> Heard:
        if times() == 1:
            os.kill(os.getpid(), signal.SIGSEGV)
        return super().recognise(samples)


class EarsAlwaysDie(Ears):
    def recognise(self, samples: Any) -> Heard:
        times()
        os._exit(3)


class SlowEars(Ears):
    def recognise(self, samples: Any) -> Heard:
        times()
        time.sleep(0.3)
        return super().recognise(samples)


class EarsNeverStart(Ears):
    def __init__(self) -> None:
        times()
        raise RuntimeError("no weights")
