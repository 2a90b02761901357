"""Check segmentation and BM25."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.lexical import Bm25, ngrams, words
from nlu.lexicon import Lexicon

DOCUMENTS = [["社保卡", "丢失"], ["社保卡", "余额", "查询"], ["水费", "查询"], []]


def test_words_drop_stop_words_and_punctuation(lexicon: Lexicon) -> None:
    assert words("我的社保卡，丢了吗？", lexicon) == ["社保", "社保卡", "丢了"]
    assert words("ETC 怎么办", lexicon)[0] == "etc"
    assert words("？！", lexicon) == []


def test_ngrams_stay_inside_runs() -> None:
    assert ngrams("社保卡") == ["社保", "保卡", "社保卡"]
    assert ngrams("社保，卡") == ["社保"]
    assert ngrams("") == []


def test_the_document_with_the_words_wins() -> None:
    scores = Bm25(DOCUMENTS).scores(["社保卡", "余额"])
    assert scores.shape == (4,)
    assert scores.argmax() == 1
    assert scores[3] == 0


def test_scores_lie_between_zero_and_one() -> None:
    scores = Bm25(DOCUMENTS).scores(["社保卡", "余额", "查询"])
    assert scores.min() >= 0
    assert 0.2 < scores.max() <= 1


def test_a_rare_word_counts_more_than_a_frequent_one() -> None:
    scores = Bm25(DOCUMENTS).scores(["查询", "水费", "余额"])
    assert scores[2] > scores[0]
    assert Bm25(DOCUMENTS).scores(["余额"])[1] > Bm25(DOCUMENTS).scores(["社保卡"])[1] - 1e-6


def test_unknown_words_make_a_match_weaker() -> None:
    index = Bm25(DOCUMENTS)
    assert index.scores(["水费", "火星"])[2] < index.scores(["水费"])[2]


def test_a_repeated_word_changes_nothing() -> None:
    index = Bm25(DOCUMENTS)
    np.testing.assert_allclose(index.scores(["水费", "水费"]), index.scores(["水费"]))


@pytest.mark.parametrize("documents", [[], [[], []]])
def test_nothing_to_search(documents: list[list[str]]) -> None:
    assert Bm25(documents).scores(["水费"]).tolist() == [0.0] * len(documents)


def test_nothing_known_in_the_query() -> None:
    assert not Bm25(DOCUMENTS).scores(["火星"]).any()
    assert not Bm25(DOCUMENTS).scores([]).any()
