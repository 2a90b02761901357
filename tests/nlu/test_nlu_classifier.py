"""The classifier's mathematics and its calibration, apart from Rasa."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nlu.rasa.calibration import Calibrator
from nlu.rasa.kernel import KernelClassifier, KernelSettings, Sentence, leave_one_out
from nlu.rasa.ngrams import NgramSpace, char_ngrams, word_ngrams

TEACHING = {
    "greet": ["你好", "您好啊", "早上好", "大家好", "你好呀"],
    "bye": ["再见", "拜拜了", "下次再见", "回头见", "明天见"],
    "pay": ["我要交水费", "帮我交电费", "交一下话费", "把燃气费交了", "交暖气费"],
}


def sentence(text: str) -> Sentence:
    """Return a sentence with a made-up vector: equal texts have equal ones."""
    seed = sum(ord(char) * (place + 1) for place, char in enumerate(text))
    return Sentence(text, list(text), np.random.default_rng(seed).normal(size=16))


@pytest.fixture(scope="module")
def taught() -> tuple[list[Sentence], list[str]]:
    return (
        [sentence(text) for texts in TEACHING.values() for text in texts],
        [label for label, texts in TEACHING.items() for _ in texts],
    )


@pytest.fixture(scope="module")
def classifier(taught: tuple[list[Sentence], list[str]]) -> KernelClassifier:
    return KernelClassifier.fit(*taught)


def test_ngrams_mark_both_ends() -> None:
    assert char_ngrams("AB", 2) == char_ngrams(" ab ", 2)
    assert len(char_ngrams("交水费")) == 5 + 4 + 3 + 2
    assert word_ngrams(["交", "水费"])[:2] == ["交", "水费"]
    assert len(word_ngrams([])) == 1


def test_rows_are_unit_and_unknown_grams_count_for_nothing() -> None:
    space = NgramSpace.fit([["a", "b"], ["a", "c", "c"]])
    rows = space.transform([["a", "c", "c", "z"], ["z"], []]).toarray()
    assert np.linalg.norm(rows[0]) == pytest.approx(1)
    assert not rows[1:].any()
    rare, common = rows[0][space.grams.index("c")], rows[0][space.grams.index("a")]
    assert rare > common


def test_it_knows_what_it_was_taught(classifier: KernelClassifier, taught: tuple[list[Sentence], list[str]]) -> None:
    found = classifier.probabilities(taught[0])
    assert found.sum(axis=1) == pytest.approx(np.ones(len(found)))
    assert [classifier.classes[i] for i in found.argmax(axis=1)] == taught[1]


def test_leave_one_out_equals_training_without_each(rng: np.random.Generator) -> None:
    points = rng.normal(size=(12, 4)).astype(np.float32)
    kernel, ridge = points @ points.T, 0.5
    targets = np.eye(3, dtype=np.float32)[np.arange(12) % 3]
    weights, unseen = leave_one_out(kernel.copy(), targets, ridge)
    assert weights == pytest.approx(np.linalg.solve(kernel + ridge * np.eye(12), targets), abs=1e-4)
    for left in range(12):
        rest = np.delete(np.arange(12), left)
        alone = np.linalg.solve(kernel[np.ix_(rest, rest)] + ridge * np.eye(11), targets[rest])
        assert unseen[left] == pytest.approx(kernel[left, rest] @ alone, abs=1e-3)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_saved_and_loaded_it_says_the_same(classifier: KernelClassifier, tmp_path: Path) -> None:
    classifier.save(tmp_path)
    again = KernelClassifier.load(tmp_path)
    heard = [sentence("我要交电费"), sentence("你好"), sentence("xyz")]
    assert again.classes == classifier.classes
    assert again.settings == classifier.settings
    assert again.probabilities(heard) == pytest.approx(classifier.probabilities(heard), abs=1e-6)


def test_alone_and_in_company_it_says_the_same(classifier: KernelClassifier) -> None:
    heard = [sentence("交水费"), sentence("再见")]
    apart = np.vstack([classifier.probabilities([one]) for one in heard])
    assert classifier.probabilities(heard) == pytest.approx(apart, abs=1e-5)


@pytest.mark.parametrize(
    ("count", "labels"), [(2, ["a", "a"]), (2, ["a"]), (0, [])], ids=["one class", "a label short", "nothing"]
)
def test_it_refuses_what_cannot_be_learnt(count: int, labels: list[str]) -> None:
    with pytest.raises(ValueError, match="need two"):
        KernelClassifier.fit([sentence("你好")] * count, labels)


def test_settings_are_checked() -> None:
    with pytest.raises(ValueError, match="ridge"):
        KernelSettings(ridge=0)


def scores_of(rng: np.random.Generator, certainty: float, n: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Return scores shrunk towards 1/3, and the truth drawn from the probabilities behind them."""
    behind = rng.dirichlet([certainty] * 3, size=n)
    truth = np.array([rng.choice(3, p=row) for row in behind])
    return behind**0.5 / (behind**0.5).sum(axis=1, keepdims=True), truth


def test_the_calibrator_takes_shrinking_back(rng: np.random.Generator) -> None:
    scores, truth = scores_of(rng, 0.6)
    fitted = Calibrator.fit(scores, truth)
    assert fitted.power == pytest.approx(2, abs=0.25)
    fresh, answers = scores_of(rng, 0.6)
    found = fitted.probabilities(fresh)
    assert found.max(axis=1).mean() == pytest.approx((found.argmax(axis=1) == answers).mean(), abs=0.03)


def test_the_calibrator_keeps_the_order_and_knows_nothing_of_strangers(rng: np.random.Generator) -> None:
    scores, truth = scores_of(rng, 0.6)
    fitted = Calibrator.fit(scores, truth)
    assert (fitted.probabilities(scores).argmax(axis=1) == scores.argmax(axis=1)).mean() > 0.999
    stranger = fitted.probabilities(np.array([[0.0, -0.2, fitted.floor / 2]]))
    assert stranger == pytest.approx(np.full((1, 3), 1 / 3))


def test_the_calibrator_checks_its_parameters() -> None:
    assert Calibrator.fit(np.zeros((0, 3)), np.zeros(0, int)) == Calibrator()
    for power, floor in ((0.0, 0.1), (1.0, 0.0), (1.0, 1.0)):
        with pytest.raises(ValueError, match="power"):
            Calibrator(power, floor)
