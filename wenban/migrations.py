"""Alembic, configured in code: the scripts lie in ``deploy/migrations``, the database is the settings' one."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import create_engine

from wenban import paths
from wenban.settings import get_settings

SCRIPTS = paths.ROOT / "deploy" / "migrations"


class OutOfDate(Exception):
    """The models say something that no migration does."""


def config(url: str) -> Config:
    """Return Alembic's configuration for the database at ``url``."""
    made = Config()
    made.set_main_option("script_location", str(SCRIPTS))
    made.set_main_option("path_separator", "os")
    made.attributes["url"] = url
    return made


def upgrade(url: str | None = None) -> bool:
    """Bring the database to the newest revision; return whether there was anything to do."""
    url = url or get_settings().database
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    made = config(url)
    before, newest = revision(url), ScriptDirectory.from_config(made).get_current_head()
    if before == newest:
        return False
    command.upgrade(made, "head")
    return True


def behind(url: str | None = None) -> bool:
    """Say whether the database lacks a migration."""
    url = url or get_settings().database
    return revision(url) != ScriptDirectory.from_config(config(url)).get_current_head()


def revision(url: str) -> str | None:
    """Return the revision that the database is at."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def generate(message: str) -> None:
    """Write a migration with what the models have and the migrations lack."""
    with tempfile.TemporaryDirectory(prefix="wenban-db-") as scratch:
        url = f"sqlite:///{scratch}/migrated.db"
        upgrade(url)
        numbers = [int(path.name[:4]) for path in (SCRIPTS / "versions").glob("[0-9]*.py")]
        made = config(url)
        made.attributes["generating"] = True
        command.revision(made, message, autogenerate=True, rev_id=f"{max(numbers, default=0) + 1:04d}")
    for words in (["check", "--fix", "--quiet", "--select", "I"], ["format", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *words, str(SCRIPTS / "versions")], check=False)


def check() -> None:
    """Migrate an empty database and compare it with the models.

    Raises:
        OutOfDate: if a migration is missing; the message lists the differences.
    """
    with tempfile.TemporaryDirectory(prefix="wenban-db-") as scratch:
        url = f"sqlite:///{scratch}/migrated.db"
        upgrade(url)
        try:
            command.check(config(url))
        except CommandError as error:
            raise OutOfDate(f"{error}\nWrite one: wenban db revision MESSAGE") from None
