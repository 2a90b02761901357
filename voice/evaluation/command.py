"""``wenban eval speech``: the round trip, an engine a line."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer()


@app.command()
def speech(
    table: Annotated[Path, typer.Argument(exists=True, help="kind<TAB>sentence lines")],
    voice: Annotated[list[str] | None, typer.Option(help="neural, plain; both if not given")] = None,
    model: Annotated[list[str] | None, typer.Option(help="whisper-small, whisper-base; what is installed")] = None,
    limit: Annotated[int, typer.Option(help="only the first so many sentences")] = 0,
    keep: Annotated[Path | None, typer.Option(help="folder of sounds and results; a run goes on from there")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """Speak the sentences, hear them again: character error rate with and without the lexicon's correction."""
    from voice.evaluation import round_trip
    from voice.hearing import whisper
    from voice.settings import get_voice_settings
    from wenban import modelstore, paths

    rows = round_trip.rows(table)[: limit or None]
    folder = keep or paths.home() / "bench" / "round_trip"
    voices = [name for name in voice or round_trip.VOICES if round_trip.VOICES[name].available()]
    models = [name for name in model or whisper.MODELS if modelstore.table()[name].installed()]
    if not voices or not models:
        typer.echo("no voice or no recogniser is installed; `wenban models list` shows what there is", err=True)
        raise typer.Exit(1)
    found: list[dict[str, Any]] = []

    async def run() -> None:
        for name in voices:
            sounds = folder / name
            await round_trip.speak_all([sentence for _, sentence in rows], name, sounds, _progress(f"{name} speaks"))
            for each in models:
                os.environ["WENBAN_VOICE_WHISPER_MODEL"] = each
                get_voice_settings.cache_clear()
                trips = await round_trip.hear_all(
                    rows, name, sounds, whisper.SPEC, folder / f"{name}-{each}.jsonl", _progress(f"{each} hears {name}")
                )
                found.append({"voice": name, "recogniser": each, **round_trip.summary(trips)})
                if not as_json:
                    _show(found[-1])

    asyncio.run(run())
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))


def _progress(what: str) -> Any:
    def report(number: int) -> None:
        if number % 20 == 0:
            typer.echo(f"{what}: {number}", err=True)

    return report


def _show(line: dict[str, Any]) -> None:
    typer.echo(
        f"{line['voice']:<8}{line['recogniser']:<15}CER {line['cer']:.3f}, corrected {line['cer_corrected']:.3f}; "
        f"{line['exact']:.0%} of {line['sentences']} exact; wrong but certain {line['wrong_but_certain']}, "
        f"right but asked {line['right_but_uncertain']}; real-time factor {line['rtf_hear']:.2f}"
    )
