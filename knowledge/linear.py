"""A least-squares classifier on sentence vectors: closed form, refitted in milliseconds at every publication."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


class RidgeClassifier:
    """One-against-all ridge regression with balanced classes.

    Args:
        vectors: shape (n, d), unit vectors.
        labels: shape (n,), class numbers below ``classes``.
        strength: the ridge penalty; unit vectors of this encoder lie in a narrow cone, so it is small.
    """

    def __init__(
        self, vectors: npt.NDArray[np.float32], labels: npt.NDArray[np.int64], classes: int, strength: float = 0.5
    ) -> None:
        counts = np.bincount(labels, minlength=classes).astype(np.float64)
        weight = 1.0 / np.maximum(counts, 1)[labels]
        weight *= len(labels) / weight.sum()
        self._mean = np.average(vectors, axis=0, weights=weight)
        centred = (vectors - self._mean).astype(np.float64)
        targets = np.zeros((len(labels), classes))
        targets[np.arange(len(labels)), labels] = 1.0
        weighted = centred * weight[:, None]
        gram = weighted.T @ centred + strength * np.eye(vectors.shape[1])
        self._coefficients = np.linalg.solve(gram, weighted.T @ (targets - 1.0 / classes)).astype(np.float32)

    def scores(self, vector: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return one score a class, about 1 for the right class and 0 for the others."""
        return np.asarray((vector - self._mean) @ self._coefficients, np.float32)
