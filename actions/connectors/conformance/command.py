"""``wenban connector check URL [--sample FILE.yaml]``"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import httpx
import typer

from actions.connectors.conformance import licence_checks  # noqa: F401  (registers its rules)
from actions.connectors.conformance.checks import Finding, run
from actions.connectors.conformance.probe import SECONDS
from actions.connectors.conformance.sample import Sample, load

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)
MARKS = {True: "ok     ", False: "BROKEN ", None: "skipped"}


@app.callback()
def connector() -> None:
    """Departments that are connected over HTTP."""


@app.command()
def check(
    url: Annotated[str, typer.Argument(help="The connector's base address, e.g. http://127.0.0.1:9000")],
    sample: Annotated[
        Path | None, typer.Option(help="What may be tried on it; see docs/connectors.md.", exists=True, dir_okay=False)
    ] = None,
) -> None:
    """Try an implementation of the connector contract and print which rules it breaks.

    It submits what the sample says (and cancels it again where the sample says that this is possible): use a test
    system. The exit code is 0 if nothing is broken, 1 if something is, 2 if nothing could be tried.
    """
    try:
        trying = load(sample) if sample is not None else Sample()
    except ValueError as error:
        typer.echo(f"{sample}: {error}", err=True)
        raise typer.Exit(2) from None
    try:
        with httpx.Client(base_url=url.rstrip("/"), trust_env=False, timeout=SECONDS * 2) as http:
            findings = list(run(http, trying))
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        typer.echo(f"{url}: {error}", err=True)
        raise typer.Exit(2) from None
    for finding in findings:
        typer.echo(_line(finding))
    broken = sum(finding.ok is False for finding in findings)
    skipped = sum(finding.ok is None for finding in findings)
    typer.echo(f"{len(findings) - broken - skipped} kept, {broken} broken, {skipped} skipped")
    raise typer.Exit(1 if broken else 0)


def _line(finding: Finding) -> str:
    return f"{MARKS[finding.ok]}  {finding.rule}" + (f"\n         {finding.remark}" if finding.remark else "")
