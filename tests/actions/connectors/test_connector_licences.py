"""The seventh call: licences by consent; the sandbox keeps its rules, and a keeper that does not is found out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient

from actions.connectors.client import Connector, ConnectorDown, ConnectorError
from actions.connectors.conformance import licence_checks
from actions.connectors.conformance.checks import CHECKS, ONLY_WITH, run
from actions.connectors.conformance.sample import Sample
from actions.connectors.contract import LicenceAsk
from actions.sandbox.app import create_app
from actions.sandbox.settings import SandboxSettings

WANG, ZHANG = ("王秀兰", "371302198503120021"), ("张桂英", "371322196309210046")
SAMPLE = Sample.model_validate({
    "licences": {
        "kinds": ["居民户口簿", "社会保障卡"], "holder": {"name": WANG[0], "id_no": WANG[1]},
        "other": {"name": ZHANG[0], "id_no": ZHANG[1]},
    }
})  # fmt: skip
RULES = [rule for rule, _ in CHECKS if ONLY_WITH.get(rule) == "licences"]


def findings(app: Any, prefix: str = "") -> dict[str, str]:
    """Return the licence rules that are broken, with the remarks."""
    with TestClient(app, base_url=f"http://department{prefix}", raise_server_exceptions=False) as http:
        found = list(run(http, SAMPLE))
    assert {f.rule for f in found} >= set(RULES)
    return {f.rule: f.remark for f in found if f.rule in RULES and f.ok is False}


def test_the_sandbox_s_keeper_keeps_every_rule(tmp_path: Path) -> None:
    app = create_app(SandboxSettings(path=tmp_path / "sandbox.db"))
    assert findings(app, "/connectors/licence") == {}
    assert len(RULES) == 6
    assert licence_checks.PATH == "/licences"


def refuse(message: str = "没有本人同意，不能调取。") -> JSONResponse:
    return JSONResponse({"code": "not_eligible", "message": message}, 403)


def honest(ask: dict[str, Any]) -> Any:
    """What a right keeper answers, for one person who has everything."""
    if not ask["consent"] or not ask["citizen"]:
        return refuse()
    people = dict([WANG, ZHANG])
    if people.get(ask["holder"]["name"]) != ask["holder"]["id_no"]:
        return {"licences": []}
    number = ask["holder"]["id_no"]
    return {"licences": [{"kind": k, "reference": f"{k}{number[6:10]}", "holder": "王**"} for k in ask["kinds"]]}


def wrong(**changes: Callable[[dict[str, Any], Any], Any]) -> FastAPI:
    """A keeper that is right but for one thing."""
    app = FastAPI()
    change = changes["but"]

    @app.post("/licences")
    def licences(ask: dict[str, Any]) -> Any:
        return change(ask, honest(ask))

    return app


def test_a_right_keeper_keeps_every_rule() -> None:
    assert findings(wrong(but=lambda ask, answer: answer)) == {}


def more(ask: dict[str, Any], answer: Any) -> Any:
    if isinstance(answer, dict) and answer["licences"]:
        answer["licences"].append({"kind": "结婚证", "reference": f"J{ask['holder']['id_no'][6:10]}", "holder": "王**"})
    return answer


def shown(ask: dict[str, Any], answer: Any) -> Any:
    if isinstance(answer, dict):
        answer["licences"] = [{**row, "number": ask["holder"]["id_no"]} for row in answer["licences"]]
    return answer


def shared(ask: dict[str, Any], answer: Any) -> Any:
    if isinstance(answer, dict):
        answer["licences"] = [{**row, "reference": row["kind"]} for row in answer["licences"]]
    return answer


@pytest.mark.parametrize(
    ("rule", "but"),
    [
        ("licences that were asked for are given, and no others", more),
        ("licences do not show the holder's number", shown),
        ("no licence without consent", lambda ask, _: honest({**ask, "consent": "1"})),
        ("no licence for who is not signed in", lambda ask, _: honest({**ask, "citizen": {"level": 2}})),
        ("a name that is not the number's gets nothing",
         lambda ask, _: honest({**ask, "holder": {"name": ask["holder"]["name"].rstrip("甲"),
                                                  "id_no": ask["holder"]["id_no"]}})),
        ("two people have different references", shared),
    ],
)  # fmt: skip
def test_a_keeper_that_is_wrong_is_found_out(rule: str, but: Callable[[dict[str, Any], Any], Any]) -> None:
    assert list(findings(wrong(but=but))) == [rule]


def test_who_keeps_no_licences_is_not_asked_about_them(tmp_path: Path) -> None:
    app = create_app(SandboxSettings(path=tmp_path / "sandbox.db"))
    with TestClient(app, base_url="http://department/connectors/water") as http:
        assert not {f.rule for f in run(http, Sample())} & set(RULES)


@pytest.fixture
async def keeper(tmp_path: Path) -> Any:
    app = create_app(SandboxSettings(path=tmp_path / "sandbox.db", faults=True))
    connector = Connector("licence", "http://sandbox/connectors/licence", timeout=2, attempts=1)
    base = "http://sandbox/connectors/licence"
    connector._http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base)
    yield connector
    await connector.aclose()


def ask(**changes: Any) -> LicenceAsk:
    body = {
        "kinds": ["居民身份证", "营业执照"], "holder": {"name": WANG[0], "id_no": WANG[1]},
        "citizen": {"subject": "s", "level": 2}, "purpose": "医疗救助", "consent": "7",
    }  # fmt: skip
    return LicenceAsk.model_validate(body | changes)


async def test_the_client_of_the_call(keeper: Connector) -> None:
    (row,) = (await keeper.licences(ask())).licences
    assert (row.kind, row.holder, row.source, row.valid_until) == ("居民身份证", "王**", "电子证照", "2035-03-12")
    assert WANG[1] not in row.number
    for wrong_ask, code in (
        (ask(consent=""), "not_eligible"), (ask(citizen={"subject": "s", "level": 1}), "not_eligible"),
        (ask(holder={"name": "王秀兰", "id_no": "1"}), "invalid_field"),
    ):  # fmt: skip
        with pytest.raises(ConnectorError) as refused:
            await keeper.licences(wrong_ask)
        assert refused.value.problem.code == code
    unknown = ask(holder={"name": "无名氏", "id_no": "371302197804152030"})
    assert (await keeper.licences(unknown)).licences == []


async def test_a_department_without_the_call(tmp_path: Path) -> None:
    app = create_app(SandboxSettings(path=tmp_path / "sandbox.db"))
    base = "http://sandbox/connectors/water"
    connector = Connector("water", base, timeout=2, attempts=1)
    connector._http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base)
    with pytest.raises((ConnectorError, ConnectorDown)):
        await connector.licences(ask())
    await connector.aclose()
