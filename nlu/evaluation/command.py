"""``wenban eval nlu --train T.tsv --test S.tsv [--json]``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer()
Table = Annotated[Path, typer.Option(exists=True, dir_okay=False, help="TSV: utterance, intent")]
Examples = Annotated[Path, typer.Option(exists=True, help="TSV: utterance, intent; or a folder of Rasa's YAML")]
Config = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="Another Rasa pipeline to measure; default: ours.")
]


@app.command()
def nlu(
    train: Examples,
    test: Table,
    config: Config = None,
    pairs: Annotated[int, typer.Option(help="How many confused pairs of intents to list.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    save: Annotated[Path | None, typer.Option(help="Keep the report here, to compare later ones with.")] = None,
) -> None:
    """Is an utterance's intent recognised, after training our Rasa pipeline on examples?"""
    from nlu.evaluation.intents import BadExamples, read_examples, score
    from nlu.evaluation.rasa_run import OURS, RasaFailed, train_and_hear
    from wenban.settings import get_settings

    try:
        examples, asked = read_examples(train), read_examples(test)
        typer.echo(f"Training on {len(examples)} examples, then hearing {len(asked)}; a minute or two", err=True)
        run = train_and_hear(examples, asked, get_settings(), config or OURS)
    except (BadExamples, RasaFailed) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    report = {
        "examples": len(examples),
        "intents": len({one.intent for one in examples}),
        "train_seconds": round(run.train_seconds, 1),
        "train_cpu_seconds": round(run.train_cpu_seconds, 1),
        "load_seconds": round(run.load_seconds, 1),
        **score(asked, run.heard, pairs),
    }
    if save is not None:
        save.write_text(json.dumps(report, ensure_ascii=False, indent=1), "utf-8")
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _print(report)


def _print(report: dict[str, Any]) -> None:
    typer.echo(
        f"{report['messages']} messages, {report['intents']} intents: accuracy {report['accuracy']:.4f}  "
        f"macro-F1 {report['macro_f1']:.4f}  ECE {report['expected_calibration_error']:.3f}"
    )
    typer.echo(
        f"trained on {report['examples']} in {report['train_seconds']} s (processor {report['train_cpu_seconds']} s); "
        f"a message: median {report['median_ms']:.1f} ms, p95 {report['p95_ms']:.1f} ms "
        f"(processor {report['median_cpu_ms']:.1f} and {report['p95_cpu_ms']:.1f} ms)"
    )
    for pair in report["confused"]:
        typer.echo(f"  {pair['count']:>3}  {pair['intent']} → {pair['found']}: {pair['example']}")
