"""``wenban eval all``: parts are run as commands, reports kept, the page written whatever failed."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from wenban import plugins
from wenban.measuring import command, document, reports, running
from wenban.measuring.metrics import METRICS, Metric, compare
from wenban.measuring.plan import PARTS, Part, UnknownPart, chosen
from wenban.measuring.reports import Report

SCORES = {"recall@1": 0.6, "recall@5": 0.8, "recall@10": 0.9, "mrr": 0.7}
SEARCH = {"documents": 2, "pieces": 2, "queries": 2, "fused": SCORES, "dense": SCORES, "bm25": SCORES, "p95_ms": 5.0,
          "worst": [{"query": str(n)} for n in range(30)]}  # fmt: skip
NLU = {"examples": 10, "messages": 5, "intents": 2, "accuracy": 0.87, "macro_f1": 0.8, "train_seconds": 44.4,
       "train_cpu_seconds": 47.0, "median_ms": 6.0, "p95_ms": 8.0, "median_cpu_ms": 6.0, "p95_cpu_ms": 8.0,
       "expected_calibration_error": 0.01, "f1_by_intent": {"a": 1.0}}  # fmt: skip
CHECK = {"kind": "intent", "passed": False, "expected": "ask", "got": "start"}
TALK = {"share": 0.95, "passed": 19, "checks": 20, "perfect": 1, "dialogues": 2, "broken": {}, "sandbox": "reset",
        "results": [{"id": "D01", "turns": [{"turn": 3, "checks": [CHECK, CHECK | {"passed": True}]}]}]}  # fmt: skip


def services(recall: float = 0.95) -> dict[str, Any]:
    row = {"queries": 2, "recall@1": recall, "recall@5": 1.0, "mrr": 0.97}
    miss = {"query": "交|水费", "normalized": "交水费", "expected": "swj-01", "rank": 2, "decision": "answer",
            "in_scope": 0.9, "candidates": [{"id": "swj-02", "title": "水费查询", "probability": 0.6}],
            "why": [{"matched": "查水费", "dense": 0.9, "lexical": 0.5}]}  # fmt: skip
    step = {"label": "+ fusion of both and more, one vote each", **row, "expected_calibration_error": None,
            "in_scope_refused": None, "out_of_scope_refused": None}  # fmt: skip
    return {
        **row, "expected_calibration_error": 0.03, "in_scope_refused": 0.01, "clarified": 0.02,
        "reliability": [{"confidence": 0.95, "accuracy": 0.9, "count": 2}], "by_style": {"plain": row},
        "by_department": {"swj": row}, "out_of_scope": {"refused": 0.93, "by_category": {"chat": 1.0}},
        "steps": [step, {**step, "label": "BM25 alone, + variants, + normalisation", "recall@1": 0.7}],
        "worst": [miss], "rubric": {"points": 33.1, "of": 35, "questions": 2, "fields": 1, "exact": 1, "related": 1,
                                    "wrong": 0, "lowest": [["swj", 0.75]]},
    }  # fmt: skip


def report(part: str, body: dict[str, Any]) -> Report:
    return Report(part=part, command=f"wenban eval {part}", at="2026-11-22T08:00+00:00", commit="abc", seconds=1.5,
                  cpu_seconds=1.2, load=[0.1, 0.2], report=body)  # fmt: skip


def every() -> dict[str, Report]:
    bodies = {"services": services(), "dialogues": TALK, "dialogues-own": TALK}
    bodies |= {part.name: SEARCH for part in PARTS if part.name.startswith("search")}
    bodies |= {part.name: NLU for part in PARTS if part.name.startswith("nlu")}
    return {name: report(name, body) for name, body in bodies.items()}


@pytest.mark.parametrize(
    ("only", "skip", "slow", "names"),
    [
        (["search"], [], False, ["search-taipei", "search-cmrc", "search-insurance"]),
        (["nlu-smp2017"], [], False, ["nlu-smp2017"]),
        (["nlu"], [], True, ["nlu-acts", "nlu-massive", "nlu-smp2017", "nlu-smp2017-diet"]),
        (["nlu-smp2017-diet"], [], False, ["nlu-smp2017-diet"]),
        (["services", "nlu"], ["nlu-massive"], False, ["services", "nlu-acts", "nlu-smp2017"]),
        (["dialogues"], [], False, ["dialogues"]),
        ([], ["search", "nlu", "dialogues", "dialogues-own", "functions"], False, ["services"]),
    ],
)
def test_parts_are_chosen(only: list[str], skip: list[str], slow: bool, names: list[str]) -> None:
    assert [part.name for part in chosen(only, skip, slow)] == names


def test_each_part_is_a_command_that_there_is() -> None:
    assert {part.arguments[0] for part in PARTS} <= plugins.EVALUATIONS.keys()
    assert len({part.name for part in PARTS}) == len(PARTS)
    assert {metric.part for metric in METRICS} - {"bench"} <= {part.name for part in PARTS}


def test_what_there_is_no_part_of() -> None:
    with pytest.raises(UnknownPart, match="services"):
        chosen(["everything"])
    assert "nlu-smp2017-diet" not in [part.name for part in chosen()]


def python(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str) -> None:
    """Have ``python -m wenban`` run ``code`` instead."""
    script = tmp_path / "stand_in.sh"
    script.write_text(f"#!/bin/sh\nexec {sys.executable} -c '{code}'\n")
    script.chmod(0o755)
    monkeypatch.setattr(running.sys, "executable", str(script))


def test_a_part_is_measured_as_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python(monkeypatch, tmp_path, "import json, time; time.sleep(0.2); print(json.dumps(dict(accuracy=0.5)))")
    (tmp_path / "a.tsv").touch()
    made = running.measure(Part("x", ("nlu", "--train", "{a.tsv}")), tmp_path)
    assert made.report == {"accuracy": 0.5}
    assert made.command == "wenban eval nlu --train a.tsv --json"
    assert str(tmp_path) not in made.model_dump_json()
    assert made.seconds >= 0.2


@pytest.mark.parametrize(
    ("code", "limit", "reason"),
    [
        ('import sys; print(1); sys.exit("no such thing")', 60, "no such thing"),
        ('print("words")', 60, "no report"),
        ("import time; time.sleep(60)", 1, "not finished after 1 s"),
    ],
)
def test_a_part_that_fails_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, limit: int, reason: str
) -> None:
    python(monkeypatch, tmp_path, code)
    with pytest.raises(running.NotMeasured, match=reason):
        running.measure(Part("x", ("nlu",), limit=limit), tmp_path)


def test_whoever_stops_it_stops_the_part_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pid_file = tmp_path / "pid"
    code = f'import os, time; open("{pid_file}", "w").write(str(os.getpid())); time.sleep(60)'
    python(monkeypatch, tmp_path, code)
    before = signal.signal(signal.SIGTERM, command._stopped)

    def stop() -> None:
        while not pid_file.exists() or not pid_file.read_text():
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=stop, daemon=True).start()
    try:
        with pytest.raises(SystemExit):
            running.measure(Part("x", ("nlu",)), tmp_path)
    finally:
        signal.signal(signal.SIGTERM, before)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid_file.read_text()), 0)


def test_data_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(running.NotMeasured, match=r"queries\.tsv"):
        running.measure(Part("x", ("services", "{queries.tsv}")), tmp_path)


def test_reports_are_kept_whole_and_shown_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENBAN_HOME", str(tmp_path))
    reports.keep(report("dialogues", TALK))
    reports.keep(report("search-taipei", SEARCH))
    found = reports.read(reports.folder())
    assert set(found) == {"dialogues", "search-taipei"}
    assert found["dialogues"].report == TALK
    latest = tmp_path / "latest.json"
    reports.write_latest({**found, "nlu-massive": report("nlu-massive", NLU)}, latest)
    short = reports.read(latest)
    assert short["dialogues"].report["misses"] == [
        {"dialogue": "D01", "turn": 3, "kind": "intent", "expected": "ask", "got": "start"}
    ]
    assert "results" not in short["dialogues"].report
    assert len(short["search-taipei"].report["worst"]) == 10
    assert "f1_by_intent" not in short["nlu-massive"].report
    assert reports.read(tmp_path / "nothing.json") == {}


def test_the_newest_report_of_each_part_counts() -> None:
    old, new = report("services", services(0.9)), report("services", services(0.95))
    old.at = "2026-11-22T07:59+00:00"
    assert reports.newest({"services": new}, {"services": old})["services"] is new
    assert reports.newest({"services": old}, {"services": new, "dialogues": report("dialogues", TALK)}).keys() == {
        "services", "dialogues"
    }  # fmt: skip


def test_comparison() -> None:
    before = {"services": report("services", services(0.95)), "nlu-massive": report("nlu-massive", NLU)}
    slower = NLU | {"train_seconds": 60.0}
    after = {"services": report("services", services(0.97)), "nlu-massive": report("nlu-massive", slower)}
    verdicts = {change.metric.label: change.verdict for change in compare(before, after)}
    assert verdicts["services: recall@1"] == "better"
    assert verdicts["services: recall@5"] == "same"
    assert verdicts["MASSIVE zh-CN: training, s"] == "worse"
    assert not any(label.startswith("search") for label in verdicts), "what one of them lacks is not compared"


def test_targets() -> None:
    at_most = Metric("x", "x", ("a",), 25, less=True)
    assert (at_most.met(25), at_most.met(26), at_most.met(None)) == (True, False, None)
    assert Metric("x", "x", ("a",)).met(1) is None
    assert len({metric.label for metric in METRICS}) == len(METRICS)


def page(tmp_path: Path, found: dict[str, Report], failed: dict[str, str]) -> str:
    latest, target = tmp_path / "latest.json", tmp_path / "evaluation.md"
    reports.write_latest(found, latest)
    document.write(reports.read(latest), failed, target=target)
    return target.read_text("utf-8")


def test_the_page_has_every_number(tmp_path: Path) -> None:
    text = page(tmp_path, every(), {})
    assert "| services, recall@1 | **0.950** | 0.700 | not measured | – |" in text
    assert "| SMP2017, accuracy | **0.870** | – | – | 0.870 |" in text
    assert "| MASSIVE zh-CN, accuracy | **0.870** | – | – | not measured |" in text
    assert "95.0 % of the checks (19 of 20)" in text
    assert "交\\|水费" in text, "a bar in a question must not break the table"
    assert "33.1 of 35" in text
    assert "| SMP2017: accuracy | ≥ 0.920 | 0.870 | **no** |" in text
    assert "| MASSIVE zh-CN: training, s | ≤ 180 | 44.4 | yes |" in text
    assert "| a full turn p95, 1 user, ms | ≤ 250 | not measured | – |" in text


@pytest.mark.parametrize("gone", ["services", "search-taipei", "nlu-massive", "nlu-smp2017-diet", "dialogues", "all"])
def test_the_page_is_written_without_any_part(tmp_path: Path, gone: str) -> None:
    found = {} if gone == "all" else {name: one for name, one in every().items() if name != gone}
    text = page(tmp_path, found, {gone: "it broke"})
    assert f"`{gone}` (it broke)" in text
    assert "not measured" in text


def test_an_older_number_is_called_old(tmp_path: Path) -> None:
    assert "the number below is older" in page(tmp_path, every(), {"services": "it broke"})


def test_the_command_writes_the_page_when_a_part_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENBAN_HOME", str(tmp_path))
    monkeypatch.setattr(reports, "LATEST", tmp_path / "latest.json")
    written = tmp_path / "evaluation.md"
    write = document.write
    monkeypatch.setattr(document, "write", lambda *given: write(*given, target=written))
    monkeypatch.setattr(reports, "read", lambda path=None, read=reports.read: read(path))
    monkeypatch.setattr(
        reports, "write_latest", lambda found, write=reports.write_latest: write(found, tmp_path / "latest.json")
    )

    def measure(part: Part, data: Path) -> Report:
        if part.name == "nlu-massive":
            raise running.NotMeasured("no Rasa")
        return report(part.name, NLU)

    monkeypatch.setattr(running, "measure", measure)
    result = CliRunner().invoke(command.app, ["--only", "nlu", "--data", str(tmp_path)])
    assert result.exit_code == 1
    assert "`nlu-massive` (no Rasa)" in written.read_text("utf-8")
    assert set(json.loads((tmp_path / "latest.json").read_text("utf-8"))) == {"nlu-acts", "nlu-smp2017"}
    assert set(reports.read(tmp_path / "eval")) == {"nlu-acts", "nlu-smp2017"}
    assert CliRunner().invoke(command.app, ["--only", "nothing"]).exit_code == 2
