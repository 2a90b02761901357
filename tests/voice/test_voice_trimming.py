"""The silence around what an engine says."""

from __future__ import annotations

import numpy as np
import pytest

from voice import trimming
from voice.trimming import trimmed
from voice.wav import Sound

RATE = 24_000


def sound(before: float, spoken: float, after: float) -> Sound:
    voice = 9000 * np.sin(np.arange(int(spoken * RATE)) / 9)
    samples = np.concatenate([np.zeros(int(before * RATE)), voice, np.zeros(int(after * RATE))])
    return Sound(RATE, samples.astype("<i2").tobytes())


@pytest.mark.parametrize(
    ("text", "pause"),
    [("您好。", 0.45), ("您好，", 0.2), ("编号：", 0.25), ("请到政务服务", trimming.MIDDLE)],
)
def test_the_mark_at_the_end_decides_the_pause(text: str, pause: float) -> None:
    kept = trimmed(sound(0.4, 0.8, 0.9), text, 1.0)
    assert kept.seconds == pytest.approx(trimming.BEFORE + 0.8 + pause, abs=0.03)


def test_slow_speech_pauses_longer() -> None:
    kept = trimmed(sound(0.4, 0.8, 0.9), "您好。", 0.6)
    assert kept.seconds == pytest.approx(trimming.BEFORE + 0.8 + 0.45 / 0.6, abs=0.03)


def test_what_is_short_or_silent_stays_as_it_is() -> None:
    short = sound(0.02, 0.5, 0.03)
    assert trimmed(short, "您好。", 1.0) == short
    silent = sound(0.5, 0, 0.5)
    assert trimmed(silent, "您好。", 1.0) == silent
