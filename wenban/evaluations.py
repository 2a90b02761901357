"""``wenban eval``: the group of ``plugins.EVALUATIONS``."""

from __future__ import annotations

import typer

from wenban.lazygroup import EvaluationGroup

app = typer.Typer(cls=EvaluationGroup, no_args_is_help=True)


@app.callback()
def evaluate() -> None:
    """Measure: services, search, nlu, speech, dialogues."""
