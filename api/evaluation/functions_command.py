"""``wenban eval functions``."""

from __future__ import annotations

import json
from typing import Annotated

import httpx
import typer

from api.evaluation.functions import evaluate
from wenban.settings import get_settings

app = typer.Typer(pretty_exceptions_enable=False)
TIMEOUT = 60.0


@app.command()
def functions(
    base_url: Annotated[str, typer.Option(help="The running system; by default the one of the settings.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Which functions of the public rubric does a running system have? The exit code is 2 if there is none."""
    url = base_url or f"http://127.0.0.1:{get_settings().port}"
    with httpx.Client(base_url=url, timeout=TIMEOUT, trust_env=not url.startswith("http://127.")) as http:
        try:
            http.get("/healthz").raise_for_status()
        except httpx.HTTPError as error:
            typer.echo(f"{url} does not answer: {error}", err=True)
            raise typer.Exit(2) from None
        report = evaluate(http)
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False, indent=1))
        return
    for row in report["checks"]:
        typer.echo(f"{row['points']:>4} / {row['worth']:<4} {row['item']}：{row['what']}  {row['problem']}")
    typer.echo(f"{report['points']} of {report['of']}")
