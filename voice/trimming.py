"""Cut off the silence that an engine puts around what it says: what follows decides how long a pause is heard."""

from __future__ import annotations

from voice.wav import Sound

BEFORE = 0.1  # seconds kept before the first sound
AFTER = {"。": 0.45, "！": 0.45, "？": 0.45, "；": 0.35, "，": 0.2, "：": 0.25, "、": 0.12}  # by the mark at the end
MIDDLE = 0.06  # after a piece that ends between two words
QUIET = 100  # RMS of 16-bit samples over a window; speech is in the thousands
WINDOW = 0.01  # seconds


def trimmed(sound: Sound, text: str, rate: float) -> Sound:
    """Return ``sound``, which says ``text`` at ``rate``, with a short pause at its ends. Silence is left as it is."""
    import numpy as np

    samples = np.frombuffer(sound.frames, dtype="<i2")
    window = int(WINDOW * sound.rate)
    pieces = samples[: len(samples) // window * window].reshape(-1, window).astype(np.float64)
    loud = np.flatnonzero(np.sqrt((pieces**2).mean(axis=1)) > QUIET)
    if not len(loud):
        return sound
    after = AFTER.get(text[-1:], MIDDLE) / rate
    start = max(0, int(loud[0]) * window - int(BEFORE * sound.rate))
    end = (int(loud[-1]) + 1) * window + int(after * sound.rate)
    return Sound(sound.rate, samples[start:end].tobytes())
