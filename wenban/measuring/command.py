"""``wenban eval all``."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from wenban import paths
from wenban.measuring import reports
from wenban.measuring.plan import Part, UnknownPart, chosen
from wenban.measuring.reports import Report

app = typer.Typer()
DATA = paths.ROOT.parent / "shared" / "data"


@app.command("all")
def everything(
    only: Annotated[
        list[str] | None, typer.Option(help="Run only this part, or those that begin so; repeatable.")
    ] = None,
    skip: Annotated[list[str] | None, typer.Option(help="Leave this part out; repeatable.")] = None,
    diet: Annotated[bool, typer.Option("--diet", help="Also Rasa's own pipeline, half an hour or more.")] = False,
    data: Annotated[Path, typer.Option(help="The folder of development data.", file_okay=False)] = DATA,
    compare: Annotated[
        Path | None, typer.Option(help="Earlier reports, a file or a folder; default: docs/evaluation.json as it was.")
    ] = None,
    write_only: Annotated[bool, typer.Option("--write-only", help="Run nothing, write the page anew.")] = False,
) -> None:
    """Run every evaluation, keep the reports under var/eval, and write docs/evaluation.md.

    A part that fails leaves the others alone and is named in the page; the exit code is then 1.
    """
    from wenban.measuring import document
    from wenban.measuring.metrics import compare as compared

    try:
        parts = [] if write_only else chosen(only or (), skip or (), diet)
    except UnknownPart as error:
        raise typer.BadParameter(str(error)) from None
    signal.signal(signal.SIGTERM, _stopped)  # as Ctrl-C: a training must not go on without us
    earlier = reports.read(compare or reports.LATEST)
    if compare is not None and not earlier:
        raise typer.BadParameter(f"{compare}: no reports")
    made, failed = _run(parts, data)
    # The bench writes its report beside ours; parts that were not run keep the number they had, even if the run that
    # made it was stopped before it came to writing.
    known = reports.newest(reports.read(reports.LATEST), reports.read(reports.folder()), _bench(), made)
    reports.write_latest(known)
    now = reports.read(reports.LATEST)
    changes = compared(earlier, now)
    document.write(now, failed, [change for change in changes if change.verdict != "same"])
    for change in changes:
        typer.echo(f"{change.metric.label:<48} {change.before:>9.3f} → {change.after:>9.3f}  {change.verdict}")
    for name, reason in failed.items():
        typer.echo(f"{name}: not measured: {reason}", err=True)
    typer.echo("docs/evaluation.md written")
    raise typer.Exit(1 if failed else 0)


def _stopped(*_: object) -> None:
    raise SystemExit(143)


def _run(parts: list[Part], data: Path) -> tuple[dict[str, Report], dict[str, str]]:
    from wenban.measuring.running import NotMeasured, measure, product

    made: dict[str, Report] = {}
    failed: dict[str, str] = {}
    with ExitStack() as stack:
        started = False
        # The product is started after what trains and indexes: it would slow them down.
        for part in sorted(parts, key=lambda part: part.product):
            typer.echo(f"{part.name} …", err=True)
            try:
                if part.product and not started:
                    typer.echo(f"  the product {stack.enter_context(product())}", err=True)
                    started = True
                report = measure(part, data)
            except NotMeasured as error:
                failed[part.name] = str(error)
                typer.echo(f"  not measured: {error}", err=True)
                continue
            reports.keep(report)
            made[part.name] = report
            typer.echo(f"  {report.seconds:.0f} s (processor {report.cpu_seconds:.0f} s)", err=True)
    return made, failed


def _bench() -> dict[str, Report]:
    return reports.read(paths.home() / "bench" / "bench.json")
