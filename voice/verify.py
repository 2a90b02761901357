"""Decide whether a file can be the text that was asked for: engines fail silently."""

from __future__ import annotations

import re

import numpy as np

from voice import wav
from voice.errors import BadAudio

_UNIT = re.compile(r"[\u3400-\u9fff]|[A-Za-z]+|\d")
_PAUSE = re.compile(r"[，。！？；：、,.!?;:]")
SHORTEST_UNIT = 0.08  # seconds at rate 1
LONGEST_UNIT = 0.65
LONGEST_PAUSE = 0.8
SLACK = 1.5
QUIETEST = 150.0  # RMS of 16-bit samples over the loudest half second; speech is in the thousands


def units(text: str) -> int:
    """Count what is spoken in ``text``: characters, digits and Latin words (a syllable for every three letters)."""
    return sum(max(1, len(unit) // 3) for unit in _UNIT.findall(text))


def check(data: bytes, text: str, rate: float) -> wav.Sound:
    """Return the sound in ``data``.

    Raises:
        BadAudio: if it is broken, silent, or too short or too long for ``text`` at ``rate``.
    """
    sound = wav.read(data)
    count = units(text)
    shortest = count * SHORTEST_UNIT / rate
    longest = (count * LONGEST_UNIT + len(_PAUSE.findall(text)) * LONGEST_PAUSE) / rate + SLACK
    if not shortest <= sound.seconds <= longest or not sound.frames:
        raise BadAudio(f"{sound.seconds:.2f} s for {count} units; {shortest:.2f} to {longest:.2f} s can be right")
    if loudness(sound) < QUIETEST:
        raise BadAudio("silent")
    return sound


def loudness(sound: wav.Sound) -> float:
    """Return the RMS of the loudest half second."""
    samples = np.frombuffer(sound.frames, dtype="<i2").astype(np.float64)
    window = max(1, sound.rate // 2)
    pieces = [samples[start : start + window] for start in range(0, len(samples), window)]
    return max((float(np.sqrt(np.mean(piece**2))) for piece in pieces), default=0.0)
