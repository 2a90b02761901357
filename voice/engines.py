"""The engines there are, the best first; the one that always works last."""

from __future__ import annotations

from voice import neural, plain
from voice.engine import EngineSpec

ENGINES: tuple[EngineSpec, ...] = (neural.SPEC, plain.SPEC)
