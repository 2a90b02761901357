"""问答准确度 of the public rubric (CEIRP 2021): ten random questions a field, 1 exact, 0.5 related, 0 wrong; 35 points.

A field is a department. What a program can tell: *exact* is an answer with the right service, or with an approved
answer that belongs to it; *related* is the right service among the choices asked back, or an answer of the right
department; all else is wrong, refusals too.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from knowledge.schemas import Resolution

FULL = 35
PER_FIELD = 10
SEED = 2021


def field_of(service_id: str) -> str:
    return service_id.split("-")[0]


def points(resolution: Resolution, right: frozenset[str], field: str) -> float:
    """Return 1, 0.5 or 0 for what the citizen would have been shown."""
    best = resolution.best
    if resolution.decision == "none" or best is None:
        return 0.0
    if resolution.decision == "clarify":
        return 0.5 if any(choice.service_id in right for choice in resolution.choices) else 0.0
    if best.service_id in right or best.id in right:
        return 1.0
    department = best.id.split("-")[1] if best.kind == "qa" else field_of(best.id)
    return 0.5 if department == field else 0.0


def accuracy(asked: Sequence[tuple[str, float]], seed: int = SEED) -> dict[str, Any]:
    """Score (field, points) pairs: up to ten drawn from each field, the fields' means averaged, of 35."""
    by_field: dict[str, list[float]] = defaultdict(list)
    for field, value in asked:
        by_field[field].append(value)
    draw = random.Random(seed)  # noqa: S311  # not for secrets
    drawn = {f: draw.sample(by_field[f], min(PER_FIELD, len(by_field[f]))) for f in sorted(by_field)}
    means = {field: sum(values) / len(values) for field, values in drawn.items()}
    mean = sum(means.values()) / len(means) if means else 0.0
    every = [value for values in drawn.values() for value in values]
    return {
        "points": round(FULL * mean, 1),
        "of": FULL,
        "fields": len(means),
        "questions": len(every),
        "exact": every.count(1.0),
        "related": every.count(0.5),
        "wrong": every.count(0.0),
        "lowest": sorted(means.items(), key=lambda pair: pair[1])[:5],
    }
