"""``wenban eval search``: index any corpus of answers in memory and compare our ranking with dense and BM25 alone.

The corpus goes through the product's own pool and ranker. Only the weights differ: those of ``calibration.json``
are fitted to our catalogue, a corpus never seen gets ``VOTES`` on standardised features (docs/adr/0003).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.encoder import Encoder
from knowledge.evaluation.chunks import chunks
from knowledge.lexical import Bm25, words
from knowledge.pool import FEATURES, Pool, make_query
from knowledge.ranker import Ranker
from knowledge.units import Owner, Unit
from knowledge.vectors import VectorCache
from nlu.lexicon import Lexicon
from nlu.normalize import clean, normalize

# Two votes for meaning, two for words (a half each to four ways of counting them), one each for the question if
# the corpus has questions and for the classifier. Set beforehand, not fitted.
VOTES = {"dense": 2, "name": 1, "words": 0.5, "grams": 0.5, "owner_words": 0.5, "owner_grams": 0.5, "classifier": 1}
CANDIDATES = 100
DEPTHS = (1, 5, 10)


class BadCorpus(Exception):
    """A file is not what it should be; the message says where and why."""


@dataclass(frozen=True)
class Document:
    id: str
    question: str
    answer: str


@dataclass(frozen=True)
class Asked:
    query: str
    right: frozenset[str]


def _rows(path: Path, *needed: str) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise BadCorpus(f"{path.name}:{number}: not JSON: {error}") from None
            if missing := [key for key in needed if not isinstance(row, dict) or key not in row]:
                raise BadCorpus(f"{path.name}:{number}: no {', '.join(missing)}")
            yield row


def read_corpus(path: Path) -> list[Document]:
    """Read JSON lines ``{"id", "question"?, "answer"}``."""
    documents = [Document(str(r["id"]), r.get("question") or "", r["answer"]) for r in _rows(path, "id", "answer")]
    if not documents:
        raise BadCorpus(f"{path.name}: empty")
    return documents


def read_queries(path: Path) -> list[Asked]:
    """Read JSON lines ``{"query", "relevant_id"}``; ``relevant_ids`` may list other right answers."""
    rows = _rows(path, "query", "relevant_id")
    return [Asked(r["query"], frozenset(map(str, [r["relevant_id"], *(r.get("relevant_ids") or [])]))) for r in rows]


def make_owner(document: Document) -> Owner:
    """Make an owner whose units are the question and the windows of the answer."""
    question = clean(document.question)
    units = [Unit(question, document.id, "question")] if question else []
    units += [Unit(text, document.id, "summary") for text in chunks(clean(document.answer))]
    return Owner(document.id, question or document.id, "", None, tuple(units))


def evaluate(
    documents: Sequence[Document],
    queries: Sequence[Asked],
    encoder: Encoder,
    cache: VectorCache,
    lexicon: Lexicon,
    worst: int = 10,
    report: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Return recall@k and MRR of our ranking (``fused``), of ``dense`` and of ``bm25`` alone, as JSON."""
    pool = Pool([make_owner(document) for document in documents], encoder, cache, lexicon)
    report(f"indexed {len(pool.owners)} answers in {len(pool.units)} pieces")
    ranker = Ranker([VOTES.get(name, 0.0) for name in FEATURES], standardised=True)
    # The rivals: the best piece by cosine; BM25 with its usual constants over the words of the whole answer.
    bm25 = Bm25([words(f"{clean(d.question)} {clean(d.answer)}", lexicon) for d in documents], k1=1.5, b=0.75)
    ids = [document.id for document in documents]
    ranks: dict[str, list[int | None]] = {"fused": [], "dense": [], "bm25": []}
    misses: list[dict[str, Any]] = []
    seconds: list[float] = []
    for asked in queries:
        began = time.perf_counter()
        query = make_query(normalize(asked.query, lexicon).plain, encoder, lexicon)
        found = pool.candidates(query, CANDIDATES)
        order = np.argsort(-ranker.probabilities(found.features), kind="stable")
        seconds.append(time.perf_counter() - began)
        ours = [found.owners[i].id for i in order]
        similarity = np.full(len(pool.owners), -1.0)
        np.maximum.at(similarity, pool.owner_of, pool.vectors @ query.vector)
        lexical = bm25.scores(query.words)
        ranks["fused"].append(_rank(ours, asked.right))
        ranks["dense"].append(_rank([ids[i] for i in np.argsort(-similarity, kind="stable")], asked.right))
        by_words = [ids[i] for i in np.argsort(-lexical, kind="stable") if lexical[i] > 0]
        ranks["bm25"].append(_rank(by_words, asked.right))
        if ranks["fused"][-1] != 1:
            rivals = {name: made[-1] for name, made in ranks.items()}
            misses.append({"query": asked.query, "expected": sorted(asked.right), "ranks": rivals, "found": ours[:3]})
    misses.sort(key=lambda miss: -(miss["ranks"]["fused"] or 10**9))
    return {
        "documents": len(documents),
        "pieces": len(pool.units),
        "queries": len(queries),
        **{name: scores(found) for name, found in ranks.items()},
        "p95_ms": round(float(np.percentile(seconds, 95)) * 1000, 1) if seconds else None,
        "worst": misses[:worst],
    }


def _rank(ranked: Sequence[str], right: frozenset[str]) -> int | None:
    return next((position for position, found in enumerate(ranked, 1) if found in right), None)


def scores(ranks: Sequence[int | None]) -> dict[str, float]:
    """Return recall at each depth and the mean reciprocal rank; None is not found."""
    count = max(len(ranks), 1)
    recalls = {f"recall@{k}": round(sum(r is not None and r <= k for r in ranks) / count, 4) for k in DEPTHS}
    return {**recalls, "mrr": round(sum(1 / r for r in ranks if r) / count, 4)}
