"""Measure the search on a large Q&A base: ``python -m tests.bench.bench_search [--size 100000]``.

The services are the real ones. The entries are made up: sentences of the real Q&A base with another place or number
in them, their vectors those of the originals with noise, so that building costs minutes and not hours. Every query
goes through ``Searcher.resolve``, the function behind chat's ``/resolve``: normalisation, encoder, both pools, gate
and decision. On a machine with other work the fastest of a query's repeats says what the search itself takes.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # as the knowledge process runs (wenban/processes.py)

import argparse
import json
import random
import resource
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import psutil
import yaml

from knowledge.calibration import read_questions
from knowledge.catalogue import cache_path
from knowledge.declaration import QaFile
from knowledge.encoder import Encoder, Vectors
from knowledge.search import Catalogue, Searcher
from knowledge.seed import CONTENT, read_services
from knowledge.snapshot import Calibration, Snapshot
from knowledge.typeahead import Typeahead
from knowledge.units import Owner, Unit, service_owner
from knowledge.vectors import VectorCache
from nlu.lexicon import Lexicon

NOISE = 0.35  # length of the noise beside a vector of length 1: near the original, far from equal


class NoisyCache(VectorCache):
    """Knows the vectors of made-up texts; everything else comes from the real cache."""

    def __init__(self, real: VectorCache) -> None:
        super().__init__(None)
        self._real = real
        self._origins: dict[str, str] = {}
        self._draw = np.random.default_rng(17)

    def add(self, text: str, origin: str) -> None:
        self._origins[text] = origin

    def encode(self, texts: list[str], encoder: Encoder) -> Vectors:
        vectors = self._real.encode([self._origins.get(text, text) for text in texts], encoder)
        made = np.array([text in self._origins for text in texts])
        noise = self._draw.normal(size=(int(made.sum()), vectors.shape[1])).astype(np.float32)
        vectors[made] += NOISE * noise / np.linalg.norm(noise, axis=1, keepdims=True)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def make_entries(count: int, units: int, places: Sequence[str], cache: NoisyCache) -> list[Owner]:
    """Make up ``count`` entries of ``units`` sentences each."""
    files = [QaFile.model_validate(yaml.load(p.read_text("utf-8"), yaml.CSafeLoader)) for p in CONTENT.glob("qa/*")]
    entries = [entry for file in files for entry in file.entries]
    draw = random.Random(5)
    owners = []
    for number in range(count):
        entry, place = entries[number % len(entries)], draw.choice(places)
        texts = []
        for origin in draw.sample([entry.question, *entry.variants], min(units, 1 + len(entry.variants))):
            texts.append(f"{place}{number}号窗口{origin}")
            cache.add(texts[-1], origin)
        roles = ("question", *["variant"] * (len(texts) - 1))
        owner_id = f"made-{number}"
        made = tuple(Unit(text, owner_id, role) for text, role in zip(texts, roles, strict=True))  # type: ignore[arg-type]
        owners.append(Owner(owner_id, texts[0], entry.id.split("-")[1], None, made))
    return owners


def exact_share(snapshot: Snapshot, texts: Sequence[str], k: int = 10) -> float:
    """Return the share of the true k nearest units that the index finds."""
    pool, shares = snapshot.entries, []
    for text in texts:
        vector = snapshot.query(text).vector
        near = pool.vectors @ vector
        true = np.argpartition(-near, k)[:k]
        shares.append(len(set(true) & set(pool._index.search(vector, 120)[1])) / k)
    return float(np.mean(shares))


def measure(size: int, units: int, count: int, repeat: int) -> dict[str, Any]:
    """Build a catalogue with ``size`` made-up entries and ask it; return times in ms and memory of this process."""
    lexicon, encoder, real = Lexicon.default(), Encoder(), VectorCache(cache_path())
    lexicon.warm_up()
    services, _ = read_services(CONTENT / "services")
    owners = [service_owner(service.model_dump(mode="json")) for service in services]
    places = [term.text for term in lexicon.of_kind("place")]
    texts = [text for text, *_ in read_questions()][:count]
    cache = NoisyCache(real)
    entries = make_entries(size, units, places, cache)
    load = os.getloadavg()[0]
    before = psutil.Process().memory_info().rss
    began, busy = time.perf_counter(), time.process_time()
    snapshot = Snapshot(1, owners, entries, encoder, cache, lexicon, Calibration.load())
    build, build_cpu = time.perf_counter() - began, time.process_time() - busy
    searcher = Searcher(Catalogue(snapshot, Typeahead([])))
    for text in texts[:20]:
        searcher.resolve(text)
    wall, cpu = [], []
    for text in texts * repeat:
        began, busy = time.perf_counter(), time.process_time()
        searcher.resolve(text)
        wall.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - busy) * 1000)
    fastest = np.reshape(wall, (repeat, -1)).min(axis=0)
    return {
        "units": len(snapshot.entries.units),
        "build_seconds": round(build, 1),
        "build_cpu_seconds": round(build_cpu, 1),
        "p50_ms": round(float(np.percentile(wall, 50)), 1),
        "p95_ms": round(float(np.percentile(wall, 95)), 1),
        "best_p95_ms": round(float(np.percentile(fastest, 95)), 1),
        "cpu_p95_ms": round(float(np.percentile(cpu, 95)), 1),
        "load": [round(load, 1), round(os.getloadavg()[0], 1)],
        "nearest_found": round(exact_share(snapshot, texts[:50]), 3),
        "memory_gb": round(psutil.Process().memory_info().rss / 1024**3, 2),
        "index_gb": round((psutil.Process().memory_info().rss - before) / 1024**3, 2),
        "peak_gb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=5_000, help="number of entries")
    parser.add_argument("--units", type=int, default=3, help="sentences an entry")
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--repeat", type=int, default=5, help="times each query is asked; 'best' takes its fastest")
    given = parser.parse_args()
    print(json.dumps(measure(given.size, given.units, given.queries, given.repeat)))


if __name__ == "__main__":
    main()
