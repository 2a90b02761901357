"""``wenban connector check``: the example department keeps the contract; one that lies is found out, rule by rule."""

from __future__ import annotations

import importlib.util
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from actions.connectors.conformance.checks import CHECKS, run
from actions.connectors.conformance.command import app as command
from actions.connectors.conformance.sample import Sample, load
from actions.sandbox.app import create_app
from actions.sandbox.settings import SandboxSettings
from knowledge.declaration import ServiceDeclaration
from wenban.paths import ROOT

EXAMPLE = ROOT / "deploy" / "example_department"
SAMPLE = EXAMPLE / "sample.yaml"


@pytest.fixture
def canteen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The example department as a module of its own."""
    monkeypatch.setenv("CANTEEN_DB", str(tmp_path / "canteen.db"))
    spec = importlib.util.spec_from_file_location("canteen", EXAMPLE / "canteen.py")
    assert spec is not None and spec.loader is not None  # noqa: PT018
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    module.db.close()


def findings(app: Any, sample: Sample, prefix: str = "") -> dict[str, str | None]:
    """Return for each rule None if it is kept, else the remark."""
    with TestClient(app, base_url=f"http://department{prefix}", raise_server_exceptions=False) as http:
        return {f.rule: None if f.ok else f.remark for f in run(http, sample) if f.ok is not None}


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The example department as its developer runs it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "canteen:app", "--port", str(port), "--log-level", "error"],
        cwd=EXAMPLE, env={"CANTEEN_DB": str(tmp_path / "canteen.db"), "PATH": ""},
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                httpx.get(url, timeout=1)
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def test_the_example_department_keeps_every_rule(address: str) -> None:
    said = CliRunner().invoke(command, ["check", address, "--sample", str(SAMPLE)])
    assert said.exit_code == 0, said.output
    assert "BROKEN" not in said.output
    assert "13 kept, 0 broken, 2 skipped" in said.output


def test_nobody_there_is_no_pass() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    said = CliRunner().invoke(command, ["check", f"http://127.0.0.1:{port}"])
    assert said.exit_code == 1
    assert "no answer" in said.output


def test_a_sample_with_a_slip_is_named(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("submit: {operaton: meal}\n", "utf-8")
    said = CliRunner().invoke(command, ["check", "http://127.0.0.1:1", "--sample", str(tmp_path / "s.yaml")])
    assert said.exit_code == 2
    assert "operaton" in said.output


def test_the_example_declares_its_service() -> None:
    document = yaml.safe_load((EXAMPLE / "st-01.yaml").read_text("utf-8"))
    declaration = ServiceDeclaration.model_validate(document)
    assert declaration.operation is not None
    assert load(SAMPLE).submit is not None
    assert (declaration.operation.connector, declaration.operation.name) == ("canteen", load(SAMPLE).submit.operation)  # type: ignore[union-attr]


def test_the_example_is_short() -> None:
    code = [line for line in (EXAMPLE / "canteen.py").read_text("utf-8").splitlines() if line.strip()]
    assert len(code) <= 85


@pytest.mark.parametrize(
    ("connector", "sample"),
    [
        ("hospital", {
            "submit": {
                "operation": "book",
                "fields": {"hospital": "人民医院", "department": "骨科", "date": "{today+2}", "period": "下午",
                           "name": "王秀兰", "id_no": "371302198503120021", "phone": "13900001234"},
                "other": {"hospital": "人民医院", "department": "内科", "date": "{today+2}", "period": "下午",
                          "name": "王秀兰", "id_no": "371302198503120021", "phone": "13900001234"},
                "wrong": {"hospital": "人民医院", "department": "骨科", "date": "2020-01-01", "period": "下午",
                          "name": "王秀兰", "id_no": "371302198503120021", "phone": "13900001234"},
                "wrong_field": "date", "cancellable": True,
            },
            "choices": {"name": "hospital", "fields": {"operation": "book"}},
        }),
        ("water", {
            "submit": {"operation": "pay", "fields": {"account_no": "10023345"},
                       "wrong": {"account_no": "0"}, "wrong_field": "account_no"},
            "query": {"operation": "bills", "fields": {"account_no": "10023345"}},
        }),
    ],
)  # fmt: skip
def test_the_sandbox_keeps_the_contract(connector: str, sample: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "sample.yaml").write_text(yaml.safe_dump(sample, allow_unicode=True), "utf-8")
    app = create_app(SandboxSettings(path=tmp_path / "sandbox.db"))
    found = findings(app, load(tmp_path / "sample.yaml"), f"/connectors/{connector}")
    assert {rule: remark for rule, remark in found.items() if remark} == {}
    assert len(found) >= 11


def forgets_keys(canteen: Any) -> None:
    canteen.once = lambda key, content, act: act()


def forgets_content(canteen: Any) -> None:
    known = canteen.once
    canteen.once = lambda key, content, act: known(key, [], act)


def keeps_refusals_as_matters(canteen: Any) -> None:
    canteen.free = lambda day: [1]


def talks_english(canteen: Any) -> None:
    known = canteen.told
    canteen.told = lambda receipt: known(receipt) | {"message": "booked"}


def shows_its_insides(canteen: Any) -> None:
    canteen.app.exception_handlers[canteen.HTTPException] = lambda _, error: canteen.problem(
        404, "not_found", "出错了 Traceback"
    )


def cancels_again_and_again(canteen: Any) -> None:
    canteen.give_back = canteen.told


@pytest.mark.parametrize(
    ("sabotage", "rule"),
    [
        (forgets_keys, "the same key and content give the same answer, also all at once"),
        (forgets_keys, "the same key with other content is a conflict"),
        (forgets_content, "the same key with other content is a conflict"),
        (keeps_refusals_as_matters, "a wrong value is refused, the field is named, and the key stays free"),
        (talks_english, "the receipt has a status"),
        (shows_its_insides, "an unknown operation is not_found"),
        (cancels_again_and_again, "a matter is cancelled once; the same key gives the same answer"),
    ],
)
def test_what_is_broken_is_named(canteen: Any, sabotage: Any, rule: str) -> None:
    assert rule in dict(CHECKS)
    sabotage(canteen)
    assert findings(canteen.app, load(SAMPLE))[rule]
