"""Why this? Everything that led to a decision on a sentence, for staff."""

from __future__ import annotations

from knowledge.pool import FEATURES
from knowledge.ranked import Ranked
from knowledge.schemas import Explained, Explanation
from knowledge.search import Searcher

SHOWN = 5  # candidates a pool


def explain(searcher: Searcher, text: str, focus: str | None = None) -> Explanation:
    """Resolve ``text`` as chat does and say what it was decided from."""
    snapshot = searcher.catalogue.snapshot
    resolution = searcher.resolve(text, focus)
    normalized = searcher.normalise(text, snapshot.lexicon)
    services, entries, _ = snapshot.rank(snapshot.query(normalized.plain))
    policy = searcher.policy
    return Explanation(
        original=normalized.original,
        cleaned=normalized.cleaned,
        plain=normalized.plain,
        resolution=resolution,
        candidates=_rows(services, "service") + _rows(entries, "qa"),
        thresholds={name: value for name, value in vars(policy).items() if isinstance(value, float)},
        version=snapshot.version,
    )


def _rows(ranked: Ranked, kind: str) -> list[Explained]:
    rows = zip(ranked.owners, ranked.probabilities, ranked.features, ranked.matched, strict=True)
    return [
        Explained(
            kind=kind,
            id=owner.id,
            title=owner.title,
            matched=matched,
            probability=round(probability, 4),
            features={name: round(float(value), 4) for name, value in zip(FEATURES, row, strict=True)},
        )
        for owner, probability, row, matched in list(rows)[:SHOWN]
    ]
