"""The page "why this": what a sentence was read as, its act, the candidates and the decision."""

from __future__ import annotations

import re

import httpx
import pytest
from fake_backend import FakeBackend
from staff_helpers import log_in

from knowledge.repository import UnansweredRepository
from wenban.database import session_scope


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


async def test_strangers_see_nothing(client: httpx.AsyncClient) -> None:
    response = await client.get("/staff/trace?q=水费")
    assert response.status_code == 303
    assert response.headers["location"].startswith("/staff/login")


async def test_an_empty_page_says_what_to_do(admin: httpx.AsyncClient) -> None:
    page = await admin.get("/staff/trace")
    assert page.status_code == 200
    assert "输入市民的一句话" in page.text


async def test_everything_that_led_to_the_decision(admin: httpx.AsyncClient) -> None:
    page = await admin.get("/staff/trace", params={"q": "设保卡补办"})
    assert page.status_code == 200
    text = words(page.text)
    assert "直接回答 ：社保卡补办（87%）" in text
    assert "设保卡 社保卡 同音 87% 改了" in text
    assert "要办事 （83%）" in text
    assert "要办事 83%；问事情 12%" in text
    assert "97%（到 50% 才答）" in text
    assert "补社保卡 0.91 0.82 — 0.50" in text
    assert 'href="/staff/entries?open=qa-rsj-001"' in page.text


async def test_a_sentence_is_shown_as_text(admin: httpx.AsyncClient) -> None:
    page = (await admin.get("/staff/trace", params={"q": "<script>alert(1)</script>"})).text
    assert "<script>alert" not in page
    assert (await admin.get("/staff/trace", params={"q": "长" * 1001})).status_code == 422


@pytest.mark.parametrize(
    ("down", "problem", "still"),
    [("knowledge", "资料库暂时连不上", "要办事"), ("rasa", "对话引擎暂时连不上", "社保卡补办")],
)
async def test_what_is_down_is_said_and_the_rest_shown(
    admin: httpx.AsyncClient, backend: FakeBackend, down: str, problem: str, still: str
) -> None:
    backend.fail.add(down)
    page = await admin.get("/staff/trace", params={"q": "设保卡补办"})
    assert page.status_code == 503
    assert problem in page.text
    assert still in page.text


async def test_each_unanswered_question_leads_to_its_trace(admin: httpx.AsyncClient, engine: object) -> None:
    with session_scope(engine) as session:  # type: ignore[arg-type]
        UnansweredRepository(session).add("c", "俺家猫丢了&咋整", [], 0.31)
    page = (await admin.get("/staff/unanswered")).text
    link = re.search(r'href="(/staff/trace\?q=[^"]+)"', page)
    assert link
    shown = (await admin.get(link[1])).text
    assert "俺家猫丢了&amp;咋整" in shown


async def test_an_auditor_may_look(client: httpx.AsyncClient, password: str) -> None:
    await log_in(client, "shenji", "department-secret")
    assert (await client.get("/staff/trace?q=水费")).status_code == 200
