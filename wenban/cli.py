"""The ``wenban`` command. Heavy imports happen inside the commands that need them: ``wenban down`` is instant."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from wenban.lazygroup import PluginGroup

app = typer.Typer(
    cls=PluginGroup, help="问办 Wenban: set up, start, stop and look after the assistant.", no_args_is_help=True,
    pretty_exceptions_enable=False,
)  # fmt: skip
db = typer.Typer(help="The database's tables.", no_args_is_help=True)
models = typer.Typer(help="The model store.", no_args_is_help=True)
app.add_typer(db, name="db")
app.add_typer(models, name="models")


@app.command()
def up(
    detach: Annotated[bool, typer.Option("--detach", "-d", help="Return when everything is ready.")] = False,
    port: Annotated[int | None, typer.Option(help="Port of the web page and the citizen API.")] = None,
    step: Annotated[str, typer.Option(hidden=True)] = "",
) -> None:
    """Start every process, watch them, and restart what crashes."""
    from wenban import running
    from wenban.settings import get_settings

    if port is not None:
        os.environ["WENBAN_PORT"] = str(port)
        get_settings.cache_clear()
    if step:
        print(f"[{step}] Starting", flush=True)
    raise typer.Exit(running.up(get_settings(), detach))


@app.command(hidden=True)
def supervise() -> None:
    """Be the supervisor of ``up --detach``."""
    from wenban import running
    from wenban.settings import get_settings

    raise typer.Exit(running.foreground(get_settings(), greet=False))


@app.command()
def down() -> None:
    """Stop every process."""
    from wenban import running

    raise typer.Exit(running.down())


@app.command()
def status() -> None:
    """Say what runs, where, and how often it had to be restarted."""
    from wenban import running

    raise typer.Exit(running.status())


@app.command()
def setup(
    first: Annotated[int, typer.Option(hidden=True)] = 0, total: Annotated[int, typer.Option(hidden=True)] = 0
) -> None:
    """Fetch models, migrate and fill the database, train the dialogue model: whatever is not done yet."""
    from wenban import setup as work
    from wenban.modelstore import ModelUnavailable
    from wenban.progress import Steps
    from wenban.training import TrainingFailed

    try:
        remarks = work.run(Steps(total or work.STEPS, first))
    except (ModelUnavailable, TrainingFailed) as error:
        typer.echo(f"\n{error}", err=True)
        raise typer.Exit(1) from None
    for remark in remarks:
        typer.echo(remark)


@app.command()
def seed() -> None:
    """Bring the database up to date with the content files; what staff have changed is left alone."""
    from wenban import setup as work
    from wenban.progress import Steps

    remarks: list[str] = []
    complete = work.load_content(Steps(1), remarks)
    for remark in remarks:
        typer.echo(remark)
    raise typer.Exit(0 if complete else 1)


@app.command()
def reindex() -> None:
    """Compute every vector anew and have the running search take the new index."""
    from wenban import reindexing

    typer.echo(reindexing.run())


@app.command()
def train() -> None:
    """Train the dialogue model if something that it depends on has changed."""
    from wenban import setup as work
    from wenban.progress import Steps
    from wenban.training import TrainingFailed

    try:
        work.train(Steps(1))
    except TrainingFailed as error:
        typer.echo(f"\n{error}", err=True)
        raise typer.Exit(1) from None


@app.command()
def tidy() -> None:
    """Delete what has been kept for its time (WENBAN_KEEP_*); the running system does so by itself."""
    from wenban.database import session_scope
    from wenban.retention import sweep

    with session_scope() as session:
        gone = sweep(session)
    for name, count in gone.items():
        typer.echo(f"{name}: {count} deleted")
    if not gone:
        typer.echo("Nothing was due.")


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the tables to the newest revision."""
    from wenban import migrations

    typer.echo("Upgraded." if migrations.upgrade() else "Up to date.")


@db.command("check")
def db_check() -> None:
    """Check that the migrations make what the code expects; uses a temporary database."""
    from wenban import migrations

    try:
        migrations.check()
    except migrations.OutOfDate as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None


@db.command("revision")
def db_revision(message: str) -> None:
    """Write a migration from what changed in the models."""
    from wenban import migrations

    migrations.generate(message)


@models.command("list")
def models_list() -> None:
    """List the models: what each is for, its licence, whether it is there."""
    from wenban import modelstore

    for model in modelstore.table().values():
        there = "installed" if model.installed() else "required" if model.required else "optional"
        if there != "installed" and (so_far := modelstore.being_fetched(model)) is not None:
            there = so_far
        typer.echo(f"{model.id:<20}{there:<14}{model.licence:<14}{model.purpose}")


@models.command("fetch")
def models_fetch(model_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Fetch a model from the first source that has the right files."""
    from wenban import modelstore

    known = modelstore.table()
    if model_id not in known:
        raise typer.BadParameter(f"no such model; there are {', '.join(known)}")
    try:
        typer.echo(modelstore.ensure(known[model_id], typer.echo))
    except modelstore.ModelUnavailable as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
