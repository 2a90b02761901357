"""A snapshot: everything searchable at one publication version, immutable, swapped as a whole."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.encoder import Encoder
from knowledge.pool import Found, Pool, Query, make_query
from knowledge.ranked import Ranked
from knowledge.ranker import Ranker
from knowledge.scope import OTHER_PLACES, Gate, OutsideModel, gate_features, read_examples
from knowledge.units import Owner
from knowledge.vectors import VectorCache
from knowledge.wordings import Wordings
from nlu.lexicon import Lexicon

CALIBRATION = Path(__file__).with_name("calibration.json")


@dataclass(frozen=True)
class Calibration:
    """Fitted numbers; written by ``wenban calibrate``."""

    services: Ranker
    entries: Ranker
    gate: Gate | None
    router: Gate | None = None

    @classmethod
    def load(cls, path: Path = CALIBRATION) -> Calibration:
        data = json.loads(path.read_text("utf-8"))
        gate, router = data["gate"], data["router"]
        return cls(
            Ranker(data["services"]["weights"]),
            Ranker(data["entries"]["weights"]),
            Gate(gate["mean"], gate["scale"], gate["weights"], gate["bias"]),
            Gate(router["mean"], router["scale"], router["weights"], router["bias"]),
        )


class Snapshot:
    """Pools of services and entries with the gate, built from owners."""

    def __init__(
        self,
        version: int,
        services: Sequence[Owner],
        entries: Sequence[Owner],
        encoder: Encoder,
        cache: VectorCache,
        lexicon: Lexicon,
        calibration: Calibration,
        outside: Sequence[tuple[str, str]] | None = None,
        before: Snapshot | None = None,
    ) -> None:
        self.version = version
        self.encoder, self.lexicon, self.calibration = encoder, lexicon, calibration
        # A pool whose owners are the same as before is kept: publishing one answer rebuilds one pool.
        self.services: Pool = _reused(before.services if before else None, services) or Pool(
            services, encoder, cache, lexicon
        )
        self.entries: Pool = _reused(before.entries if before else None, entries) or Pool(
            entries, encoder, cache, lexicon
        )
        self.wordings = Wordings(services, entries)
        if before is not None and self.services is before.services:
            # The gate needs to know what our business looks like, not every single entry.
            self.outside: OutsideModel = before.outside
            return
        inside = np.concatenate([pool.vectors for pool in (self.services, self.entries)])
        examples = read_examples() if outside is None else outside
        places = [line.strip() for line in OTHER_PLACES.read_text("utf-8").splitlines() if line[:1] not in ("#", "")]
        self.outside = OutsideModel(examples, inside, encoder, cache, places)

    def query(self, text: str) -> Query:
        return make_query(text, self.encoder, self.lexicon)

    def rank(self, query: Query) -> tuple[Ranked, Ranked, float]:
        """Return ranked services, ranked entries and the probability that the query is in scope."""
        services = self.services.candidates(query)
        entries = self.entries.candidates(query)
        ranked_services = _rank(services, self.calibration.services)
        ranked_entries = _rank(entries, self.calibration.entries)
        if self.calibration.gate is None:
            return ranked_services, ranked_entries, 1.0
        top = ranked_services.probabilities[0] if ranked_services.probabilities else 0.0
        in_scope = self.calibration.gate.probability(gate_features(query, services, top, entries, self.outside))
        return ranked_services, ranked_entries, in_scope


def _reused(pool: Pool | None, owners: Sequence[Owner]) -> Pool | None:
    return pool if pool is not None and pool.owners == list(owners) else None


def _rank(found: Found, ranker: Ranker) -> Ranked:
    probabilities = ranker.probabilities(found.features)
    order = np.argsort(-probabilities)
    return Ranked(
        [found.owners[i] for i in order],
        [float(probabilities[i]) for i in order],
        found.features[order],
        [found.matched[i] for i in order],
    )
