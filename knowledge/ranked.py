"""Ranked candidates of one pool."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from knowledge.units import Owner


@dataclass(frozen=True)
class Ranked:
    """Candidates, best first; ``features`` has one row each."""

    owners: list[Owner]
    probabilities: list[float]
    features: np.ndarray
    matched: list[str]
