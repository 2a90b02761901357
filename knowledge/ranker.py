"""The ranker: a conditional logit over candidate features, so that scores become probabilities.

P(candidate | query) is a softmax over the candidates of one query. The weights are fitted by
``knowledge.calibration`` on questions of our own and kept in ``calibration.json``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

Floats = npt.NDArray[np.floating]


def softmax(scores: Floats) -> Floats:
    shifted = np.exp(scores - scores.max())
    return np.asarray(shifted / shifted.sum())


class Ranker:
    """Weights, one a feature.

    Args:
        weights: of the features as they are, or, if ``standardised``, of their z-scores among the candidates of a
            query. Fitted weights belong to the catalogue they were fitted on; z-scores put the features of any
            corpus on one scale, so that weights can be plain votes (docs/adr/0003).
    """

    def __init__(self, weights: Sequence[float], *, standardised: bool = False) -> None:
        self.weights = np.asarray(weights, np.float64)
        self.standardised = standardised

    def probabilities(self, features: Floats) -> Floats:
        """Return the probability of each candidate, shape (n,), in the order of ``features`` (n, features)."""
        if len(features) == 0:
            return np.zeros(0)
        if self.standardised:
            features = (features - features.mean(axis=0)) / (features.std(axis=0) + 1e-6)
        return softmax(features @ self.weights)

    @classmethod
    def fit(cls, questions: Sequence[tuple[Floats, int]], penalty: float = 1.0) -> Ranker:
        """Fit on pairs of (candidate features, position of the right one) by maximum likelihood with an L2 penalty."""
        size = questions[0][0].shape[1]
        blocks = np.concatenate([features for features, _ in questions])
        lengths = np.array([len(features) for features, _ in questions])
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        right = starts + np.array([position for _, position in questions])

        def loss(weights: Floats) -> tuple[float, Floats]:
            scores = blocks @ weights
            peak = np.maximum.reduceat(scores, starts)
            exponent = np.exp(scores - np.repeat(peak, lengths))
            total = np.add.reduceat(exponent, starts)
            probability = exponent / np.repeat(total, lengths)
            value = -(scores[right] - peak - np.log(total)).sum() + 0.5 * penalty * weights @ weights
            gradient = probability @ blocks - blocks[right].sum(axis=0) + penalty * weights
            return float(value), np.asarray(gradient)

        result = minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B")
        return cls(result.x)
