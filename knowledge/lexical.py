"""Lexical search: BM25 over jieba words and over character n-grams.

Words carry meaning, n-grams survive slips that change the segmentation; they are scored apart and fused later.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from functools import lru_cache

import bm25s
import numpy as np
import numpy.typing as npt

from nlu.lexicon import Lexicon

Scores = npt.NDArray[np.float32]
_KEEP = re.compile(r"[0-9a-z一-鿿]+")
_STOP = frozenset("的了呢吗啊呀吧是我你他她它们在有和就都也这那个一不要想上下去来到给把被")

logging.getLogger("bm25s").setLevel(logging.WARNING)


@lru_cache(maxsize=200_000)
def _words(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    found = (word.lower() for word in lexicon.tokenizer.cut_for_search(text))
    return tuple(word for word in found if _KEEP.fullmatch(word) and word not in _STOP)


def words(text: str, lexicon: Lexicon) -> list[str]:
    """Split into jieba words, search mode, without the words that every sentence has; remembered by text."""
    return list(_words(text, lexicon))


def ngrams(text: str, sizes: tuple[int, ...] = (2, 3)) -> list[str]:
    """Return character n-grams inside runs of letters, digits and Chinese characters."""
    grams: list[str] = []
    for run in _KEEP.findall(text.lower()):
        for size in sizes:
            grams += [run[i : i + size] for i in range(len(run) - size + 1)]
    return grams


class Bm25:
    """BM25 over token lists; scores are divided by a bound on what a document could get, so they lie in [0, 1]."""

    def __init__(self, documents: Sequence[list[str]], k1: float = 1.2, b: float = 0.4) -> None:
        self._size = len(documents)
        vocabulary = sorted({token for document in documents for token in document})
        self._ids = {token: i for i, token in enumerate(vocabulary)}
        self._index: bm25s.BM25 | None = None
        self._idf = np.zeros(len(vocabulary), np.float32)
        if not vocabulary:
            return
        counts = np.zeros(len(vocabulary), np.int64)
        ids = []
        for document in documents:
            row = [self._ids[token] for token in document]
            ids.append(row)
            counts[list(set(row))] += 1
        self._idf = np.log(1 + (self._size - counts + 0.5) / (counts + 0.5)).astype(np.float32)
        self._index = bm25s.BM25(k1=k1, b=b)
        self._index.index((ids, self._ids), show_progress=False)

    def scores(self, tokens: list[str]) -> Scores:
        """Return one score a document."""
        known = list({self._ids[token] for token in tokens if token in self._ids})
        if self._index is None or not known:
            return np.zeros(self._size, np.float32)
        # bm25s adds up what it computed at indexing; its own loop over the postings is five times as slow.
        data, indices, starts = (self._index.scores[name] for name in ("data", "indices", "indptr"))
        raw = np.zeros(self._size, np.float32)
        for token in known:
            span = slice(starts[token], starts[token + 1])
            raw[indices[span]] += data[span]  # a document stands once in the postings of a token
        # Unknown words count as rare ones: a sentence of which we know one word is not a match.
        unknown = len({token for token in tokens if token not in self._ids})
        ceiling = float(self._idf[known].sum() * 1.6 + unknown * self._idf.max() * 0.5)
        return np.asarray(raw / max(ceiling, 1e-6), np.float32)
