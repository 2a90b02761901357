"""Score recognised intents against the right ones."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

BINS = 10


class BadExamples(ValueError):
    """The file is not a table of utterances and intents; the message says what is wrong with it."""


@dataclass(frozen=True)
class Example:
    text: str
    intent: str


@dataclass(frozen=True)
class Heard:
    """What the pipeline made of one utterance, and how long it took: on the clock, and of the processor alone."""

    intent: str
    confidence: float
    seconds: float
    cpu_seconds: float


def read_examples(path: Path) -> list[Example]:
    """Read a TSV with the columns utterance and intent (or act), or a folder of Rasa's YAML examples.

    Other columns are ignored, quotes are text.

    Raises:
        BadExamples: if a column is missing, a row has an empty one, or there is no row.
    """
    if path.is_dir():
        return _rasa_examples(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    if not rows:
        raise BadExamples(f"{path}: no examples")
    label = "act" if "act" in rows[0] and "intent" not in rows[0] else "intent"
    if missing := {"utterance", label} - set(rows[0]):
        raise BadExamples(f"{path}: the column {' and '.join(sorted(missing))} is missing")
    examples = []
    for number, row in enumerate(rows, 2):
        text, intent = (row["utterance"] or "").strip(), (row[label] or "").strip()
        if not text or not intent:
            raise BadExamples(f"{path}, line {number}: the utterance or the intent is empty")
        examples.append(Example(text, intent))
    return examples


def _rasa_examples(folder: Path) -> list[Example]:
    examples = [
        Example(line.removeprefix("- ").strip(), block["intent"])
        for file in sorted(folder.glob("*.yml"))
        for block in (yaml.safe_load(file.read_text("utf-8")) or {}).get("nlu") or []
        if "intent" in block
        for line in block["examples"].splitlines()
        if line.strip()
    ]
    if not examples:
        raise BadExamples(f"{folder}: no examples")
    return examples


def f1_by_intent(truth: Sequence[str], found: Sequence[str]) -> dict[str, float]:
    """Return the F1 of every intent that is right or found somewhere.

    >>> f1_by_intent(["a", "a", "b"], ["a", "b", "b"])["a"]
    0.6666666666666666
    """
    right = Counter(one for one, other in zip(truth, found, strict=True) if one == other)
    total = Counter(truth) + Counter(found)  # 2 tp + fp + fn
    return {intent: 2 * right[intent] / total[intent] for intent in sorted(total)}


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Return the expected calibration error over ten equal bins."""
    gaps: dict[int, float] = defaultdict(float)
    for confidence, hit in zip(confidences, right, strict=True):
        gaps[min(int(confidence * BINS), BINS - 1)] += confidence - hit
    return sum(map(abs, gaps.values())) / max(len(confidences), 1)


def score(examples: Sequence[Example], heard: Sequence[Heard], pairs: int = 10) -> dict[str, Any]:
    """Return the report; `confused` are the commonest (right, found) pairs with one utterance each."""
    truth, found = [one.intent for one in examples], [one.intent for one in heard]
    right = [one == other for one, other in zip(truth, found, strict=True)]
    f1 = f1_by_intent(truth, found)
    clock = np.array([one.seconds for one in heard]) * 1000
    cpu = np.array([one.cpu_seconds for one in heard]) * 1000
    confused = Counter((t, f) for t, f in zip(truth, found, strict=True) if t != f)
    sample = {(e.intent, h.intent): e.text for e, h in zip(examples, heard, strict=True)}
    return {
        "messages": len(examples),
        "accuracy": sum(right) / len(right),
        "macro_f1": sum(f1.values()) / len(f1),
        "expected_calibration_error": calibration_error([one.confidence for one in heard], right),
        "median_ms": float(np.median(clock)),
        "p95_ms": float(np.percentile(clock, 95)),
        "median_cpu_ms": float(np.median(cpu)),
        "p95_cpu_ms": float(np.percentile(cpu, 95)),
        "confused": [
            {"intent": pair[0], "found": pair[1], "count": count, "example": sample[pair]}
            for pair, count in confused.most_common(pairs)
        ],
        "f1_by_intent": f1,
    }
