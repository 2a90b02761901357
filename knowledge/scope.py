"""The scope gate: the probability that a sentence is any of our business at all.

A logistic regression over what the searches found and how near the sentence lies to known examples of what is
not ours (``content/out_of_scope.tsv``). Fitted by ``knowledge.calibration``.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.encoder import Encoder, Vectors
from knowledge.linear import RidgeClassifier
from knowledge.pool import FEATURES, Found, Query
from knowledge.vectors import VectorCache

OUT_OF_SCOPE = Path(__file__).parent / "content" / "out_of_scope.tsv"
OTHER_PLACES = Path(__file__).parent / "content" / "other_places.txt"
OTHER_PLACE = "other_place"
GATE_FEATURES = (
    "service_dense",
    "service_top3",
    "service_words",
    "service_owner_words",
    "service_classifier",
    "service_probability",
    "entry_dense",
    "entry_top3",
    "entry_words",
    "entry_owner_words",
    "outside_dense",
    "outside_top3",
    "outside_classifier",
    "other_place",
    "length",
    "near_margin",
    "service_close",
    "entry_close",
    "outside_close",
)
CLOSE = 0.78  # cosine from which a match is nearly a repetition of a known wording
Floats = npt.NDArray[np.floating]


def read_examples(path: Path = OUT_OF_SCOPE) -> list[tuple[str, str]]:
    """Return (sentence, category) pairs."""
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["category"]) for row in csv.DictReader(file, delimiter="\t")]


class OutsideModel:
    """Examples of what is not ours, searchable like a pool."""

    def __init__(
        self,
        examples: Sequence[tuple[str, str]],
        inside: Vectors,
        encoder: Encoder,
        cache: VectorCache,
        other_places: Sequence[str] = (),
        city: str = "临沂",
    ) -> None:
        # What is asked of another city is worded like what is ours: the place tells, not the likeness.
        kept = [(text, category) for text, category in examples if category != OTHER_PLACE]
        self.categories = [category for _, category in kept]
        self.vectors = cache.encode([text for text, _ in kept], encoder)
        labels = np.concatenate([np.ones(len(self.vectors), np.int64), np.zeros(len(inside), np.int64)])
        self._classifier = RidgeClassifier(np.concatenate([self.vectors, inside]), labels, 2)
        self._other_places = frozenset(other_places)
        self._city = city

    def features(self, query: Query) -> tuple[float, float, float, float]:
        """Return nearest, mean of the three nearest, classifier score, and whether another place is named."""
        near = self.vectors @ query.vector
        top = np.sort(near)[-3:]
        score = float(self._classifier.scores(query.vector)[1])
        return float(top[-1]), float(top.mean()), score, float(self.names_other_place(query))

    def names_other_place(self, query: Query) -> bool:
        """Say whether a place outside the city is named, as a word, and the city is not.

        Where one goes to or comes from does not count: who asks what to bring for 去香港 asks it here.
        """
        if self._city in query.text:
            return False
        named = self._other_places.intersection(query.words)
        return any(not re.search(f"[去到往从]{re.escape(place)}", query.text) for place in named)

    def category(self, query: Query) -> str:
        """Return another place if one is named, else the vote of the five nearest examples, by similarity."""
        if self.names_other_place(query):
            return OTHER_PLACE
        near = self.vectors @ query.vector
        votes: dict[str, float] = {}
        for row in np.argsort(-near)[:5]:
            votes[self.categories[row]] = votes.get(self.categories[row], 0.0) + float(near[row]) ** 4
        return max(votes, key=lambda name: votes[name])


def gate_features(
    query: Query, services: Found, service_probability: float, entries: Found, outside: OutsideModel
) -> Floats:
    """Describe one query for the gate; order as in ``GATE_FEATURES``."""

    def best(found: Found, names: tuple[str, ...]) -> list[float]:
        if len(found.features) == 0:
            return [0.0] * len(names)
        return [float(found.features[:, FEATURES.index(name)].max()) for name in names]

    service = best(services, ("dense", "dense_top3", "words", "owner_words", "classifier"))
    entry = best(entries, ("dense", "dense_top3", "words", "owner_words"))
    out = outside.features(query)
    return np.array(
        [
            *service,
            service_probability,
            *entry,
            *out,
            math.log1p(len(query.text)),
            max(service[0], entry[0]) - out[0],
            *(max(nearest - CLOSE, 0.0) for nearest in (service[0], entry[0], out[0])),
        ]
    )


class Gate:
    """Logistic regression: standardise, weigh, squash."""

    def __init__(self, mean: Sequence[float], scale: Sequence[float], weights: Sequence[float], bias: float) -> None:
        self.mean, self.scale = np.asarray(mean), np.asarray(scale)
        self.weights, self.bias = np.asarray(weights), bias

    def probability(self, features: Floats) -> float:
        return float(1.0 / (1.0 + np.exp(-(((features - self.mean) / self.scale) @ self.weights + self.bias))))

    @classmethod
    def fit(cls, rows: Floats, inside: npt.NDArray[np.bool_]) -> Gate:
        from sklearn.linear_model import LogisticRegression  # only the calibration needs scikit-learn

        mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-6
        model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=2000)
        model.fit((rows - mean) / scale, inside)
        return cls(mean.tolist(), scale.tolist(), model.coef_[0].tolist(), float(model.intercept_[0]))
