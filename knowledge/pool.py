"""A pool: everything of one kind (services, or Q&A entries) in one immutable searchable structure.

``candidates`` unites what the dense and the lexical searches find and describes each owner by features;
``knowledge.ranker`` turns the features into an order and a probability.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge.encoder import Encoder, Vectors
from knowledge.lexical import Bm25, ngrams, words
from knowledge.linear import RidgeClassifier
from knowledge.segments import Rows, by_owner, largest, mean_of_best
from knowledge.units import Owner, Unit
from knowledge.vectors import VectorCache, VectorIndex
from nlu.lexicon import Lexicon

DENSE_K = 120
LEXICAL_K = 60
OWNER_K = 5
CLASSIFY_ALL_UP_TO = 10_000  # owners; above, the classifier judges the candidates but proposes none
FEATURES = (
    "dense",
    "dense_top3",
    "name",
    "words",
    "grams",
    "owner_words",
    "owner_grams",
    "classifier",
    "group",
)
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Query:
    """A normalised question with everything that is computed once for it."""

    text: str
    vector: Floats
    words: list[str]
    grams: list[str]


def make_query(text: str, encoder: Encoder, lexicon: Lexicon) -> Query:
    return Query(text, encoder.encode([text])[0], words(text, lexicon), ngrams(text))


@dataclass(frozen=True)
class Found:
    """Candidates of one query: rows of ``features`` (n, len(FEATURES)) belong to ``owners``."""

    owners: list[Owner]
    features: Floats
    matched: list[str]


class Pool:
    """Search over the units of ``owners``."""

    def __init__(self, owners: Sequence[Owner], encoder: Encoder, cache: VectorCache, lexicon: Lexicon) -> None:
        self.owners = list(owners)
        self.units: list[Unit] = [unit for owner in self.owners for unit in owner.units]
        self._lengths = np.array([len(owner.units) for owner in self.owners], np.int64)
        self._starts = np.cumsum(self._lengths) - self._lengths
        self.owner_of = np.repeat(np.arange(len(self.owners)), self._lengths)
        self._is_name = np.array([unit.role in ("name", "alias", "question") for unit in self.units])
        texts = [unit.text for unit in self.units]
        self.vectors: Vectors = cache.encode(texts, encoder)
        if not texts:
            return
        self._index = VectorIndex(self.vectors)
        self._words, self._owner_words = self._lexical([words(text, lexicon) for text in texts])
        self._grams, self._owner_grams = self._lexical([ngrams(text) for text in texts])
        self._classify_all = len(self.owners) <= CLASSIFY_ALL_UP_TO
        self._classifier = RidgeClassifier(
            self.vectors, self.owner_of, len(self.owners), keep_classes=self._classify_all
        )
        names, self._group_of_owner = np.unique([owner.group for owner in self.owners], return_inverse=True)
        self._groups = RidgeClassifier(self.vectors, self._group_of_owner[self.owner_of], len(names))

    def _lexical(self, tokens: list[list[str]]) -> tuple[Bm25, Bm25]:
        """Return BM25 over units and over all that an owner says."""
        documents: list[list[str]] = [[] for _ in self.owners]
        for owner, some in zip(self.owner_of, tokens, strict=True):
            documents[owner] += some
        return Bm25(tokens), Bm25(documents)

    def _products(self, rows: Rows, directions: Floats) -> Floats:
        """Return the inner products of the units in ``rows`` with each of ``directions``."""
        if 4 * len(rows) > len(self.units):  # reading all is cheaper than copying a good part
            return np.asarray(directions @ self.vectors.T)[:, rows]
        return np.asarray(directions @ self.vectors[rows].T)

    def candidates(self, query: Query, limit: int = 30) -> Found:
        """Return up to ``limit`` owners that any of the searches found, with their features."""
        if not self.units:
            return Found([], np.zeros((0, len(FEATURES)), np.float32), [])
        _, near = self._index.search(query.vector, DENSE_K)
        by_words, by_grams = self._words.scores(query.words), self._grams.scores(query.grams)
        lexical = by_words + by_grams
        top = largest(lexical, LEXICAL_K)
        owner_words = self._owner_words.scores(query.words)
        owner_grams = self._owner_grams.scores(query.grams)
        proposed = [
            self.owner_of[near],
            self.owner_of[top[lexical[top] > 0]],
            largest(owner_words + owner_grams, OWNER_K),
        ]
        if self._classify_all:
            proposed.append(largest(self._classifier.scores(query.vector), OWNER_K))
        found = np.unique(np.concatenate(proposed))
        found = found[self._lengths[found] > 0]
        lengths = self._lengths[found]
        firsts = np.cumsum(lengths) - lengths
        rows = np.arange(lengths.sum()) + np.repeat(self._starts[found] - firsts, lengths)
        z, offset = self._classifier.direction(query.vector)
        dense, along_z = self._products(rows, np.stack([query.vector, z]))
        table = by_owner(dense, lengths, firsts)
        names = np.maximum.reduceat(np.where(self._is_name[rows], dense, -np.inf), firsts)
        columns = (
            table.max(axis=1),
            mean_of_best(table, 3),
            np.where(np.isfinite(names), names, 0.0),
            np.maximum.reduceat(by_words[rows], firsts),
            np.maximum.reduceat(by_grams[rows], firsts),
            owner_words[found],
            owner_grams[found],
            np.add.reduceat(along_z, firsts) / lengths - offset,
            self._groups.scores(query.vector)[self._group_of_owner[found]],
        )
        features = np.stack(columns, axis=1).astype(np.float32)
        best = self._starts[found] + table.argmax(axis=1)
        order = np.argsort(-features[:, [0, 1, 3, 4, 7]].sum(axis=1), kind="stable")[:limit]
        return Found([self.owners[found[i]] for i in order], features[order], [self.units[best[i]].text for i in order])
