"""``wenban eval services FILE.tsv [--out-of-scope FILE.tsv] [--json]``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from knowledge.evaluation.steps import Step

app = typer.Typer()
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="TSV: query, service_id, style, also_ok")]
Strangers = Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="TSV: query, category")]


@app.command()
def services(
    file: File,
    out_of_scope: Strangers = None,
    without: Annotated[list[Step] | None, typer.Option(help="Switch a step off; may be repeated.")] = None,
    steps: Annotated[bool, typer.Option("--steps", help="Also measure what each step adds (a minute).")] = False,
    worst: Annotated[int, typer.Option(help="How many misses to list.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    save: Annotated[Path | None, typer.Option(help="Keep the report here, to compare later ones with.")] = None,
) -> None:
    """Does a citizen's sentence find the right service, and is what is not ours refused?"""
    # Imported here: the encoder costs seconds, and `--help` should not.
    from knowledge.evaluation.ablation import climb, reduced
    from knowledge.evaluation.services import evaluate, read_cases, read_strangers
    from knowledge.evaluation.setting_up import make_searcher

    strangers = read_strangers(out_of_scope) if out_of_scope else []
    searcher, cases = make_searcher(), read_cases(file)
    asked_of = reduced(searcher, without) if without else searcher
    report = evaluate(asked_of, cases, strangers, worst)
    if without:
        report["without"] = [str(step) for step in without]
    if steps:
        report["steps"] = climb(searcher, cases, strangers)
    if save is not None:
        save.write_text(json.dumps(report, ensure_ascii=False, indent=1), "utf-8")
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _print(report)


def _print(report: dict[str, Any]) -> None:
    typer.echo(
        f"{report['queries']} queries: recall@1 {report['recall@1']:.3f}  recall@5 {report['recall@5']:.3f}  "
        f"MRR {report['mrr']:.3f}  refused {report['in_scope_refused']:.3f}  asked back {report['clarified']:.3f}  "
        f"ECE {report['expected_calibration_error']:.3f}"
    )
    for style, scores in report["by_style"].items():
        typer.echo(f"  {style or '-':<12} recall@1 {scores['recall@1']:.3f}  recall@5 {scores['recall@5']:.3f}")
    if outside := report.get("out_of_scope"):
        typer.echo(f"{outside['queries']} out of scope: refused {outside['refused']:.3f}")
        for name, share in outside["by_category"].items():
            typer.echo(f"  {name:<20} {share:.3f}")
    for row in report.get("steps", []):
        typer.echo(f"  {row['label']:<44} recall@1 {row['recall@1']:.3f}  MRR {row['mrr']:.3f}")
    for miss in report["worst"]:
        found = ", ".join(f"{c['id']} {c['probability']:.2f}" for c in miss["candidates"])
        typer.echo(f"  {miss['query']} → {miss['expected']} at {miss['rank']} ({miss['decision']}): {found}")
