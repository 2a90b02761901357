from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from wenban import migrations
from wenban.database import make_engine, session_scope


def test_sqlite_waits_and_keeps_foreign_keys(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/x.db")
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert connection.execute(text("PRAGMA busy_timeout")).scalar() == 10_000


def test_a_scope_commits_or_rolls_back(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/x.db")
    with session_scope(engine) as session:
        session.execute(text("CREATE TABLE t (n INTEGER)"))
        session.execute(text("INSERT INTO t VALUES (1)"))

    def fail() -> None:
        with session_scope(engine) as session:
            session.execute(text("INSERT INTO t VALUES (2)"))
            raise KeyError("no")

    with pytest.raises(KeyError):
        fail()
    with session_scope(engine) as session:
        assert session.execute(text("SELECT n FROM t")).scalars().all() == [1]


def test_migrations_make_what_the_models_say() -> None:
    migrations.check()


def test_an_upgrade_is_done_once_and_can_be_undone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/folder/new.db"
    assert migrations.upgrade(url) is True
    assert migrations.upgrade(url) is False
    engine = create_engine(url)
    assert {"services", "qa_entries", "conversations", "alembic_version"} <= set(inspect(engine).get_table_names())
    migrations.command.downgrade(migrations.config(url), "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]


def test_a_database_that_lacks_a_migration_is_behind(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/y.db"
    assert migrations.behind(url)
    assert migrations.upgrade(url)
    assert not migrations.behind(url)
    assert not migrations.upgrade(url)
