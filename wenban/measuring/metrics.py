"""The numbers that the product is held to, where each stands in which report, and comparison with an earlier one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wenban.measuring.reports import Report

UNCHANGED = 0.0005


@dataclass(frozen=True)
class Metric:
    """``path`` leads into the part's report; ``target`` is the least (most, if ``less`` is better) that will do."""

    part: str
    label: str
    path: tuple[str, ...]
    target: float | None = None
    less: bool = False

    def value(self, reports: Mapping[str, Report]) -> float | None:
        """Return the number, or None when it was not measured."""
        found: Any = reports[self.part].report if self.part in reports else None
        for key in self.path:
            found = found.get(key) if isinstance(found, dict) else None
        return float(found) if isinstance(found, int | float) else None

    def met(self, value: float | None) -> bool | None:
        if value is None or self.target is None:
            return None
        return value <= self.target if self.less else value >= self.target


def _services(label: str, *path: str, target: float | None = None, less: bool = False) -> Metric:
    return Metric("services", f"services: {label}", path, target, less)


METRICS = (
    _services("recall@1", "recall@1", target=0.90),
    _services("recall@5", "recall@5", target=0.97),
    _services("MRR", "mrr"),
    _services("expected calibration error", "expected_calibration_error", target=0.05, less=True),
    _services("out of scope, refused", "out_of_scope", "refused", target=0.92),
    _services("in scope, refused", "in_scope_refused", target=0.04, less=True),
    _services("rubric 问答准确度, of 35", "rubric", "points"),
    *(
        Metric(f"search-{name}", f"search {name}: {label}", ("fused", key))
        for name in ("taipei", "cmrc", "insurance")
        for label, key in (("recall@1", "recall@1"), ("MRR", "mrr"))
    ),
    Metric("nlu-acts", "our acts: accuracy", ("accuracy",)),
    Metric("nlu-massive", "MASSIVE zh-CN: accuracy", ("accuracy",), 0.86),
    Metric("nlu-massive", "MASSIVE zh-CN: macro-F1", ("macro_f1",)),
    Metric("nlu-massive", "MASSIVE zh-CN: training, s", ("train_seconds",), 180, less=True),
    Metric("nlu-massive", "MASSIVE zh-CN: a message, median ms", ("median_ms",), 15, less=True),
    Metric("nlu-smp2017", "SMP2017: accuracy", ("accuracy",), 0.92),
    Metric("nlu-smp2017", "SMP2017: macro-F1", ("macro_f1",)),
    Metric("dialogues", "dialogues: checks passed", ("share",), 0.90),
    Metric("dialogues-own", "dialogues of our own: checks passed", ("share",)),
    Metric("functions", "rubric 功能完整度, of 15", ("points",)),
    Metric("bench", "search p95 at 5,000 entries, ms", ("search", "5000", "p95_ms"), 25, less=True),
    Metric("bench", "search p95 at 100,000 entries, ms", ("search", "100000", "p95_ms"), 60, less=True),
    Metric("bench", "a full turn p95, 1 user, ms", ("turn", "p95_ms"), 250, less=True),
    Metric("bench", "from publishing to the answer, slowest, s", ("publish", "slowest_seconds"), 2, less=True),
)


@dataclass(frozen=True)
class Change:
    metric: Metric
    before: float
    after: float

    @property
    def verdict(self) -> str:
        """Return better, worse or same; time and load of a shared machine are not taken into account."""
        gain = (self.before - self.after) if self.metric.less else (self.after - self.before)
        return "same" if abs(gain) < UNCHANGED else "better" if gain > 0 else "worse"


def compare(before: Mapping[str, Report], after: Mapping[str, Report]) -> list[Change]:
    """Return each metric that both have."""
    pairs = [(metric, metric.value(before), metric.value(after)) for metric in METRICS]
    return [Change(metric, old, new) for metric, old, new in pairs if old is not None and new is not None]
