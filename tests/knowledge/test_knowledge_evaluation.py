"""Check the evaluators on resolutions made by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from knowledge.evaluation.services import Case, calibration_error, evaluate, rank_of, read_cases, read_strangers
from knowledge.schemas import Resolution
from wenban.turns import Candidate


def _resolution(decision: Any, *services: tuple[str, float]) -> Resolution:
    candidates = [
        Candidate(kind="service", id=name, title=name, service_id=name, probability=p) for name, p in services
    ]
    return Resolution(
        text="", normalized="", decision=decision, in_scope=0.9, services=candidates, best=(candidates or [None])[0]
    )


class Answers:
    """Stands in for the searcher."""

    def __init__(self, **resolutions: Resolution) -> None:
        self.resolutions = resolutions

    def resolve(self, text: str) -> Resolution:
        return self.resolutions[text]


ANSWERS: Any = Answers(
    first=_resolution("answer", ("a-01", 0.9), ("b-01", 0.1)),
    second=_resolution("clarify", ("b-01", 0.5), ("a-01", 0.4)),
    other=_resolution("answer", ("a-02", 0.8), ("a-01", 0.1)),
    missing=_resolution("none", ("c-01", 0.3)),
    joke=_resolution("none"),
    riddle=_resolution("answer", ("a-01", 0.9)),
)
CASES = [
    Case("first", "a-01", "plain", frozenset({"a-01"})),
    Case("second", "a-01", "plain", frozenset({"a-01"})),
    Case("other", "a-01", "elder", frozenset({"a-01", "a-02"})),
    Case("missing", "b-01", "elder", frozenset({"b-01"})),
]


def test_metrics() -> None:
    report = evaluate(ANSWERS, CASES, [("joke", "chat"), ("riddle", "chat")])
    assert report["queries"] == 4
    assert report["recall@1"] == 0.5
    assert report["recall@5"] == 0.75
    assert report["mrr"] == pytest.approx((1 + 0.5 + 1) / 4, abs=1e-4)
    assert report["in_scope_refused"] == 0.25
    assert report["clarified"] == 0.25
    assert report["by_style"]["plain"]["recall@1"] == 0.5
    assert report["by_style"]["elder"]["recall@5"] == 0.5
    assert report["by_department"]["a"]["recall@1"] == pytest.approx(2 / 3, abs=1e-4)
    assert report["out_of_scope"]["refused"] == 0.5
    assert [let["query"] for let in report["out_of_scope"]["let_through"]] == ["riddle"]


def test_the_worst_misses_come_first_with_their_candidates() -> None:
    worst = evaluate(ANSWERS, CASES)["worst"]
    assert [miss["query"] for miss in worst] == ["missing", "second"]
    assert worst[0]["candidates"][0]["id"] == "c-01"
    assert len(evaluate(ANSWERS, CASES, worst=1)["worst"]) == 1


def test_nothing_to_evaluate() -> None:
    assert evaluate(ANSWERS, [])["recall@1"] == 0


def test_rank() -> None:
    assert rank_of(_resolution("answer", ("a", 0.5), ("b", 0.4)), frozenset({"b"})) == 2
    assert rank_of(_resolution("none"), frozenset({"b"})) is None


@pytest.mark.parametrize(
    ("pairs", "error"),
    [
        ([(0.95, True)] * 19 + [(0.95, False)], 0.0),
        ([(0.9, False)] * 10, 0.9),
        ([(0.75, True), (0.75, True), (0.25, False), (0.25, False)], 0.25),
        ([(1.0, True)], 0.0),
    ],
)
def test_calibration_error(pairs: list[tuple[float, bool]], error: float) -> None:
    measured, bins = calibration_error(pairs)
    assert measured == pytest.approx(error, abs=1e-9)
    assert sum(one["count"] for one in bins) == len(pairs)


def test_reads_files(tmp_path: Path) -> None:
    cases = tmp_path / "cases.tsv"
    cases.write_text("query\tservice_id\talso_ok\n交水费\tswj-01\tswj-02, swj-03\n", "utf-8")
    assert read_cases(cases) == [Case("交水费", "swj-01", "", frozenset({"swj-01", "swj-02", "swj-03"}))]
    strangers = tmp_path / "strangers.tsv"
    strangers.write_text("query\tcategory\n讲个笑话\tchat\n", "utf-8")
    assert read_strangers(strangers) == [("讲个笑话", "chat")]
