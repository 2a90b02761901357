"""The pages of 一件事: what to prepare, the chain, how far this browser's conversation has come."""

from __future__ import annotations

import httpx
from fake_backend import FakeBackend
from sqlalchemy import Engine

from api.security import unsign
from api.web.chat import COOKIE
from wenban.database import session_scope
from wenban.tracking import TrackedMatter


async def test_the_list_leads_to_each_theme(client: httpx.AsyncClient) -> None:
    page = (await client.get("/themes")).text
    assert 'href="/themes/newborn"' in page
    assert "3 件事" in page
    assert 'href="/themes"' in (await client.get("/services")).text
    assert (await client.get("/v1/themes")).json()[0]["id"] == "newborn"


async def test_a_theme_shows_the_chain_and_its_progress(client: httpx.AsyncClient, engine: Engine) -> None:
    page = (await client.get("/themes/newborn")).text
    assert "户口簿" in page
    assert "● 预约医院挂号" in page
    assert "&#34;do&#34;:&#34;theme&#34;" in page
    await client.post("/chat", data={"text": "挂个号"})
    conversation_id = unsign(client.cookies[COOKIE])
    with session_scope(engine) as session:
        session.add(
            TrackedMatter(
                key="k1", conversation_id=conversation_id, kind="appointment", service_id="wjw-05",
                service_name="预约医院挂号", connector="hospital", receipt_no="GH1", status="已预约", message="约好了",
                steps=[], lines=[], finished=False,
            )
        )  # fmt: skip
    page = (await client.get("/themes/newborn")).text
    assert "✓ 预约医院挂号" in page
    assert "GH1" in page
    assert "● 出生医学证明" in page
    assert "已经提交 1 件" in (await client.get("/themes")).text
    other = httpx.AsyncClient(transport=client._transport, base_url=str(client.base_url))
    assert "GH1" not in (await other.get("/themes/newborn")).text
    await other.aclose()


async def test_unknown_and_unavailable_are_told(client: httpx.AsyncClient, backend: FakeBackend) -> None:
    html = {"accept": "text/html"}
    missing = await client.get("/themes/no-such", headers=html)
    assert missing.status_code == 404
    assert "没有这个“一件事”" in missing.text
    assert (await client.get("/themes/../x", headers=html)).status_code == 404
    assert (await client.get("/themes/A!", headers=html)).status_code in (404, 422)
    backend.fail.add("knowledge")
    down = await client.get("/themes", headers=html)
    assert down.status_code == 503
    assert "连不上" in down.text
