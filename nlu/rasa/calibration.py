"""Turn scores into probabilities that can be believed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize


@dataclass(frozen=True)
class Calibrator:
    """p(class) is proportional to max(score, floor) ** power.

    A ridge score on 0/1 targets already estimates the class's probability, shrunk towards the others': `power` takes
    the shrinking back, `floor` is the score below which a class is merely noise. A sentence unlike every example has
    all its scores at the floor, and so no certain class.
    """

    power: float = 1.0
    floor: float = 0.01

    def __post_init__(self) -> None:
        if not self.power > 0 or not 0 < self.floor < 1:
            raise ValueError(f"power must be positive and floor between 0 and 1, got {self.power}, {self.floor}")

    @classmethod
    def fit(cls, scores: np.ndarray, truth: np.ndarray) -> Calibrator:
        """Minimise the log-loss of held-out `scores`, shape (n, classes), against class numbers `truth`."""
        if not len(scores):
            return cls()

        def loss(parameters: np.ndarray) -> float:
            power, floor = np.exp(np.clip(parameters, (-2.0, -7.0), (3.0, -0.7)))
            logits = power * np.log(np.maximum(scores, floor))
            rest = np.logaddexp.reduce(logits, axis=1)
            return float(np.mean(rest - logits[np.arange(len(truth)), truth]))

        best = minimize(loss, np.log([2.0, 0.03]), method="Nelder-Mead", options={"maxiter": 80, "xatol": 0.01}).x
        power, floor = np.exp(np.clip(best, (-2.0, -7.0), (3.0, -0.7)))
        return cls(float(power), float(floor))

    def probabilities(self, scores: np.ndarray) -> np.ndarray:
        """Return rows that add up to 1, in the order of `scores`."""
        logits = self.power * np.log(np.maximum(scores, self.floor))
        weights = np.exp(logits - logits.max(axis=1, keepdims=True))
        return weights / weights.sum(axis=1, keepdims=True)
