"""Weigh the pieces of a sentence: TF-IDF of character and word n-grams, as one sparse unit row a space."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_matrix

START, END = "\u0002", "\u0003"


def char_ngrams(text: str, longest: int = 4) -> list[str]:
    """Return every run of 1 to `longest` characters, the sentence's ends marked.

    >>> [gram.replace(START, "^").replace(END, "$") for gram in char_ngrams("好的", 2)]
    ['^', '好', '的', '$', '^好', '好的', '的$']
    """
    text = START + " ".join(text.lower().split()) + END
    return [text[i : i + size] for size in range(1, longest + 1) for i in range(len(text) - size + 1)]


def word_ngrams(words: Sequence[str]) -> list[str]:
    """Return words and pairs of neighbours, the sentence's ends marked."""
    known = [word.lower() for word in words]
    return known + [f"{a} {b}" for a, b in zip([START, *known], [*known, END], strict=True)]


@dataclass
class NgramSpace:
    """Turn lists of n-grams into rows of TF-IDF (sublinear, smooth, unit length); `grams` are the columns."""

    grams: list[str] = field(default_factory=list)
    idf: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))

    def __post_init__(self) -> None:
        self._columns = {gram: column for column, gram in enumerate(self.grams)}

    @classmethod
    def fit(cls, documents: Iterable[Sequence[str]]) -> NgramSpace:
        """Learn the columns and how rare each is."""
        found, total = Counter[str](), 0
        for document in documents:
            found.update(set(document))
            total += 1
        grams = sorted(found)
        rarity = np.array([math.log((1 + total) / (1 + found[gram])) + 1 for gram in grams], np.float32)
        return cls(grams, rarity)

    def transform(self, documents: Iterable[Sequence[str]]) -> csr_matrix:
        """Return one unit row a document; an n-gram never seen in training counts for nothing."""
        data: list[np.ndarray] = []
        columns: list[int] = []
        ends = [0]
        for document in documents:
            counts = Counter(column for gram in document if (column := self._columns.get(gram)) is not None)
            places = list(counts)
            values = (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))) * self.idf[places]
            data.append(values / (np.linalg.norm(values) or 1.0))
            columns += places
            ends.append(len(columns))
        values = np.concatenate(data) if data else np.zeros(0)
        return csr_matrix((values.astype(np.float32), columns, ends), shape=(len(ends) - 1, len(self.grams)))
