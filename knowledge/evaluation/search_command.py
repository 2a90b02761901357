"""``wenban eval search --corpus C.jsonl --queries Q.jsonl [--json]``."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer()
Corpus = Annotated[Path, typer.Option(exists=True, dir_okay=False, help='JSON lines: {"id", "question"?, "answer"}')]
Queries = Annotated[Path, typer.Option(exists=True, dir_okay=False, help='JSON lines: {"query", "relevant_id"}')]


@app.command()
def search(
    corpus: Corpus,
    queries: Queries,
    worst: Annotated[int, typer.Option(help="How many misses to list.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    save: Annotated[Path | None, typer.Option(help="Keep the report here, to compare later ones with.")] = None,
) -> None:
    """Is the right answer found, in any corpus, and better than by vectors or by BM25 alone?"""
    # Imported here: the encoder costs seconds, and `--help` should not.
    from knowledge.encoder import Encoder
    from knowledge.evaluation.corpus import BadCorpus, evaluate, read_corpus, read_queries
    from knowledge.vectors import VectorCache
    from nlu.lexicon import Lexicon
    from wenban import paths

    def say(line: str) -> None:
        typer.echo(line, err=True)

    try:
        documents, asked = read_corpus(corpus), read_queries(queries)
    except BadCorpus as error:
        say(str(error))
        raise typer.Exit(1) from None
    # The index lives in memory; only vectors are kept, apart from the product's, so that a second run is quick.
    cache = VectorCache(paths.home() / "cache" / "vectors-evaluation.npz")
    say(f"{len(documents)} answers, {len(asked)} queries; the first run encodes every piece, about 10 ms each")
    report = evaluate(documents, asked, Encoder(threads=os.cpu_count() or 1), cache, Lexicon.default(), worst, say)
    cache.save()
    if save is not None:
        save.write_text(json.dumps(report, ensure_ascii=False, indent=1), "utf-8")
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _print(report)


def _print(report: dict[str, Any]) -> None:
    typer.echo(f"{report['queries']} queries, {report['documents']} answers, p95 {report['p95_ms']} ms")
    for name in ("fused", "dense", "bm25"):
        numbers = "  ".join(f"{label} {value:.4f}" for label, value in report[name].items())
        typer.echo(f"  {name:<6} {numbers}")
    for miss in report["worst"]:
        at = ", ".join(f"{name} {rank or '-'}" for name, rank in miss["ranks"].items())
        typer.echo(f"  {miss['query']} → {', '.join(miss['expected'])} ({at}); first: {', '.join(miss['found'])}")
