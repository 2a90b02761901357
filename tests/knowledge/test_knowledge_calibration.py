"""Check how questions are held out, how the temperature is found, and how the two pools are compared."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from knowledge_helpers import make_owner

from knowledge.calibration import _rescale, folds, labelled, read_questions
from knowledge.pool import FEATURES, Found
from knowledge.ranked import Ranked
from knowledge.ranker import Ranker, softmax
from knowledge.routing import ROUTE_FEATURES, entry_share, route_features
from knowledge.scope import Gate


def test_each_variant_is_held_out_once_and_nothing_else() -> None:
    owners = [make_owner(f"o{n}", "问题", *(f"说法{n}之{k}" for k in range(7))) for n in range(4)]
    asked: list[tuple[str, str]] = []
    for kept, held in folds(owners, seed=1):
        asked += held
        left = {unit.text for owner in kept for unit in owner.units}
        assert not left & {text for text, _ in held}, "what is asked must not be in the index"
        assert all(owner.units[0].role == "question" for owner in kept)
        assert sum(len(owner.units) for owner in kept) + len(held) == 4 * 8
    assert sorted(asked) == sorted((f"说法{n}之{k}", f"o{n}") for n in range(4) for k in range(7))


def test_folds_are_the_same_every_time() -> None:
    owners = [make_owner("a", "问题", "甲", "乙", "丙")]
    assert [held for _, held in folds(owners, 3)] == [held for _, held in folds(owners, 3)]


def test_reads_questions(tmp_path: Path) -> None:
    path = tmp_path / "q.tsv"
    path.write_text("query\tservice_id\talso_ok\n交水费\tswj-01\tswj-02,swj-03\n挂号\twjw-05\t\n", "utf-8")
    assert read_questions(path) == [("交水费", "swj-01", {"swj-02", "swj-03"}), ("挂号", "wjw-05", set())]
    assert read_questions(tmp_path / "none.tsv") == []


def test_a_question_whose_owner_was_not_found_teaches_nothing() -> None:
    found = Found([make_owner("a", "甲"), make_owner("b", "乙")], np.eye(2, dtype=np.float32), ["甲", "乙"])
    assert [position for _, position in labelled(found, "b")] == [1]
    assert labelled(found, "c") == []


@pytest.mark.parametrize("scale", [0.6, 1.0, 2.0])
def test_the_temperature_is_that_of_the_data(scale: float) -> None:
    draw = np.random.default_rng(3)
    rows = []
    for _ in range(3000):
        features = draw.normal(size=(5, 2))
        rows.append((features, int(draw.choice(5, p=softmax(features @ np.array([1.0, -0.5]) * scale)))))
    found = _rescale(Ranker([1.0, -0.5]), rows)
    assert found.weights[0] == pytest.approx(scale, abs=0.12)
    assert found.weights[1] == pytest.approx(-0.5 * scale, abs=0.06)


def ranked(dense: float, probability: float) -> Ranked:
    features = np.zeros((1, len(FEATURES)), np.float32)
    features[0, FEATURES.index("dense")] = dense
    return Ranked([make_owner("a", "甲")], [probability], features, ["甲"])


NOTHING = Ranked([], [], np.zeros((0, len(FEATURES)), np.float32), [])


def test_the_nearer_pool_has_the_larger_share() -> None:
    router = Gate([0] * len(ROUTE_FEATURES), [1] * len(ROUTE_FEATURES), [10, *[0] * (len(ROUTE_FEATURES) - 1)], 0)
    near, far = ranked(0.9, 0.8), ranked(0.6, 0.8)
    assert entry_share(router, far, near) > 0.9
    assert entry_share(router, near, far) < 0.1
    assert entry_share(router, near, near) == pytest.approx(0.5)


def test_one_empty_pool_decides_by_itself() -> None:
    assert entry_share(None, NOTHING, ranked(0.9, 1)) == 1.0
    assert entry_share(None, ranked(0.9, 1), NOTHING) == 0.0
    assert entry_share(None, ranked(0.9, 1), ranked(0.9, 1)) == 0.5
    assert not route_features(NOTHING, NOTHING).any()


def test_route_features_in_order() -> None:
    features = dict(zip(ROUTE_FEATURES, route_features(ranked(0.5, 0.2), ranked(0.75, 0.9)), strict=True))
    assert features["dense"] == pytest.approx(0.25)
    assert features["probability"] == pytest.approx(0.7)
    assert features["entry_dense"] == pytest.approx(0.75)
