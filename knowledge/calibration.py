"""Fit the ranker and the gate: ``wenban calibrate`` writes ``calibration.json``.

Only content of our own is used: every variant is held out of the index once (five folds) and asked as a
question; questions of ``content/calibration.tsv``, written by people who did not write the variants, are asked of
the whole index. The development and test sets are never read here.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.encoder import Encoder
from knowledge.pool import FEATURES, Found
from knowledge.ranker import Ranker
from knowledge.routing import ROUTE_FEATURES, route_features
from knowledge.scope import GATE_FEATURES, Gate, gate_features, read_examples
from knowledge.snapshot import CALIBRATION, Calibration, Snapshot, _rank
from knowledge.units import Owner
from knowledge.vectors import VectorCache
from nlu.lexicon import Lexicon

FOLDS = 5
EVERY = 5  # of the held-out variants, every fifth is asked: enough for thirty weights
HELD_OUT = Path(__file__).parent / "content" / "calibration.tsv"
HELD_OUT_OUTSIDE = Path(__file__).parent / "content" / "calibration_out.tsv"
HELD_OUT_WEIGHT = 3


def folds(owners: Sequence[Owner], seed: int) -> Iterator[tuple[list[Owner], list[tuple[str, str]]]]:
    """Yield (owners without one fold of their variants, that fold as (text, owner id))."""
    draw = random.Random(seed)  # noqa: S311  # not for secrets
    fold = {unit: draw.randrange(FOLDS) for owner in owners for unit in owner.units if unit.role == "variant"}
    for k in range(FOLDS):
        kept = [replace(o, units=tuple(u for u in o.units if fold.get(u, -1) != k)) for o in owners]
        yield kept, [(unit.text, unit.owner) for unit, number in fold.items() if number == k]


def read_questions(path: Path = HELD_OUT) -> list[tuple[str, str, set[str]]]:
    """Return (question, service id, other right ids)."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return [(r["query"], r["service_id"], set(filter(None, (r.get("also_ok") or "").split(",")))) for r in rows]


def labelled(found: Found, owner_id: str) -> list[tuple[np.ndarray, int]]:
    """Return (features, position of the right owner), or nothing when the right owner is no candidate."""
    return [(found.features, i) for i, owner in enumerate(found.owners) if owner.id == owner_id][:1]


