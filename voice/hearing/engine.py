"""What every recogniser offers, and how one is named so that a worker process can load it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Heard:
    """What an engine made of a stretch of speech. ``confidence`` is 0 to 1; None where the engine gives none."""

    text: str
    confidence: float | None = None


class HearingEngine(Protocol):
    """Turns mono float32 samples at 16 kHz into text. Lives in one worker process and is called from one thread."""

    name: str
    longest: float  # seconds of speech that it takes at once

    def recognise(self, samples: np.ndarray[Any, Any]) -> Heard: ...


@dataclass(frozen=True)
class HearingSpec:
    """An engine as the service sees it: what to load in the worker, its limits in seconds."""

    name: str
    target: str  # "module:Class", imported in the worker only
    load_limit: float = 120.0
    base_limit: float = 10.0
    second_limit: float = 3.0  # for each second of sound
    tries: int = 2
    available: Callable[[], bool] = field(default=lambda: True, compare=False)

    def limit(self, seconds: float) -> float:
        """Return the time-out for a recording of ``seconds``."""
        return self.base_limit + self.second_limit * seconds
