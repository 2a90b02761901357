"""Dense search: FAISS over unit vectors, exact while it is fast, HNSW above; and a cache of vectors on disk."""

from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from knowledge.encoder import Encoder, Vectors

EXACT_UP_TO = 20_000  # vectors (docs/adr/0003)


class VectorIndex:
    """Inner-product search; the kind of index follows the number of vectors."""

    def __init__(self, vectors: Vectors) -> None:
        self.vectors = vectors
        dimension = vectors.shape[1]
        self._index: Any
        if len(vectors) <= EXACT_UP_TO:
            self._index = faiss.IndexFlatIP(dimension)
            self._index.add(vectors)
            return
        # One byte a dimension: a quarter of the memory and nothing lost, for the pool computes cosines anew.
        kind: Any = faiss.ScalarQuantizer.QT_8bit
        self._index = faiss.IndexHNSWSQ(dimension, kind, 32, faiss.METRIC_INNER_PRODUCT)
        self._index.hnsw.efConstruction = 80
        self._index.hnsw.efSearch = 128
        threads = faiss.omp_get_max_threads()
        faiss.omp_set_num_threads(os.cpu_count() or 1)  # the processes run with one; a large graph takes minutes
        try:
            self._index.train(vectors[:: -(-len(vectors) // 50_000)])
            self._index.add(vectors)
        finally:
            faiss.omp_set_num_threads(threads)

    def search(self, query: Vectors, k: int) -> tuple[Vectors, np.ndarray]:
        """Return (scores, row numbers), best first, for one query vector of shape ``(dimension,)``."""
        scores, rows = self._index.search(query[None, :], min(k, len(self.vectors)))
        keep = rows[0] >= 0
        return scores[0][keep], rows[0][keep]


def _key(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


class VectorCache:
    """Vectors by text, kept in one file, so that a restart encodes only what is new."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._vectors: dict[str, np.ndarray] = {}
        self._dirty = False
        if path is not None and path.exists():
            try:
                with np.load(path) as data:
                    self._vectors = dict(zip(data["keys"].tolist(), data["vectors"], strict=True))
            except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
                self._vectors = {}  # a damaged cache only costs time

    def encode(self, texts: list[str], encoder: Encoder) -> Vectors:
        """Return the vectors of ``texts``, encoding those not seen before the way queries are encoded."""
        keys = [_key(text) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._vectors}
        if missing:
            self._dirty = True
            ordered = sorted(missing.items(), key=lambda item: len(item[1]))
            # Small batches of like length: int8 results shift with padding (see Encoder.encode).
            for start in range(0, len(ordered), 4):
                chunk = ordered[start : start + 4]
                vectors = encoder.encode([text for _, text in chunk], batch_size=4)
                self._vectors.update({key: vector for (key, _), vector in zip(chunk, vectors, strict=True)})
        return np.stack([self._vectors[key] for key in keys]) if keys else np.zeros((0, encoder.dimension), np.float32)

    def put(self, texts: list[str], vectors: Vectors) -> None:
        """Take vectors that are known already."""
        for text, vector in zip(texts, vectors, strict=True):
            self._vectors[_key(text)] = vector

    def save(self) -> None:
        if self._path is None or not self._dirty:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_name(f".{self._path.name}.{os.getpid()}.npz")
        np.savez(temporary, keys=np.array(list(self._vectors)), vectors=np.stack(list(self._vectors.values())))
        temporary.replace(self._path)
        self._dirty = False
