"""Write ``docs/evaluation.md`` from the reports; the prose is in ``evaluation.md.j2``, every number from a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from wenban.measuring.metrics import METRICS, Change
from wenban.measuring.plan import CORPORA
from wenban.measuring.reports import Report
from wenban.paths import ROOT

TARGET = ROOT / "docs" / "evaluation.md"
WIDTH = 20  # characters of a full bar
MISSING = "not measured"


def number(value: float | None, digits: int = 3) -> str:
    return MISSING if value is None else f"{value:.{digits}f}"


def compact(value: float) -> str:
    """Return a number as a person writes it: 0.957, 44.4, 180."""
    return f"{value:.3f}" if abs(value) < 1 else f"{round(value, 1):g}"


def bar(share: float) -> str:
    """Return a bar of ``WIDTH`` characters.

    >>> bar(0.5)
    '██████████░░░░░░░░░░'
    """
    full = round(share * WIDTH)
    return "█" * full + "░" * (WIDTH - full)


def ours_and_rivals(reports: Mapping[str, Report]) -> list[dict[str, Any]]:
    """Return the rows of the one table: ours, BM25, dense alone, Rasa's JiebaTokenizer and DIET."""
    services = reports["services"].report if "services" in reports else {}
    steps = {row["label"]: row for row in services.get("steps", [])}
    bm25 = steps.get("BM25 alone, + variants, + normalisation", {})
    dense = steps.get("dense alone, + variants, + normalisation", {})
    rows = [
        {"what": f"services, {label}", "ours": services.get(key), "bm25": bm25.get(key), "dense": dense.get(key)}
        for label, key in (("recall@1", "recall@1"), ("recall@5", "recall@5"), ("MRR", "mrr"))
    ]
    for name in CORPORA:
        report = reports[f"search-{name}"].report if f"search-{name}" in reports else {}
        rows += [
            {
                "what": f"search {name}, {label}",
                **{side: report.get(key, {}).get(metric) for side, key in _SIDES},
            }
            for label, metric in (("recall@1", "recall@1"), ("MRR", "mrr"))
        ]
    for name, title in (("massive", "MASSIVE zh-CN"), ("smp2017", "SMP2017")):
        ours, diet = (reports[key].report if key in reports else {} for key in (f"nlu-{name}", f"nlu-{name}-diet"))
        rows += [
            {"what": f"{title}, {label}", "ours": ours.get(key), "diet": diet.get(key, MISSING)}
            for label, key in (("accuracy", "accuracy"), ("macro-F1", "macro_f1"))
        ]
    return rows


_SIDES = (("ours", "fused"), ("bm25", "bm25"), ("dense", "dense"))


def write(
    reports: Mapping[str, Report], failed: Mapping[str, str], changes: Sequence[Change] = (), target: Path = TARGET
) -> None:
    """Render the page; ``failed`` says of parts that gave no report this time why."""
    environment = Environment(  # noqa: S701  # Markdown, from our own numbers
        loader=FileSystemLoader(Path(__file__).parent), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(number=number, compact=compact, bar=bar, cell=_cell)
    context = {
        "today": date.today().isoformat(),
        "reports": reports,
        "failed": failed,
        "rows": ours_and_rivals(reports),
        "metrics": [(metric, metric.value(reports)) for metric in METRICS],
        "changes": changes,
        "corpora": CORPORA,
    }
    target.write_text(environment.get_template("evaluation.md.j2").render(context), "utf-8")


def _cell(value: Any) -> str:
    """Return a table cell: a number, a word, or nothing where nothing applies."""
    if value is None:
        return "–"
    text = f"{value:.3f}" if isinstance(value, float) else str(value)
    return text.replace("|", "\\|").replace("\n", " ")