def calibrate(
    services: Sequence[Owner],
    entries: Sequence[Owner],
    encoder: Encoder,
    cache: VectorCache,
    lexicon: Lexicon,
    report: Callable[[str], None] = print,
    target: Path = CALIBRATION,
) -> dict[str, Any]:
    """Fit everything, write ``target``, and return what was written."""
    blank = Calibration(Ranker([1.0] * len(FEATURES)), Ranker([1.0] * len(FEATURES)), None)
    outside = read_examples()
    draw = random.Random(7)  # noqa: S311
    part = [draw.randrange(FOLDS) for _ in outside]
    service_rows: list[tuple[np.ndarray, int]] = []
    entry_rows: list[tuple[np.ndarray, int]] = []
    gate_material = []
    router_material = []
    for k, ((kept_s, asked_s), (kept_e, asked_e)) in enumerate(zip(folds(services, 1), folds(entries, 2), strict=True)):
        known = [example for example, number in zip(outside, part, strict=True) if number != k]
        snapshot = Snapshot(0, kept_s, kept_e, encoder, cache, lexicon, blank, outside=known)
        strangers = [text for (text, _), number in zip(outside, part, strict=True) if number == k]
        questions = [("service", text, owner) for text, owner in asked_s[::EVERY]]
        questions += [("qa", text, owner) for text, owner in asked_e[::EVERY]]
        questions += [("stranger", text, "") for text in strangers]
        for kind, text, owner in questions:
            query = snapshot.query(text)
            found_s, found_e = snapshot.services.candidates(query), snapshot.entries.candidates(query)
            gate_material.append((query, found_s, found_e, snapshot.outside, kind != "stranger"))
            if kind != "stranger":
                router_material.append((found_s, found_e, kind, owner))
                kept, found = (service_rows, found_s) if kind == "service" else (entry_rows, found_e)
                kept += labelled(found, owner)
        report(f"fold {k + 1}/{FOLDS}: {len(questions)} questions, {len(strangers)} of them out of scope")
    whole = Snapshot(0, services, entries, encoder, cache, lexicon, blank)
    held = read_questions()
    held_rows = [
        row for text, owner, _ in held for row in labelled(whole.services.candidates(whole.query(text)), owner)
    ]
    # The held-out questions set the temperature of the services: variants of one author are too alike or,
    # held out in fifths, too hard, to say how sure the ranking may be of a stranger's sentence.
    ranker_s = Ranker.fit(service_rows + held_rows * 3)
    ranker_e = Ranker.fit(entry_rows)
    ranker_s = _rescale(ranker_s, held_rows or service_rows)
    # Strangers to the index as well as the folds: whole sentences of other authors, asked of the whole index.
    strangers_out = read_examples(HELD_OUT_OUTSIDE) if HELD_OUT_OUTSIDE.exists() else []
    for text, inside in [(text, True) for text, _, _ in held] + [(text, False) for text, _ in strangers_out]:
        query = whole.query(text)
        gate_material += [
            (query, whole.services.candidates(query), whole.entries.candidates(query), whole.outside, inside)
        ] * HELD_OUT_WEIGHT
    rows = np.stack(
        [
            gate_features(query, found_s, _top(_rank(found_s, ranker_s).probabilities), found_e, examples)
            for query, found_s, found_e, examples, _ in gate_material
        ]
    )
    gate = Gate.fit(rows, np.array([inside for *_, inside in gate_material]))
    # The router learns from the folds which pool a question came from. An entry that belongs to the service
    # asked for is as right an answer as the service itself, so those questions teach it nothing.
    route_rows, route_labels = [], []
    for found_s, found_e, kind, owner in router_material:
        ranked_s, ranked_e = _rank(found_s, ranker_s), _rank(found_e, ranker_e)
        if not ranked_s.owners or not ranked_e.owners:
            continue
        if kind == "service" and ranked_e.owners[0].service_id == owner:
            continue
        route_rows.append(route_features(ranked_s, ranked_e))
        route_labels.append(kind == "qa")
    router = Gate.fit(np.stack(route_rows), np.array(route_labels))
    document = {
        "services": {"features": FEATURES, "weights": np.round(ranker_s.weights, 4).tolist()},
        "entries": {"features": FEATURES, "weights": np.round(ranker_e.weights, 4).tolist()},
        "gate": {
            "features": GATE_FEATURES,
            "mean": np.round(gate.mean, 5).tolist(),
            "scale": np.round(gate.scale, 5).tolist(),
            "weights": np.round(gate.weights, 4).tolist(),
            "bias": round(gate.bias, 4),
        },
        "router": {
            "features": ROUTE_FEATURES,
            "mean": np.round(router.mean, 5).tolist(),
            "scale": np.round(router.scale, 5).tolist(),
            "weights": np.round(router.weights, 4).tolist(),
            "bias": round(router.bias, 4),
        },
        "fitted_on": {
            "service_questions": len(service_rows),
            "entry_questions": len(entry_rows),
            "held_out_questions": len(held_rows),
            "out_of_scope": len(outside),
        },
    }
    target.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return document


def _top(probabilities: Sequence[float]) -> float:
    return probabilities[0] if len(probabilities) else 0.0


def _rescale(ranker: Ranker, rows: Sequence[tuple[np.ndarray, int]]) -> Ranker:
    """Return the ranker with the temperature that is most likely on ``rows``."""

    def likelihood(scale: float) -> float:
        scaled = Ranker((ranker.weights * scale).tolist())
        return float(sum(np.log(scaled.probabilities(features)[position] + 1e-12) for features, position in rows))

    best = max(np.linspace(0.5, 2.5, 41), key=likelihood)
    return Ranker((ranker.weights * best).tolist())
