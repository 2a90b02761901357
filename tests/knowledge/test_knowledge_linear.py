"""Check the least-squares classifier."""

from __future__ import annotations

import numpy as np
import pytest

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


def test_the_direction_gives_the_same_scores_without_the_classes() -> None:
    vectors, labels = _clusters([3, 9, 5])
    kept, thrown = (RidgeClassifier(vectors, labels, 3, keep_classes=keep) for keep in (True, False))
    z, offset = thrown.direction(vectors[4])
    by_hand = [vectors[labels == c].mean(axis=0) @ z - offset for c in range(3)]
    np.testing.assert_allclose(by_hand, kept.scores(vectors[4]), atol=1e-4)
    with pytest.raises(ValueError, match="direction"):
        thrown.scores(vectors[4])


def test_it_is_the_weighted_least_squares_solution() -> None:
    vectors, labels = _clusters([4, 12])
    weight = 1.0 / np.bincount(labels)[labels]
    weight *= len(labels) / weight.sum()
    mean = np.average(vectors, axis=0, weights=weight)
    centred = vectors - mean
    targets = np.eye(2)[labels] - 0.5
    gram = (centred * weight[:, None]).T @ centred + 0.5 * np.eye(12)
    coefficients = np.linalg.solve(gram, (centred * weight[:, None]).T @ targets)
    query = vectors[0]
    np.testing.assert_allclose(
        RidgeClassifier(vectors, labels, 2).scores(query), (query - mean) @ coefficients, atol=1e-4
    )
