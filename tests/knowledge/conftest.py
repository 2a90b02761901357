"""A data directory of each test's own, with the encoder of the real one, and a database with the tables in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import knowledge.models  # noqa: F401  # declares the tables
from knowledge.encoder import Encoder
from nlu.lexicon import Lexicon
from wenban import crypto, modelstore
from wenban.database import Base, get_engine, session_scope
from wenban.settings import Settings, get_settings


@pytest.fixture(scope="session")
def encoder_folder() -> Path:
    return modelstore.ensure(modelstore.table()["encoder"])


@pytest.fixture(scope="session")
def encoder(encoder_folder: Path) -> Encoder:
    return Encoder(encoder_folder)


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    found = Lexicon.default()
    found.warm_up()
    return found


def _forget() -> None:
    for cached in (get_settings, get_engine, crypto._cipher):
        cached.cache_clear()


@pytest.fixture
def home(tmp_path: Path, encoder_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary WENBAN_HOME in which the real encoder is linked; settings, engine and keys are made anew."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "encoder").symlink_to(encoder_folder)
    monkeypatch.setenv("WENBAN_HOME", str(tmp_path))
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / "settings.env")
    monkeypatch.delenv("WENBAN_DATABASE_URL", raising=False)
    _forget()
    yield tmp_path
    get_engine().dispose()
    _forget()


@pytest.fixture
def engine(home: Path) -> Engine:
    Base.metadata.create_all(get_engine())
    return get_engine()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with session_scope(engine) as session:
        yield session
