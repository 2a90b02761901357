"""Switch steps of the search off, one by one, to see what each adds.

A searcher with fewer steps goes through the product's own code; only what it is made of differs.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from knowledge.evaluation.services import Case, evaluate
from knowledge.evaluation.steps import Step
from knowledge.pool import FEATURES
from knowledge.ranker import Floats, Ranker, softmax
from knowledge.search import Searcher
from knowledge.snapshot import Calibration, Snapshot
from knowledge.units import Owner
from knowledge.vectors import VectorCache
from nlu.lexicon import Lexicon
from nlu.normalize import Normalized


class Uncalibrated(Ranker):
    """Ranks as ``ranker`` does; its shares are those of plain z-scores, which nothing was fitted to."""

    def __init__(self, ranker: Ranker) -> None:
        super().__init__(ranker.weights.tolist(), standardised=ranker.standardised)
        self._ranker = ranker

    def probabilities(self, features: Floats) -> Floats:
        if len(features) == 0:
            return np.zeros(0)
        scores = np.log(self._ranker.probabilities(features) + 1e-30)
        return softmax((scores - scores.mean()) / (scores.std() + 1e-6))


def as_typed(text: str, lexicon: Lexicon) -> Normalized:
    """Normalise nothing."""
    return Normalized(text, text, text, text)


def without_variants(owner: Owner) -> Owner:
    """Leave an owner its name, aliases and summary, an entry its question."""
    return replace(owner, units=tuple(unit for unit in owner.units if unit.role != "variant"))


def reduced(searcher: Searcher, without: Collection[Step], only: str = "dense") -> Searcher:
    """Return a searcher over the same catalogue without some steps; without fusion, the feature ``only`` ranks."""
    catalogue, snapshot = searcher.catalogue, searcher.catalogue.snapshot
    calibration = _calibration(snapshot.calibration, without, only)
    services, entries = snapshot.services.owners, snapshot.entries.owners
    if Step.VARIANTS in without:
        services, entries = list(map(without_variants, services)), list(map(without_variants, entries))
    # Pools with the same owners are taken over: only without variants anything is indexed anew.
    made = Snapshot(
        snapshot.version, services, entries, snapshot.encoder, _vectors(snapshot), snapshot.lexicon, calibration,
        before=snapshot,
    )  # fmt: skip
    normalise = as_typed if Step.NORMALISATION in without else searcher.normalise
    return Searcher(replace(catalogue, snapshot=made), searcher.policy, normalise)


def _vectors(snapshot: Snapshot) -> VectorCache:
    """Return a cache with the vectors that the snapshot has already."""
    cache = VectorCache(None)
    for pool in (snapshot.services, snapshot.entries):
        cache.put([unit.text for unit in pool.units], pool.vectors)
    return cache


def _calibration(fitted: Calibration, without: Collection[Step], only: str) -> Calibration:
    services, entries = fitted.services, fitted.entries
    if Step.FUSION in without:
        services = entries = Ranker([float(name == only) for name in FEATURES])
    elif Step.RANKING in without:
        services = entries = Ranker([1.0] * len(FEATURES), standardised=True)
    if Step.CALIBRATION in without:
        return replace(fitted, services=Uncalibrated(services), entries=Uncalibrated(entries), gate=None, router=None)
    return replace(fitted, services=services, entries=entries)


@dataclass(frozen=True)
class Rung:
    """One line of the table: what is switched off and, without fusion, what alone ranks."""

    label: str
    without: tuple[Step, ...]
    only: str = "dense"


N, V, F, R, C = Step
LADDER = (
    Rung("BM25 alone, names and aliases", (N, V, F, R, C), "owner_words"),
    Rung("BM25 alone, + variants", (N, F, R, C), "owner_words"),
    Rung("BM25 alone, + variants, + normalisation", (F, R, C), "owner_words"),
    Rung("dense alone, names and aliases", (N, V, F, R, C)),
    Rung("dense alone, + variants", (N, F, R, C)),
    Rung("dense alone, + variants, + normalisation", (F, R, C)),
    Rung("+ fusion of both and more, one vote each", (R, C)),
    Rung("+ fitted ranking", (C,)),
    Rung("+ calibration, gate, router: ours", ()),
    Rung("ours without normalisation", (N,)),
    Rung("ours without variants", (V,)),
)


def climb(
    searcher: Searcher, cases: Sequence[Case], strangers: Sequence[tuple[str, str]], rungs: Sequence[Rung] = LADDER
) -> list[dict[str, Any]]:
    """Return a row of scores for each rung; shares that mean nothing without a fitted step are None."""
    rows = []
    for rung in rungs:
        gated = Step.CALIBRATION not in rung.without
        there = reduced(searcher, rung.without, rung.only) if rung.without else searcher
        report = evaluate(there, cases, strangers if gated else ())
        ranked = not {Step.FUSION, Step.RANKING} & set(rung.without)
        rows.append(
            {
                "label": rung.label,
                "without": [str(step) for step in rung.without],
                **{name: report[name] for name in ("recall@1", "recall@5", "mrr")},
                "expected_calibration_error": report["expected_calibration_error"] if ranked else None,
                "in_scope_refused": report["in_scope_refused"] if gated else None,
                "out_of_scope_refused": report["out_of_scope"]["refused"] if gated and strangers else None,
            }
        )
    return rows
