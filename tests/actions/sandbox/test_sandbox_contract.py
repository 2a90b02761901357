"""The contract itself: errors, idempotency, faults, and that every declared operation exists."""

from __future__ import annotations

import pytest
import yaml
from sqlalchemy import func, select

from actions.connectors.contract import ConnectorProblem
from actions.sandbox.departments import ALL
from actions.sandbox.tables import Matter, Payment
from knowledge.declaration import ServiceDeclaration
from wenban.paths import ROOT

SERVICES = ROOT / "knowledge" / "content" / "services"
BOOKING = {
    "hospital": "人民医院",
    "department": "骨科",
    "date": "2026-11-20",
    "period": "下午",
    "name": "王秀兰",
    "id_no": "371302198503120021",
    "phone": "13900004321",
}


def declared() -> list[ServiceDeclaration]:
    files = sorted(SERVICES.glob("*.yaml"))
    every = [ServiceDeclaration.model_validate(yaml.safe_load(file.read_text("utf-8"))) for file in files]
    return [service for service in every if service.operation is not None]


@pytest.mark.parametrize("service", declared(), ids=lambda s: s.id)
def test_every_declared_operation_exists(service):
    operation = service.operation
    department = ALL[operation.connector]
    if operation.kind in ("query", "calculator", "licence"):
        assert operation.name in department.queries
        assert not operation.confirm
    else:
        assert operation.name in department.submits
        assert service.confirmation
        assert service.receipt
    if operation.kind in ("payment", "appointment", "application"):
        assert operation.name in department.quotes
    for field in service.fields:
        assert field.choices_from is None or field.choices_from in department.lists
        assert field.personal or field.type not in ("person", "id_no", "phone")


def test_at_least_sixty_services_of_every_kind():
    services = declared()
    assert len(services) >= 60
    assert {"预约", "缴费", "办理", "上报", "投诉", "亮证", "计算"} <= {service.kind for service in services}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/connectors/nobody/choices/x", None, 404, "not_found"),
        ("GET", "/connectors/hospital/choices/x", None, 404, "not_found"),
        ("POST", "/connectors/hospital/query/x", {"fields": {}}, 404, "not_found"),
        ("POST", "/connectors/hospital/quote/x", {"fields": {}}, 404, "not_found"),
        ("POST", "/connectors/hospital/submit/book", {"fields": {}}, 422, "invalid_field"),
        ("POST", "/connectors/hospital/quote/book", {"nothing": 1}, 422, "invalid_field"),
        ("POST", "/connectors/hospital/quote/book", {"fields": []}, 422, "invalid_field"),
        ("GET", "/connectors/hospital/status/GH1", None, 404, "not_found"),
        ("POST", "/connectors/hospital/cancel/GH1", None, 422, "invalid_field"),
        ("GET", "/no/such/path", None, 404, "not_found"),
    ],
)
async def test_every_error_is_a_problem(http, method, path, body, status, code):
    answer = await http.request(method, path, json=body)
    assert answer.status_code == status
    problem = ConnectorProblem.model_validate(answer.json())
    assert problem.code == code
    assert problem.message


async def test_health(http):
    assert (await http.get("/healthz")).json() == {"status": "ok"}


async def test_the_same_key_gives_the_same_answer_and_other_content_a_conflict(desk, app):
    hospital = desk("hospital")
    first = await hospital.submit("book", key="k", **BOOKING)
    assert (await hospital.submit("book", key="k", **BOOKING)).json() == first.json()
    other = await hospital.submit("book", key="k", **(BOOKING | {"period": "上午"}))
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    with app.state.desk.store.read() as session:
        mine = select(func.count()).select_from(Matter).where(Matter.connector == "hospital")
        assert session.scalar(mine) == 1


async def test_nothing_personal_stands_in_the_file(desk, app, tmp_path):
    await desk("hospital").submit("book", **BOOKING)
    app.state.desk.store.close()
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("sandbox.db*"))
    assert b"371302198503120021" not in raw
    assert b"13900004321" not in raw


async def test_down_happens_as_often_as_ordered(desk, http):
    await http.post("/faults", json={"connector": "water", "operation": "bills", "mode": "down", "times": 2})
    statuses = [(await desk("water").query("bills", account_no="10023345")).status_code for _ in range(3)]
    assert statuses == [503, 503, 200]


async def test_breaking_in_the_middle_keeps_nothing(desk, http, app):
    await http.post("/faults", json={"connector": "water", "operation": "pay", "mode": "fail"})
    broken = await desk("water").submit("pay", key="k", account_no="10023345")
    assert (broken.status_code, broken.json()["code"]) == (500, "unavailable")
    with app.state.desk.store.read() as session:
        assert session.scalar(select(func.count()).select_from(Payment)) == 0
    assert (await desk("water").submit("pay", key="k", account_no="10023345")).status_code == 200


async def test_late_answers_have_been_done(desk, http):
    await http.post("/faults", json={"connector": "hospital", "operation": "book", "mode": "late", "seconds": 0.2})
    first = await desk("hospital").submit("book", key="k", **BOOKING)
    assert (await desk("hospital").submit("book", key="k", **BOOKING)).json() == first.json()


async def test_reset_seeds_again(desk, http):
    receipt = (await desk("hospital").submit("book", **BOOKING)).json()["receipt_no"]
    await http.post("/reset")
    assert (await desk("hospital").status(receipt)).status_code == 404
    assert (await desk("cases").status("XF20261008")).status_code == 200


async def test_the_switches_are_off_by_default(tmp_path):
    import httpx

    from actions.sandbox.app import create_app
    from actions.sandbox.settings import SandboxSettings

    app = create_app(SandboxSettings(faults=False, path=tmp_path / "other.db"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sandbox") as client:
        for path in ("/faults", "/reset", "/clock"):
            assert (await client.post(path, json={})).status_code == 404
