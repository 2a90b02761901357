"""Reports on disk: the whole of each under ``var/eval``, and what the docs show of all in ``docs/evaluation.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from wenban import paths

LATEST = paths.ROOT / "docs" / "evaluation.json"
SHOWN_MISSES = 10


class Report(BaseModel):
    """A part as it was measured. ``load`` is the machine's load average before and after, ``cpu_seconds`` of all
    processes of the part that ended, None if nobody looked; ``report`` is what the command printed with ``--json``."""

    part: str
    command: str
    at: str
    commit: str
    seconds: float
    cpu_seconds: float | None
    load: list[float] = Field(default_factory=list)
    report: dict[str, Any]


def folder() -> Path:
    return paths.home() / "eval"


def keep(report: Report) -> None:
    """Write the whole report under ``var/eval``."""
    folder().mkdir(parents=True, exist_ok=True)
    path = folder() / f"{report.part}.json"
    temporary = path.with_suffix(".part")
    temporary.write_text(report.model_dump_json(indent=1), "utf-8")
    temporary.replace(path)


def read(path: Path) -> dict[str, Report]:
    """Read one file of many reports, one report, or a folder of them; what is not there is empty.

    Raises:
        ValueError: when a file is no report.
    """
    if path.is_dir():
        found: dict[str, Report] = {}
        for file in sorted(path.glob("*.json")):
            document = json.loads(file.read_text("utf-8"))
            if isinstance(document, dict) and {"part", "report"} <= document.keys():
                found[document["part"]] = Report.model_validate(document)
        return found
    if not path.exists():
        return {}
    document = json.loads(path.read_text("utf-8"))
    if "part" in document:
        return {document["part"]: Report.model_validate(document)}
    return {name: Report.model_validate(body) for name, body in document.items()}


def newest(*several: Mapping[str, Report]) -> dict[str, Report]:
    """Return the newest report of each part; of two of one minute the later named."""
    found: dict[str, Report] = {}
    for reports in several:
        for name, report in reports.items():
            at = datetime.fromisoformat(report.at)
            if name not in found or at >= datetime.fromisoformat(found[name].at):
                found[name] = report
    return found


def write_latest(reports: dict[str, Report], path: Path = LATEST) -> None:
    """Write what the docs need, so that a part that is not run again keeps its number and its date."""
    slim = {name: reports[name].model_copy(update={"report": shown(reports[name].report)}) for name in sorted(reports)}
    body = {name: report.model_dump() for name, report in slim.items()}
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", "utf-8")


def shown(report: dict[str, Any]) -> dict[str, Any]:
    """Return a report without what only fills pages: every turn of every dialogue, every intent's F1."""
    kept = {name: value for name, value in report.items() if name not in ("results", "f1_by_intent")}
    if "worst" in kept:
        kept["worst"] = kept["worst"][:SHOWN_MISSES]
    if "results" in report:
        kept["misses"] = [
            {"dialogue": row["id"], "turn": turn["turn"], **{k: check[k] for k in ("kind", "expected", "got")}}
            for row in report["results"]
            for turn in row["turns"]
            for check in turn["checks"]
            if check["passed"] is False
        ]
    return kept
