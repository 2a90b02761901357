"""Check how candidates are found and described."""

from __future__ import annotations

import numpy as np
import pytest
from knowledge_helpers import HashEncoder, make_owner

from knowledge import pool as pool_module
from knowledge.pool import FEATURES, Pool, Query, make_query
from knowledge.segments import by_owner, largest, mean_of_best
from knowledge.units import Owner
from knowledge.vectors import VectorCache
from nlu.lexicon import Lexicon

OWNERS = [
    make_owner("a", "社保卡丢了怎么办", "社保卡挂失", "补社保卡", "卡没了", group="人社"),
    make_owner("b", "水费怎么交", "交水费", group="水务"),
    make_owner("c", "公积金余额是多少", group="公积金"),
]


def _pool(lexicon: Lexicon, owners: list[Owner] = OWNERS) -> Pool:
    return Pool(owners, HashEncoder(), VectorCache(None), lexicon)  # type: ignore[arg-type]


def _query(text: str, lexicon: Lexicon) -> Query:
    return make_query(text, HashEncoder(), lexicon)  # type: ignore[arg-type]


def test_the_owner_of_the_sentence_is_first_and_says_why(lexicon: Lexicon) -> None:
    found = _pool(lexicon).candidates(_query("社保卡挂失", lexicon))
    assert found.owners[0].id == "a"
    assert found.matched[0] == "社保卡挂失"
    assert found.features.shape == (len(found.owners), len(FEATURES))


def test_features_are_what_their_names_say(lexicon: Lexicon) -> None:
    pool = _pool(lexicon)
    query = _query("交水费", lexicon)
    found = pool.candidates(query)
    row = dict(zip(FEATURES, found.features[[o.id for o in found.owners].index("b")], strict=True))
    near = pool.vectors[4:6] @ query.vector
    assert row["dense"] == pytest.approx(1, abs=1e-5)
    assert row["dense_top3"] == pytest.approx(near.mean(), abs=1e-5)
    assert row["name"] == pytest.approx(near[0], abs=1e-5)  # the question, not the variant
    assert row["words"] == pytest.approx(pool._words.scores(query.words)[5], abs=1e-5)
    assert row["owner_grams"] == pytest.approx(pool._owner_grams.scores(query.grams)[1], abs=1e-5)
    assert row["classifier"] == pytest.approx(pool._classifier.scores(query.vector)[1], abs=1e-4)
    assert row["group"] == pytest.approx(pool._groups.scores(query.vector).max(), abs=1e-5)


def test_limit(lexicon: Lexicon) -> None:
    assert len(_pool(lexicon).candidates(_query("社保卡", lexicon), limit=2).owners) == 2


def test_an_empty_pool_and_owners_with_nothing_to_find_them_by(lexicon: Lexicon) -> None:
    assert _pool(lexicon, []).candidates(_query("社保卡", lexicon)).owners == []
    mute = Owner("mute", "", "g", None, ())
    found = _pool(lexicon, [mute, *OWNERS, mute]).candidates(_query("社保卡", lexicon))
    assert {owner.id for owner in found.owners} == {"a", "b", "c"}


def test_a_large_pool_judges_candidates_the_same(lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch) -> None:
    query = _query("水费", lexicon)
    small = _pool(lexicon).candidates(query)
    monkeypatch.setattr(pool_module, "CLASSIFY_ALL_UP_TO", 1)
    large = _pool(lexicon).candidates(query)
    assert [owner.id for owner in large.owners] == [owner.id for owner in small.owners]
    np.testing.assert_allclose(large.features, small.features, atol=1e-5)


def test_segments() -> None:
    table = by_owner(np.array([3.0, 1.0, 2.0], np.float32), np.array([1, 2]), np.array([0, 1]))
    assert table.tolist() == [[3.0, -np.inf], [1.0, 2.0]]
    assert mean_of_best(table, 3).tolist() == [3.0, 1.5]
    assert mean_of_best(table, 1).tolist() == [3.0, 2.0]
    assert set(largest(np.array([1.0, 5.0, 3.0], np.float32), 2)) == {1, 2}
    assert len(largest(np.array([1.0], np.float32), 5)) == 1
