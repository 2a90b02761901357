"""Check the table from probabilities to a decision."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.decision import Policy, decide
from wenban.turns import Candidate


def _candidates(kind: Any, *probabilities: float) -> list[Candidate]:
    return [
        Candidate(kind=kind, id=f"{kind}-{i}", title="", service_id=None, probability=p)
        for i, p in enumerate(probabilities)
    ]


@pytest.mark.parametrize(
    ("in_scope", "share", "services", "entries", "decision", "best", "choices"),
    [
        (0.3, 0.9, [0.9], [0.9], "none", None, 0),  # sure of both, but it is not our business
        (0.9, 0.5, [], [], "none", None, 0),
        (0.9, 0.0, [0.6, 0.3], [], "answer", "service-0", 0),  # sure
        (0.9, 0.0, [0.5, 0.2], [], "answer", "service-0", 0),  # not sure, but far ahead
        (0.9, 0.0, [0.4, 0.3], [], "clarify", "service-0", 2),
        (0.9, 0.0, [0.3, 0.28, 0.2, 0.15], [], "clarify", "service-0", 3),  # never more than three
        (0.9, 0.0, [0.3, 0.1], [], "answer", "service-0", 0),  # nothing to choose from
        (0.9, 0.0, [0.2, 0.1, 0.1], [], "none", None, 0),
        (0.9, 0.8, [0.9, 0.1], [0.6], "answer", "qa-0", 0),  # the entry answers better
        (0.9, 0.2, [0.9, 0.1], [0.6], "answer", "service-0", 0),
        (0.9, 1.0, [], [0.6], "answer", "qa-0", 0),
        (0.9, 1.0, [], [0.2], "none", None, 0),  # which entry is not clear
        (0.9, 0.8, [0.9, 0.1], [0.2], "answer", "service-0", 0),
    ],
)
def test_decide(
    in_scope: float,
    share: float,
    services: list[float],
    entries: list[float],
    decision: str,
    best: str | None,
    choices: int,
) -> None:
    given = _candidates("service", *services), _candidates("qa", *entries)
    made, top, options = decide(in_scope, share, *given, Policy())
    assert made == decision
    assert (top.id if top else None) == best
    assert len(options) == choices


def test_choices_are_the_best_ones_in_order() -> None:
    _, _, options = decide(0.9, 0.0, _candidates("service", 0.3, 0.28, 0.05), [], Policy())
    assert [option.probability for option in options] == [0.3, 0.28]


@pytest.mark.parametrize(
    ("share", "probability", "best"), [(0.55, 0.6, "service-0"), (0.65, 0.38, "service-0"), (0.65, 0.6, "qa-0")]
)
def test_an_entry_that_is_further_off_than_the_service_must_win_clearly(
    share: float, probability: float, best: str
) -> None:
    given = _candidates("service", 0.9, 0.1), _candidates("qa", probability)
    assert decide(0.9, share, *given, Policy())[1] == given[1][0]
    assert getattr(decide(0.9, share, *given, Policy(), entry_nearer=False)[1], "id", None) == best
