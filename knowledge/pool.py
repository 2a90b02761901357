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
from knowledge.units import Owner, Unit
from knowledge.vectors import VectorCache, VectorIndex
from nlu.lexicon import Lexicon

DENSE_K = 120
LEXICAL_K = 60
CLASSIFIER_MAX_OWNERS = 3000
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
        self.owner_of = np.array([i for i, owner in enumerate(self.owners) for _ in owner.units], np.int64)
        self._is_name = np.array([unit.role in ("name", "alias", "question") for unit in self.units])
        texts = [unit.text for unit in self.units]
        self.vectors: Vectors = cache.encode(texts, encoder)
        if not texts:
            return
        self._index = VectorIndex(self.vectors)
        unit_words = [words(text, lexicon) for text in texts]
        unit_grams = [ngrams(text) for text in texts]
        self._words, self._grams = Bm25(unit_words), Bm25(unit_grams)
        self._owner_words = Bm25(self._by_owner(unit_words))
        self._owner_grams = Bm25(self._by_owner(unit_grams))
        self._starts = np.searchsorted(self.owner_of, np.arange(len(self.owners)))
        self._classifier: RidgeClassifier | None = None
        self._groups: RidgeClassifier | None = None
        if len(self.owners) <= CLASSIFIER_MAX_OWNERS:
            self._classifier = RidgeClassifier(self.vectors, self.owner_of, len(self.owners))
            names = sorted({owner.group for owner in self.owners})
            group_of_owner = np.array([names.index(owner.group) for owner in self.owners])
            self._group_of_owner = group_of_owner
            self._groups = RidgeClassifier(self.vectors, group_of_owner[self.owner_of], len(names))

    def _by_owner(self, unit_tokens: list[list[str]]) -> list[list[str]]:
        documents: list[list[str]] = [[] for _ in self.owners]
        for owner, tokens in zip(self.owner_of, unit_tokens, strict=True):
            documents[owner] += tokens
        return documents

    def candidates(self, query: Query, limit: int = 30) -> Found:
        """Return up to ``limit`` owners that any of the searches found, with their features."""
        if not self.units:
            return Found([], np.zeros((0, len(FEATURES)), np.float32), [])
        _, rows = self._index.search(query.vector, DENSE_K)
        by_words, by_grams = self._words.scores(query.words), self._grams.scores(query.grams)
        lexical = by_words + by_grams
        top = np.argpartition(-lexical, min(LEXICAL_K, len(lexical) - 1))[:LEXICAL_K]
        owner_words = self._owner_words.scores(query.words)
        owner_grams = self._owner_grams.scores(query.grams)
        classes = self._classifier.scores(query.vector) if self._classifier else None
        groups = self._groups.scores(query.vector) if self._groups else None
        pool = dict.fromkeys(self.owner_of[rows].tolist())
        pool.update(dict.fromkeys(self.owner_of[top[lexical[top] > 0]].tolist()))
        pool.update(dict.fromkeys(np.argsort(-(owner_words + owner_grams))[:5].tolist()))
        if classes is not None:
            pool.update(dict.fromkeys(np.argsort(-classes)[:5].tolist()))
        found = list(pool)
        features = np.zeros((len(found), len(FEATURES)), np.float32)
        matched = []
        for i, owner in enumerate(found):
            span = slice(self._starts[owner], self._starts[owner] + len(self.owners[owner].units))
            dense = self.vectors[span] @ query.vector
            names = dense[self._is_name[span]]
            features[i] = (
                dense.max(),
                np.sort(dense)[-3:].mean(),
                names.max() if len(names) else 0.0,
                by_words[span].max(),
                by_grams[span].max(),
                owner_words[owner],
                owner_grams[owner],
                classes[owner] if classes is not None else 0.0,
                groups[self._group_of_owner[owner]] if groups is not None else 0.0,
            )
            matched.append(self.units[span.start + int(dense.argmax())].text)
        order = np.argsort(-(features[:, 0] + features[:, 1] + features[:, 3] + features[:, 4] + features[:, 7]))[
            :limit
        ]
        return Found([self.owners[found[i]] for i in order], features[order], [matched[i] for i in order])
