"""The disk cache: keys, limits, eviction, damage."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from test_voice_wav import sound

from voice import wav
from voice.cache import SpeechCache, key

DATA = wav.write(sound(0.1))


def test_keys_differ_by_every_part() -> None:
    base = ("plain-1", "您好", "plain-female", 1.0)
    others = [("neural-1", *base[1:]), ("plain-1", "您", *base[2:]), (*base[:2], "plain-male", 1.0), (*base[:3], 1.1)]
    assert len({key(*base), *(key(*other) for other in others)}) == 5
    assert key(*base) == key(*base)


def test_hit_is_identical(cache: SpeechCache) -> None:
    assert cache.get("ab") is None
    cache.put("ab", DATA)
    assert cache.get("ab") == DATA
    assert "ab" in cache


def test_least_recently_used_goes_first(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path, limit=len(DATA) * 10)
    names = [key("e", str(number), "v", 1) for number in range(10)]
    for age, name in enumerate(names):
        cache.put(name, DATA)
        os.utime(next(tmp_path.glob(f"*/{name}.wav")), (age, age))
    assert cache.get(names[0]) == DATA  # used now
    cache.put("new", DATA)
    assert cache.get(names[0]) is not None
    assert cache.get(names[1]) is None
    assert cache.get("new") is not None
    assert sum(file.stat().st_size for file in tmp_path.glob("*/*")) <= cache.limit


def test_the_limit_holds_across_restarts(tmp_path: Path) -> None:
    first = SpeechCache(tmp_path, limit=len(DATA) * 100)
    for number in range(20):
        first.put(key("e", str(number), "v", 1), DATA)
    second = SpeechCache(tmp_path, limit=len(DATA) * 5)
    second.put("new", DATA)
    assert len(list(tmp_path.glob("*/*.wav"))) <= 5


def test_damage_is_a_miss(cache: SpeechCache) -> None:
    cache.put("ab", DATA)
    path = next(cache.folder.glob("*/ab.wav"))
    path.write_bytes(DATA[:60])
    assert cache.get("ab") is None
    assert not path.exists()


def test_no_half_written_files(cache: SpeechCache) -> None:
    cache.put("ab", DATA)
    assert list(cache.folder.glob("*/*.part")) == []


def test_a_file_larger_than_the_cache_is_not_kept(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path, limit=10)
    cache.put("ab", DATA)
    assert cache.get("ab") is None
    with pytest.raises(ValueError, match="positive"):
        SpeechCache(tmp_path, limit=0)
