"""Recordings for the tests: speech of our plain voice (synthetic), silence, noise, in the formats of phones."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import av
import numpy as np

from voice import wav
from voice.plain import PlainEngine

RATE = 16_000


@lru_cache
def speech(text: str = "我要交水费", voice: str = "plain-male") -> wav.Sound:
    """Return ``text`` spoken by the plain voice; espeak-ng's own rate is 22,050 Hz."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.wav"
        _engine().synthesize(text, voice, 1.0, path)
        return wav.read(path.read_bytes())


@lru_cache
def _engine() -> PlainEngine:
    return PlainEngine()


def sound(samples: Any, rate: int = RATE) -> wav.Sound:
    return wav.Sound(rate, np.clip(np.asarray(samples) * 32767, -32768, 32767).astype("<i2").tobytes())


def silence(seconds: float = 2.0) -> wav.Sound:
    return sound(np.zeros(int(seconds * RATE)))


def noise(seconds: float = 3.0, loudness: float = 0.1) -> wav.Sound:
    return sound(np.random.default_rng(1).normal(0, loudness, int(seconds * RATE)))


def hum(seconds: float = 3.0) -> wav.Sound:
    return sound(0.3 * np.sin(np.arange(int(seconds * RATE)) / 20))


def recorded(recording: wav.Sound, container: str, codec: str, rate: int = 48_000, layout: str = "mono") -> bytes:
    """Return a sound as a browser or a phone would send it."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        stream: Any = file.add_stream(codec, rate=rate, layout=layout)
        frame = av.AudioFrame.from_ndarray(np.frombuffer(recording.frames, "<i2")[None], "s16", "mono")
        frame.sample_rate = recording.rate
        for piece in (frame, None):
            for packet in stream.encode(piece):
                file.mux(packet)
    return out.getvalue()
