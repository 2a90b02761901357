"""Classify sentences by their likeness to the examples: kernel ridge regression, solved exactly.

The likeness of two sentences is a sum of what the encoder hears as the same meaning (a Gaussian of the angle between
their vectors) and of the characters and words that they share (TF-IDF). Why this and not DIET or logistic regression:
docs/adr/0004-act-classifier.md. Nothing here knows Rasa, so both environments can run and test it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from scipy.linalg import cho_solve
from scipy.linalg.lapack import spotrf, spotri
from scipy.sparse import csr_matrix, hstack

from nlu.rasa.calibration import Calibrator
from nlu.rasa.ngrams import NgramSpace, char_ngrams, word_ngrams

ROWS = 1024  # of the kernel matrix, made at a time


@dataclass(frozen=True)
class Sentence:
    """What the classifier reads: the normalised text, its words, and the encoder's vector (any length)."""

    text: str
    words: Sequence[str]
    vector: np.ndarray


@dataclass(frozen=True)
class KernelSettings:
    """gamma: how fast likeness falls with the angle; ridge: how much the examples are smoothed over."""

    gamma: float = 1.0
    char_weight: float = 0.2
    word_weight: float = 0.2
    ridge: float = 0.3

    def __post_init__(self) -> None:
        if self.gamma <= 0 or self.ridge <= 0 or self.char_weight < 0 or self.word_weight < 0:
            raise ValueError(f"gamma and ridge must be positive, weights not negative: {self}")


def unit(vectors: np.ndarray) -> np.ndarray:
    """Return the rows at length 1."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)


def leave_one_out(kernel: np.ndarray, targets: np.ndarray, ridge: float) -> tuple[np.ndarray, np.ndarray]:
    """Solve (kernel + ridge) @ weights = targets; return weights, and each example's scores had it not been there.

    The second is exact and costs one inverse instead of n trainings. `kernel` is overwritten.
    """
    kernel[np.diag_indices_from(kernel)] += np.float32(ridge)
    factor, failed = spotrf(kernel.T, lower=1, overwrite_a=1)  # symmetric; .T is the order that LAPACK works in place
    if failed:
        raise np.linalg.LinAlgError(f"the kernel matrix is not positive definite (order {failed}): raise ridge")
    weights = np.asarray(cho_solve((factor, True), targets, check_finite=False))
    inverse, _ = spotri(factor, lower=1, overwrite_c=1)
    return weights, targets - weights / np.diag(inverse)[:, None]


class KernelClassifier:
    """A trained classifier; make one with `fit` or `load`."""

    def __init__(
        self,
        classes: Sequence[str],
        settings: KernelSettings,
        calibrator: Calibrator,
        spaces: tuple[NgramSpace, NgramSpace],
        vectors: np.ndarray,
        pieces: csr_matrix,
        weights: np.ndarray,
    ) -> None:
        self.classes = list(classes)
        self.settings = settings
        self.calibrator = calibrator
        self._spaces = spaces
        self._vectors = vectors  # (examples, dimension), unit rows
        self._pieces = pieces  # (examples, n-grams)
        self._postings = csr_matrix(pieces.T)  # (n-grams, examples): a sentence touches few rows
        self._weights = weights  # (examples, classes)

    @classmethod
    def fit(
        cls, sentences: Sequence[Sentence], labels: Sequence[str], settings: KernelSettings | None = None
    ) -> KernelClassifier:
        """Train on at least two classes; time grows with the cube of the number of examples, memory with the square.

        Raises:
            ValueError: if there are fewer than two classes, or not one label a sentence.
        """
        settings = settings or KernelSettings()
        classes = sorted(set(labels))
        if len(classes) < 2 or len(labels) != len(sentences):
            raise ValueError(f"{len(sentences)} sentences, {len(labels)} labels, {len(classes)} classes; need two")
        spaces = (
            NgramSpace.fit(char_ngrams(sentence.text) for sentence in sentences),
            NgramSpace.fit(word_ngrams(sentence.words) for sentence in sentences),
        )
        number = {name: i for i, name in enumerate(classes)}
        truth = np.array([number[label] for label in labels])
        vectors = unit(np.stack([sentence.vector for sentence in sentences])).astype(np.float16).astype(np.float32)
        made = cls(
            classes, settings, Calibrator(), spaces, vectors, _pieces(spaces, sentences, settings), np.zeros((0, 0))
        )
        kernel = np.empty((len(sentences), len(sentences)), np.float32)
        for start in range(0, len(sentences), ROWS):
            rows = slice(start, start + ROWS)
            kernel[rows] = made._likeness(vectors[rows], made._pieces[rows])
        targets = np.eye(len(classes), dtype=np.float32)[truth]
        made._weights, unseen = leave_one_out(kernel, targets, settings.ridge)
        made.calibrator = Calibrator.fit(unseen.astype(np.float64), truth)
        return made

    def probabilities(self, sentences: Sequence[Sentence]) -> np.ndarray:
        """Return probabilities, shape (sentences, classes)."""
        vectors = unit(np.stack([sentence.vector for sentence in sentences]))
        likeness = self._likeness(vectors, _pieces(self._spaces, sentences, self.settings))
        return self.calibrator.probabilities((likeness @ self._weights).astype(np.float64))

    def _likeness(self, vectors: np.ndarray, pieces: csr_matrix) -> np.ndarray:
        likeness = vectors @ self._vectors.T
        likeness -= 1  # |a - b|² = 2 - 2 a·b
        likeness *= np.float32(2 * self.settings.gamma)
        np.exp(likeness, out=likeness)
        likeness += (pieces @ self._postings).toarray()
        return likeness

    def save(self, folder: Path) -> None:
        """Write plain arrays and JSON: nothing that runs when it is read."""
        about = {
            "classes": self.classes,
            "settings": asdict(self.settings),
            "calibrator": asdict(self.calibrator),
            "grams": [space.grams for space in self._spaces],
        }
        (folder / "classifier.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
        np.savez_compressed(
            folder / "classifier.npz",
            vectors=self._vectors.astype(np.float16),
            weights=self._weights,
            data=self._pieces.data,
            columns=self._pieces.indices,
            ends=self._pieces.indptr,
            char_idf=self._spaces[0].idf,
            word_idf=self._spaces[1].idf,
        )

    @classmethod
    def load(cls, folder: Path) -> KernelClassifier:
        """Read what `save` wrote."""
        about = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
        with np.load(folder / "classifier.npz", allow_pickle=False) as stored:
            chars = NgramSpace(about["grams"][0], stored["char_idf"])
            words = NgramSpace(about["grams"][1], stored["word_idf"])
            vectors = stored["vectors"].astype(np.float32)
            shape = (len(vectors), len(chars.grams) + len(words.grams))
            pieces = csr_matrix((stored["data"], stored["columns"], stored["ends"]), shape=shape)
            weights = stored["weights"]
        return cls(
            about["classes"],
            KernelSettings(**about["settings"]),
            Calibrator(**about["calibrator"]),
            (chars, words),
            vectors,
            pieces,
            weights,
        )


def _pieces(
    spaces: tuple[NgramSpace, NgramSpace], sentences: Sequence[Sentence], settings: KernelSettings
) -> csr_matrix:
    """Return both spaces side by side, so that one product of two rows is the weighted sum of both likenesses."""
    chars = spaces[0].transform(char_ngrams(sentence.text) for sentence in sentences)
    words = spaces[1].transform(word_ngrams(sentence.words) for sentence in sentences)
    both = hstack([chars * settings.char_weight**0.5, words * settings.word_weight**0.5])
    return csr_matrix(both, dtype=np.float32)
