"""The console: log-in, lock-out, CSRF, departments, editing, publishing."""

from __future__ import annotations

import httpx
from fastapi import FastAPI
from sqlalchemy import Engine
from staff_helpers import hidden, log_in

from api.staff.auth import LoginGuard
from knowledge.models import QaEntry
from knowledge.repository import UnansweredRepository
from wenban.database import session_scope

ENTRY = {
    "question": "水费怎么交？", "variants": "水费咋交\n\n水费咋交\n交水费", "answer": "**手机**上交。",
    "spoken": "手机上交。",
    "department_id": "swj", "services": "", "valid_from": "2026-01-01", "valid_to": "",
    "tags": "水费，缴费", "source": "示例",
}  # fmt: skip


async def csrf(client: httpx.AsyncClient) -> str:
    return hidden((await client.get("/staff/entries")).text, "csrf")


async def test_strangers_are_sent_to_log_in(client: httpx.AsyncClient) -> None:
    for path in ("/staff", "/staff/entries?q=水", "/staff/unanswered"):
        response = await client.get(path)
        assert response.status_code == 303
        assert response.headers["location"].startswith("/staff/login?next=/staff")
    for path in ("/staff/entries", "/staff/entries/qa-swj-001", "/staff/entries/qa-swj-001/publish", "/staff/preview"):
        assert (await client.post(path, data=ENTRY)).status_code == 303


async def test_wrong_passwords_lock(client: httpx.AsyncClient, password: str) -> None:
    assert (await log_in(client, "gone", "department-secret")).status_code == 401
    assert (await log_in(client, "nobody", "x")).status_code == 401
    for _ in range(5):
        assert (await log_in(client, "admin", "wrong")).status_code == 401
    locked = await log_in(client, "admin", password)
    assert locked.status_code == 429
    assert "5 分钟" in locked.text


def test_a_lock_ends() -> None:
    at = 0.0
    guard = LoginGuard(2, 300, clock=lambda: at)
    guard.failed("a", "h")
    guard.failed("a", "h")
    assert guard.locked("a", "h")
    assert not guard.locked("a", "elsewhere")
    at = 301.0
    assert not guard.locked("a", "h")


async def test_log_in_needs_its_own_form(client: httpx.AsyncClient, password: str) -> None:
    for token in ("", "x"):
        data = {"username": "admin", "password": password, "token": token}
        assert (await client.post("/staff/login", data=data)).status_code == 403


async def test_log_in_leads_nowhere_foreign(client: httpx.AsyncClient, password: str) -> None:
    page = (await client.get("/staff/login", params={"next": "https://evil.example/"})).text
    assert hidden(page, "next") == "/staff/entries"


async def test_listing(admin: httpx.AsyncClient) -> None:
    page = (await admin.get("/staff/entries")).text
    assert "水费怎么交？" in page
    assert "社保卡丢了怎么补办？" in page
    page = (await admin.get("/staff/entries", params={"q": "挂失"})).text
    assert "水费怎么交？" not in page
    page = (await admin.get("/staff/entries", params={"department": "swj", "status": "draft"})).text
    assert "没有符合条件的问答" in page
    assert (await admin.get("/staff/entries", params={"open": "qa-nothing"})).status_code == 404


async def test_edit_publish_withdraw(admin: httpx.AsyncClient, engine: Engine) -> None:
    token = await csrf(admin)
    page = (await admin.get("/staff/entries?open=qa-swj-001")).text
    version = hidden(page, "version")
    url = "/staff/entries/qa-swj-001"
    response = await admin.post(f"{url}?status=published", data=ENTRY | {"csrf": token, "version": version})
    assert response.status_code == 303
    assert response.headers["location"].startswith("/staff/entries?status=published&open=qa-swj-001")
    with session_scope(engine) as session:
        entry = session.get(QaEntry, "qa-swj-001")
        assert entry
        assert [variant.text for variant in entry.variants] == ["水费咋交", "交水费"]
        assert (entry.tags, entry.updated_by) == (["水费", "缴费"], "admin")
    stale = await admin.post(url, data=ENTRY | {"csrf": token, "version": version, "question": "我的改法"})
    assert stale.status_code == 409
    assert "我的改法" in stale.text
    for action, status in (("withdraw", "withdrawn"), ("publish", "published")):
        assert (await admin.post(f"{url}/{action}", data={"csrf": token})).status_code == 303
        with session_scope(engine) as session:
            assert session.get_one(QaEntry, "qa-swj-001").status == status


