"""Check ``wenban eval dialogues``."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from evaluation_replies import FIRST, SCRIPT, SECOND, FakeSystem, write
from typer.testing import CliRunner

from api.evaluation import command
from api.evaluation.script import load
from wenban.cli import app


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> FakeSystem:
    """A fake system in place of the network."""
    fake = FakeSystem(FIRST, SECOND)
    real = httpx.Client

    def client(**options: Any) -> httpx.Client:
        return real(transport=httpx.MockTransport(fake), **{**options, "base_url": "http://test"})

    monkeypatch.setattr(command.httpx, "Client", client)
    return fake


def test_command(tmp_path: Path, system: FakeSystem) -> None:
    write(tmp_path / "x.jsonl", SCRIPT)
    done = CliRunner().invoke(app, ["eval", "dialogues", str(tmp_path), "--base-url", "http://test"])
    assert done.exit_code == 0, done.output
    assert "must_not.submit" in done.output
    assert "checks passed" in done.output


def test_command_json(tmp_path: Path, system: FakeSystem) -> None:
    path = write(tmp_path / "x.jsonl", SCRIPT)
    done = CliRunner().invoke(app, ["eval", "dialogues", str(path), "--json", "--base-url", "http://test"])
    result = json.loads(done.stdout)
    assert result["broken"] == {"submit": 1}
    assert result["results"][0]["turns"][1]["reply"]["act"] == "progress"


def test_command_without_a_system(tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl", SCRIPT)
    done = CliRunner().invoke(app, ["eval", "dialogues", str(path), "--base-url", "http://127.0.0.1:9"])
    assert done.exit_code == 2


def test_our_own_dialogues_can_be_read() -> None:
    folder = Path(__file__).parents[1] / "e2e" / "dialogues"
    scripts = [script for path in sorted(folder.glob("*.jsonl")) for script in load(path, date.today())]
    assert len({script.id for script in scripts}) == len(scripts) >= 40
