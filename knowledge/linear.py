"""A least-squares classifier on sentence vectors: closed form, refitted in milliseconds at every publication."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
BLOCK = 8192  # rows taken to double precision at a time


class RidgeClassifier:
    """One-against-all ridge regression with balanced classes.

    With balanced classes the solution is ``k · G⁻¹ (class mean − mean)``, so nothing of size rows × classes is ever
    made: a hundred thousand classes cost no more to fit than two.

    Args:
        vectors: shape (n, d), unit vectors.
        labels: shape (n,), class numbers below ``classes``.
        strength: the ridge penalty; unit vectors of this encoder lie in a narrow cone, so it is small.
        keep_classes: keep d numbers a class for ``scores``; without them only ``direction`` works.
    """

    def __init__(
        self, vectors: Floats, labels: npt.NDArray[np.int64], classes: int, strength: float = 0.5, *,
        keep_classes: bool = True,
    ) -> None:  # fmt: skip
        counts = np.bincount(labels, minlength=classes)
        weight = 1.0 / np.maximum(counts, 1)[labels]
        self._factor = len(labels) / weight.sum()
        weight *= self._factor
        self._mean = np.average(vectors, axis=0, weights=weight)
        gram = strength * np.eye(vectors.shape[1])
        for start in range(0, len(vectors), BLOCK):
            centred = (vectors[start : start + BLOCK] - self._mean).astype(np.float64)
            gram += (centred * weight[start : start + BLOCK, None]).T @ centred
        self._inverse = np.linalg.inv(gram)
        self._coefficients: Floats | None = None
        if keep_classes:
            means = np.tile(self._mean, (classes, 1))
            order = np.argsort(labels, kind="stable")
            there = np.flatnonzero(counts)
            firsts = np.cumsum(counts[there]) - counts[there]
            means[there] = np.add.reduceat(vectors[order], firsts, dtype=np.float64) / counts[there, None]
            self._coefficients = ((means - self._mean) @ self._inverse * self._factor).astype(np.float32)

    def direction(self, vector: Floats) -> tuple[Floats, float]:
        """Return (z, offset): the score of a class is the mean of ``member @ z`` over its members, minus offset."""
        z = self._inverse @ (vector - self._mean) * self._factor
        return z.astype(np.float32), float(self._mean @ z)

    def scores(self, vector: Floats) -> Floats:
        """Return one score a class, about 1 for the right class and 0 for the others."""
        if self._coefficients is None:
            raise ValueError("made without keep_classes: use direction()")
        # Single precision on both sides: with a double, numpy would convert every coefficient at every call.
        return np.asarray(self._coefficients @ (vector - self._mean).astype(np.float32))
