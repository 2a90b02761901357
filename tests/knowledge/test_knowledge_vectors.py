"""Check the index of vectors and their cache."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import pytest
from knowledge_helpers import DIMENSION, HashEncoder

from knowledge import vectors
from knowledge.vectors import VectorCache, VectorIndex


def _unit(count: int) -> np.ndarray:
    found = np.random.default_rng(2).normal(size=(count, DIMENSION)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def test_the_nearest_comes_first() -> None:
    rows = _unit(50)
    scores, found = VectorIndex(rows).search(rows[7], 5)
    assert found[0] == 7
    assert scores[0] == pytest.approx(1)
    assert len(found) == 5
    assert np.all(np.diff(scores) <= 0)


def test_asking_for_more_than_there_is() -> None:
    rows = _unit(3)
    assert sorted(VectorIndex(rows).search(rows[0], 10)[1]) == [0, 1, 2]


def test_the_kind_of_index_follows_the_size(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = _unit(300)
    assert isinstance(VectorIndex(rows)._index, faiss.IndexFlat)
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 299)
    large = VectorIndex(rows)
    assert isinstance(large._index, faiss.IndexHNSWSQ)
    exact = np.argsort(-(rows @ rows[11]))[:10]
    assert len(set(large.search(rows[11], 10)[1]) & set(exact)) >= 9


def test_only_new_texts_are_encoded() -> None:
    encoder, cache = HashEncoder(), VectorCache(None)
    first = cache.encode(["社保卡", "水费", "社保卡"], encoder)
    assert first.shape == (3, DIMENSION)
    np.testing.assert_array_equal(first[0], first[2])
    assert sorted(encoder.encoded) == sorted(["社保卡", "水费"])
    cache.encode(["水费", "电费"], encoder)
    assert encoder.encoded[2:] == ["电费"]
    assert cache.encode([], encoder).shape == (0, DIMENSION)


def test_vectors_survive_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "vectors.npz"
    cache = VectorCache(path)
    before = cache.encode(["社保卡"], HashEncoder())
    cache.save()
    encoder = HashEncoder()
    np.testing.assert_array_equal(VectorCache(path).encode(["社保卡"], encoder), before)
    assert encoder.encoded == []
    assert [file.name for file in path.parent.iterdir()] == ["vectors.npz"]


@pytest.mark.parametrize("damage", [b"", b"not a zip file", b"PK\x03\x04 cut off"])
def test_a_damaged_cache_only_costs_time(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "vectors.npz"
    path.write_bytes(damage)
    encoder = HashEncoder()
    cache = VectorCache(path)
    cache.encode(["社保卡"], encoder)
    cache.save()
    assert encoder.encoded == ["社保卡"]
    assert len(VectorCache(path).encode(["社保卡"], HashEncoder())) == 1


def test_half_a_cache_file_is_damaged_too(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    cache = VectorCache(path)
    cache.encode([f"问题{i}" for i in range(200)], HashEncoder())
    cache.save()
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert VectorCache(path).encode(["社保卡"], HashEncoder()).shape == (1, DIMENSION)


def test_saving_nothing_new_writes_nothing(tmp_path: Path) -> None:
    VectorCache(tmp_path / "vectors.npz").save()
    assert list(tmp_path.iterdir()) == []
