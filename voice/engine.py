"""What every speech engine offers, and how one is named so that a worker process can load it."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, cast

Gender = Literal["female", "male"]


@dataclass(frozen=True)
class Voice:
    """A voice of an engine; ``id`` is unique within the engine."""

    id: str
    gender: Gender


class SpeechEngine(Protocol):
    """Turns prepared text into a mono 16-bit WAV file. Lives in one worker process and is called from one thread."""

    name: str

    def voices(self) -> tuple[Voice, ...]: ...

    def synthesize(self, text: str, voice: str, rate: float, path: Path) -> None:
        """Write ``text``, spoken at ``rate`` times the normal speed, to ``path``; raise if it cannot."""
        ...


@dataclass(frozen=True)
class EngineSpec:
    """An engine as the service sees it: what to load in the worker, its voices, its limits in seconds."""

    name: str
    target: str  # "module:Class", imported in the worker only
    version: str  # part of the cache key: change it when the same text sounds different
    voices: tuple[Voice, ...]
    load_limit: float = 20.0
    base_limit: float = 5.0
    unit_limit: float = 0.1  # per spoken unit, about a syllable
    tries: int = 3
    nice: int = 0  # of the worker process
    slow: bool = False  # takes seconds to load and to speak: another engine speaks meanwhile
    available: Callable[[], bool] = field(default=lambda: True, compare=False)

    def resolve(self, voice: str) -> str | None:
        """Return the id of the voice meant by ``default``, ``female``, ``male`` or an id; None if there is none."""
        if voice == "default":
            return self.voices[0].id
        return next((v.id for v in self.voices if voice in (v.id, v.gender)), None)

    def limit(self, units: int) -> float:
        """Return the time-out in seconds for an utterance of ``units``."""
        return self.base_limit + self.unit_limit * units


def load(target: str) -> SpeechEngine:
    """Import ``module:Class`` and make the engine."""
    module, _, name = target.partition(":")
    factory = cast("Callable[[], SpeechEngine]", getattr(importlib.import_module(module), name))
    return factory()
