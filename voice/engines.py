"""The engines there are, the best first."""

from __future__ import annotations

from voice import plain
from voice.engine import EngineSpec

ENGINES: tuple[EngineSpec, ...] = (plain.SPEC,)
