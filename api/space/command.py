"""``wenban webhook CONNECTOR``: the token for a department that calls ``POST /v1/webhooks/CONNECTOR``."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def token(connector: Annotated[str, typer.Argument(help="Name of the connector, e.g. cases.")]) -> None:
    """Print the token; it is derived from a secret in the data directory and stays the same."""
    from api.space.webhook import token_of

    typer.echo(token_of(connector))
