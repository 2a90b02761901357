"""Check the least-squares classifier."""

from __future__ import annotations

import numpy as np

from knowledge.linear import RidgeClassifier


def _clusters(counts: list[int]) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(1)
    centres = draw.normal(size=(len(counts), 12))
    labels = np.repeat(np.arange(len(counts)), counts)
    vectors = (centres[labels] + 0.2 * draw.normal(size=(len(labels), 12))).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), labels


def test_separates_clusters() -> None:
    vectors, labels = _clusters([8, 8, 8])
    model = RidgeClassifier(vectors, labels, 3, strength=0.01)
    assert all(model.scores(vector).argmax() == label for vector, label in zip(vectors, labels, strict=True))


def test_a_small_class_is_not_drowned_by_a_large_one() -> None:
    vectors, labels = _clusters([60, 2])
    model = RidgeClassifier(vectors, labels, 2, strength=0.01)
    assert model.scores(vectors[-1]).argmax() == 1


def test_an_empty_class_never_wins() -> None:
    vectors, labels = _clusters([5, 5])
    assert RidgeClassifier(vectors, labels, 3).scores(vectors[0]).shape == (3,)
    assert RidgeClassifier(vectors, labels, 3).scores(vectors[0]).argmax() == 0
