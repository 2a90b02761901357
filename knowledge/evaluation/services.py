"""``wenban eval services``: does a citizen's sentence find the right service, and is what is not ours refused?

Every sentence goes through ``Searcher.resolve``, the function behind chat's ``/resolve``.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.evaluation.rubric import accuracy, field_of, points
from knowledge.schemas import Resolution
from knowledge.search import Searcher

BINS = 10


@dataclass(frozen=True)
class Case:
    query: str
    service_id: str
    style: str
    right: frozenset[str]


def read_cases(path: Path) -> list[Case]:
    """Read a TSV with the columns query, service_id and, if present, style and also_ok."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [
        Case(r["query"], r["service_id"], r.get("style") or "", frozenset({r["service_id"], *_split(r.get("also_ok"))}))
        for r in rows
    ]


def read_strangers(path: Path) -> list[tuple[str, str]]:
    """Read a TSV with the columns query (or text) and category."""
    with path.open(encoding="utf-8", newline="") as file:
        return [(r.get("query") or r["text"], r.get("category") or "") for r in csv.DictReader(file, delimiter="\t")]


def _split(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def rank_of(resolution: Resolution, right: frozenset[str]) -> int | None:
    """Return the position (from 1) of the first right service."""
    return next((i for i, c in enumerate(resolution.services, 1) if c.id in right), None)


def calibration_error(pairs: Sequence[tuple[float, bool]]) -> tuple[float, list[dict[str, float]]]:
    """Return the expected calibration error over ten equal bins, and the bins (confidence, accuracy, count)."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in pairs:
        bins[min(int(confidence * BINS), BINS - 1)].append((confidence, right))
    error, table = 0.0, []
    for number in sorted(bins):
        members = bins[number]
        confidence = sum(c for c, _ in members) / len(members)
        accuracy = sum(r for _, r in members) / len(members)
        error += len(members) / len(pairs) * abs(confidence - accuracy)
        table.append({"confidence": round(confidence, 4), "accuracy": round(accuracy, 4), "count": len(members)})
    return error, table


def evaluate(
    searcher: Searcher, cases: Sequence[Case], strangers: Sequence[tuple[str, str]] = (), worst: int = 20
) -> dict[str, Any]:
    """Return the report as JSON."""
    ranks: list[int | None] = []
    refused = clarified = 0
    by_style: dict[str, list[int | None]] = defaultdict(list)
    by_department: dict[str, list[int | None]] = defaultdict(list)
    confidences: list[tuple[float, bool]] = []
    misses: list[dict[str, Any]] = []
    graded: list[tuple[str, float]] = []
    for case in cases:
        resolution = searcher.resolve(case.query)
        rank = rank_of(resolution, case.right)
        ranks.append(rank)
        by_style[case.style].append(rank)
        by_department[field_of(case.service_id)].append(rank)
        graded.append((field_of(case.service_id), points(resolution, case.right, field_of(case.service_id))))
        refused += resolution.decision == "none"
        clarified += resolution.decision == "clarify"
        if resolution.services:
            confidences.append((resolution.services[0].probability, rank == 1))
        if rank != 1 or resolution.decision == "none":
            misses.append(_miss(case.query, case.service_id, rank, resolution))
    error, bins = calibration_error(confidences) if confidences else (0.0, [])
    report: dict[str, Any] = {
        **_scores(ranks),
        "in_scope_refused": round(refused / max(len(cases), 1), 4),
        "clarified": round(clarified / max(len(cases), 1), 4),
        "expected_calibration_error": round(error, 4),
        "reliability": bins,
        "rubric": accuracy(graded),
        "by_style": {style: _scores(values) for style, values in sorted(by_style.items())},
        "by_department": {name: _scores(values) for name, values in sorted(by_department.items())},
    }
    if strangers:
        report["out_of_scope"] = _strangers(searcher, strangers)
    misses.sort(key=lambda miss: (miss["rank"] is not None, -(miss["top_probability"] or 0)))
    report["worst"] = misses[:worst]
    return report


def _strangers(searcher: Searcher, strangers: Sequence[tuple[str, str]]) -> dict[str, Any]:
    by_category: dict[str, list[bool]] = defaultdict(list)
    let_through = []
    for text, category in strangers:
        resolution = searcher.resolve(text)
        declined = resolution.decision == "none"
        by_category[category].append(declined)
        if not declined:
            best = resolution.best.id if resolution.best else None
            let_through.append({"query": text, "category": category, "best": best, "in_scope": resolution.in_scope})
    every = [declined for values in by_category.values() for declined in values]
    return {
        "queries": len(every),
        "refused": round(sum(every) / len(every), 4),
        "by_category": {name: round(sum(v) / len(v), 4) for name, v in sorted(by_category.items())},
        "let_through": let_through,
    }


def _scores(ranks: Sequence[int | None]) -> dict[str, float]:
    count = max(len(ranks), 1)
    return {
        "queries": len(ranks),
        "recall@1": round(sum(rank == 1 for rank in ranks) / count, 4),
        "recall@5": round(sum(rank is not None and rank <= 5 for rank in ranks) / count, 4),
        "mrr": round(sum(1 / rank for rank in ranks if rank) / count, 4),
    }


def _miss(query: str, service_id: str, rank: int | None, resolution: Resolution) -> dict[str, Any]:
    return {
        "query": query,
        "normalized": resolution.normalized,
        "expected": service_id,
        "rank": rank,
        "decision": resolution.decision,
        "in_scope": resolution.in_scope,
        "top_probability": resolution.services[0].probability if resolution.services else None,
        "candidates": [{"id": c.id, "title": c.title, "probability": c.probability} for c in resolution.services[:3]],
        "why": [trace.model_dump() for trace in resolution.trace[:3]],
    }
