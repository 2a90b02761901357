"""Check the conditional logit."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.ranker import Ranker, softmax


def _questions(weights: list[float], count: int = 300) -> list[tuple[np.ndarray, int]]:
    draw = np.random.default_rng(5)
    rows = []
    for _ in range(count):
        features = draw.normal(size=(draw.integers(2, 9), len(weights)))
        chosen = draw.choice(len(features), p=softmax(features @ np.array(weights)))
        rows.append((features, int(chosen)))
    return rows


def test_probabilities_sum_to_one() -> None:
    probabilities = Ranker([1.0, -2.0]).probabilities(np.array([[3.0, 1.0], [2.0, 0.0], [500.0, 1.0]]))
    assert probabilities.sum() == pytest.approx(1)
    assert probabilities.argmax() == 2


def test_no_candidates() -> None:
    assert Ranker([1.0]).probabilities(np.zeros((0, 1))).tolist() == []


def test_fit_recovers_the_weights_that_made_the_choices() -> None:
    fitted = Ranker.fit(_questions([3.0, 0.0, -1.5], 1500), penalty=0.1)
    np.testing.assert_allclose(fitted.weights, [3.0, 0.0, -1.5], atol=0.35)


def test_fit_recovers_an_order() -> None:
    questions = _questions([4.0, 1.0])
    fitted = Ranker.fit(questions)
    agree = [(f @ fitted.weights).argmax() == (f @ [4.0, 1.0]).argmax() for f, _ in questions]
    assert np.mean(agree) > 0.93


def test_a_penalty_keeps_the_weights_small() -> None:
    questions = _questions([4.0, 1.0])
    assert np.abs(Ranker.fit(questions, penalty=100).weights).sum() < np.abs(Ranker.fit(questions).weights).sum()


def test_standardised_weights_do_not_mind_the_scale_of_a_feature() -> None:
    features = np.random.default_rng(9).normal(size=(6, 2))
    ranker = Ranker([1.0, 2.0], standardised=True)
    stretched = features * [100, 0.01] + [5, -3]
    np.testing.assert_allclose(ranker.probabilities(features), ranker.probabilities(stretched), rtol=1e-3)
    constant = np.array([[1.0, 7.0], [2.0, 7.0]])
    assert ranker.probabilities(constant).argmax() == 1
