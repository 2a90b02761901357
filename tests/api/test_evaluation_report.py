"""Check the report."""

from __future__ import annotations

from evaluation_replies import played, reply

from api.evaluation.report import lines, report
from api.evaluation.script import Script

A = "wjw-05"
FILLED = reply(service_id=A, slots={"name": "王秀兰", "date": "2026-11-23"}, awaiting="phone")
LESS = reply(service_id=A, slots={"name": "王秀兰"}, awaiting="date")


def test_what_a_program_cannot_judge_is_not_counted() -> None:
    script = Script(id="x", turns=[])
    result = report([(script, played((FILLED, {"must_not": ["invent", "argue", "fly"], "wish": 1})))])
    assert (result["checks"], result["for_a_human_eye"], result["share"]) == (0, 4, 1.0)


def test_report() -> None:
    expected = {"service_id": A, "slots": {"name": "王秀兰", "date": "<today>"}, "must_not": ["drop_slots", "submit"]}
    conversation = played((FILLED, {}), (LESS, expected), (None, expected))
    result = report([(Script(id="x1", title="题", turns=[]), conversation)])
    assert (result["checks"], result["passed"], result["without_reply"]) == (10, 3, 1)
    assert result["broken"] == {"drop_slots": 1}
    assert not result["never_broken"]
    assert result["by_kind"]["slots"] == {"passed": 1, "checks": 4}
    text = "\n".join(lines(result))
    assert "turn 2  slots.date: expected 2026-11-22, got None" in text
    assert "turn 3  service_id: expected a reply, got HTTP 500" in text
    assert "3 of 10 checks passed: 30.0%" in text