async def test_create(admin: httpx.AsyncClient, engine: Engine) -> None:
    token = await csrf(admin)
    response = await admin.post("/staff/entries", data=ENTRY | {"csrf": token, "question": "怎么改户名？"})
    assert response.status_code == 303
    page = (await admin.get(response.headers["location"])).text
    assert "已新建" in page
    assert "怎么改户名？" in page
    wrong = {"question": " ", "department_id": "none", "valid_from": "明天", "services": "没有的事项"}
    response = await admin.post("/staff/entries", data=ENTRY | {"csrf": token} | wrong)
    assert response.status_code == 422
    assert response.text.count('class="error"') == 4
    assert "**手机**上交。" in response.text


async def test_csrf(admin: httpx.AsyncClient) -> None:
    for path in ("/staff/entries", "/staff/entries/qa-swj-001/withdraw", "/staff/logout", "/staff/preview"):
        for token in ({}, {"csrf": "forged"}):
            assert (await admin.post(path, data=ENTRY | token)).status_code == 403


async def test_departments_and_roles(client: httpx.AsyncClient, password: str) -> None:
    await log_in(client, "bianji", "department-secret")
    page = (await client.get("/staff/entries", params={"department": "rsj"})).text
    assert "水费怎么交？" in page
    assert "社保卡丢了怎么补办？" not in page
    assert (await client.get("/staff/entries?open=qa-rsj-001")).status_code == 404
    data = ENTRY | {"csrf": await csrf(client), "version": "1"}
    assert (await client.post("/staff/entries/qa-rsj-001", data=data)).status_code == 404
    assert (await client.post("/staff/entries/qa-swj-001", data=data)).status_code == 403  # it is published
    assert (await client.post("/staff/entries/qa-swj-001/withdraw", data=data)).status_code == 403
    assert (await client.post("/staff/entries", data=data | {"department_id": "rsj"})).status_code == 422
    assert (await client.post("/staff/entries", data=data)).status_code == 303


async def test_an_auditor_only_looks(client: httpx.AsyncClient, password: str) -> None:
    await log_in(client, "shenji", "department-secret")
    assert "不能修改" in (await client.get("/staff/entries?open=qa-swj-001")).text
    data = ENTRY | {"csrf": await csrf(client)}
    for path in ("/staff/entries", "/staff/entries/qa-swj-001", "/staff/entries/qa-swj-001/publish"):
        assert (await client.post(path, data=data)).status_code == 403


async def test_preview_unanswered_and_logout(admin: httpx.AsyncClient, engine: Engine, app: FastAPI) -> None:
    with session_scope(engine) as session:
        UnansweredRepository(session).add("c", "俺家猫丢了<b>", [{"title": "寻物"}], 0.31)
    page = (await admin.get("/staff/unanswered")).text
    assert "俺家猫丢了&lt;b&gt;" in page
    assert "31%" in page
    token = await csrf(admin)
    preview = await admin.post("/staff/preview", data={"csrf": token, "answer": "**甲**<script>"})
    assert preview.text.strip() == "<p><strong>甲</strong>&lt;script&gt;</p>"
    assert (await admin.post("/staff/logout", data={"csrf": token})).status_code == 303
    assert (await admin.get("/staff/entries")).status_code == 303


async def test_what_is_published_is_spoken_in_advance(app: FastAPI, admin: httpx.AsyncClient) -> None:
    speaker = app.state.services.speech._speaker
    token = await csrf(admin)
    await admin.post("/staff/entries/qa-swj-001/withdraw", data={"csrf": token})
    assert speaker.prepared == []
    assert (await admin.post("/staff/entries/qa-swj-001/publish", data={"csrf": token})).status_code == 303
    assert speaker.prepared == ["可以在手机上交。"]
