"""The sandbox's database: one SQLite file, writers one at a time, created and seeded on first use."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from actions.sandbox.clock import Clock
from actions.sandbox.seed import seed
from actions.sandbox.tables import SandboxBase
from wenban.crypto import secret
from wenban.database import make_engine


class Store:
    """Sessions on the file at ``path``."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path, self.clock = path, clock
        self._writer = threading.Lock()

    @cached_property
    def engine(self) -> Engine:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        engine = make_engine(f"sqlite:///{self.path}")

        @event.listens_for(engine, "connect")
        def _manual(connection: Any, _record: Any) -> None:
            connection.isolation_level = None  # we say BEGIN ourselves

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            write = connection.get_execution_options().get("write", False)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

        SandboxBase.metadata.create_all(engine.execution_options(write=True))
        with Session(engine.execution_options(write=True)) as session, session.begin():
            seed(session, self.clock, self.digest)
        return engine

    @cached_property
    def _pepper(self) -> bytes:
        return secret("sandbox.key").encode()

    def digest(self, text: str) -> str:
        """Return a keyed hash, so that a person can be found again without the number standing in an index."""
        return hmac.new(self._pepper, text.encode(), hashlib.sha256).hexdigest()

    @contextmanager
    def read(self) -> Iterator[Session]:
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Yield a session that holds the write lock; commit on success, roll back on any error."""
        engine = self.engine
        with self._writer, Session(engine.execution_options(write=True)) as session, session.begin():
            yield session

    def reset(self) -> None:
        """Forget everything and seed again."""
        with self.write() as session:
            for table in SandboxBase.metadata.sorted_tables:
                session.execute(table.delete())
            seed(session, self.clock, self.digest)

    def close(self) -> None:
        if "engine" in self.__dict__:
            self.engine.dispose()
