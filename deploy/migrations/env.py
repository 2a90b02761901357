"""Alembic's environment: every package's tables, imported by name; see ``wenban/migrations.py``."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from wenban import plugins
from wenban.database import Base, make_engine


def render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Write our encrypted columns as what they are in the database, so that old migrations need no code of ours."""
    if kind == "type" and type(item).__module__ == "wenban.crypto":
        return "sa.LargeBinary()"
    return False


def drop_empty(migration_context: Any, revision: Any, directives: list[Any]) -> None:
    """Write no migration when there is nothing to migrate."""
    if directives and directives[0].upgrade_ops.is_empty():
        directives[:] = []


plugins.import_models()
engine = make_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,  # SQLite cannot alter a column in place
        render_item=render_item,
        process_revision_directives=drop_empty if context.config.attributes.get("generating") else None,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
