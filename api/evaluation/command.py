"""``wenban eval dialogues FILE.jsonl …``"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import httpx
import typer

from api.evaluation.dialogues import Player, Unreachable, reset_sandbox
from api.evaluation.report import lines, report
from api.evaluation.script import BadScript, Script, load
from wenban.settings import get_settings

app = typer.Typer(pretty_exceptions_enable=False)
TIMEOUT = 60.0


@app.command()
def dialogues(
    files: Annotated[list[Path], typer.Argument(help="Files of dialogues, or folders of them.", exists=True)],
    base_url: Annotated[str, typer.Option(help="The running system; by default the one of the settings.")] = "",
    reset: Annotated[
        bool, typer.Option(help="Have the local sandbox forget earlier bookings and payments, where it allows that.")
    ] = True,
    patience: Annotated[float, typer.Option(help="Seconds in all to wait for a system that restarts.")] = 180.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Play dialogues against a running system and check every turn.

    The exit code is 0 whatever the share is, and 2 if there is no system.
    """
    settings = get_settings()
    try:
        scripts = _scripts(files)
    except BadScript as error:
        raise typer.BadParameter(str(error)) from None
    note = "left as it is"
    if reset and not base_url:
        with httpx.Client(base_url=settings.sandbox, timeout=TIMEOUT, trust_env=False) as sandbox:
            note = reset_sandbox(sandbox)
    url = base_url or f"http://127.0.0.1:{settings.port}"
    with httpx.Client(base_url=url, timeout=TIMEOUT, trust_env=not url.startswith("http://127.")) as http:
        player = Player(http, patience)
        try:
            player.check()
        except Unreachable as error:
            typer.echo(error, err=True)
            raise typer.Exit(2) from None
        result = report([(script, player.play(script)) for script in scripts])
    result["sandbox"] = note
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False, indent=1))
        return
    typer.echo(f"{url}; sandbox {note}")
    for line in lines(result):
        typer.echo(line)


def _scripts(paths: list[Path]) -> list[Script]:
    """Read files and folders of ``*.jsonl``, in order of name."""
    files = [file for path in paths for file in (sorted(path.glob("*.jsonl")) if path.is_dir() else [path])]
    return [script for file in files for script in load(file, date.today())]
