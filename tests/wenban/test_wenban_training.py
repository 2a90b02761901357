from __future__ import annotations

from pathlib import Path

import pytest

from wenban import paths, training
from wenban.settings import Settings


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "repository"
    for name in ("bot/config.yml", "bot/domain.yml", "bot/data/rules.yml", "nlu/normalize.py", "nlu/data/terms.tsv"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    monkeypatch.setattr(paths, "ROOT", root)
    return root


@pytest.mark.parametrize("name", ["bot/config.yml", "bot/data/rules.yml", "nlu/normalize.py", "nlu/data/terms.tsv"])
def test_whatever_the_model_depends_on_changes_the_digest(repository: Path, name: str) -> None:
    before = training.digest()
    assert training.digest() == before
    (repository / name).write_text("changed")
    assert training.digest() != before


def test_a_renamed_file_changes_the_digest(repository: Path) -> None:
    before = training.digest()
    (repository / "bot/data/rules.yml").rename(repository / "bot/data/others.yml")
    assert training.digest() != before


def test_bytecode_does_not_count(repository: Path) -> None:
    before = training.digest()
    (repository / "nlu/__pycache__").mkdir()
    (repository / "nlu/__pycache__/normalize.cpython-311.pyc").write_bytes(b"x")
    assert training.digest() == before


def test_a_model_is_up_to_date_only_with_its_digest(repository: Path, tmp_path: Path) -> None:
    model = tmp_path / "wenban.tar.gz"
    settings = Settings(rasa_model=model)
    assert not training.up_to_date(settings)
    model.touch()
    assert not training.up_to_date(settings)
    model.with_name("wenban.tar.gz.digest").write_text(training.digest())
    assert training.up_to_date(settings)


def test_a_failed_training_says_why_and_keeps_the_old_model(repository: Path, tmp_path: Path) -> None:
    rasa = tmp_path / "python"
    rasa.write_text("#!/bin/sh\necho 'the domain is wrong'\nexit 1\n")
    rasa.chmod(0o755)
    model = tmp_path / "wenban.tar.gz"
    model.write_text("old")
    with pytest.raises(training.TrainingFailed, match="the domain is wrong"):
        training.train(Settings(rasa_model=model, rasa_python=rasa))
    assert model.read_text() == "old"
