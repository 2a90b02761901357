"""Say what normalisation changed or would have changed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Correction:
    """Record one change: text[start:end] was `original` and became `corrected`; score is 0..1.

    kind is "sound", "shape", "missing", "pinyin" or "initials".
    """

    start: int
    end: int
    original: str
    corrected: str
    score: float
    kind: str


@dataclass(frozen=True)
class Candidate:
    """Offer a term for text[start:end] that was not certain enough to be put there."""

    start: int
    end: int
    term: str
    score: float
    kind: str
