"""The chat page: headers, rendering, the cookie, and use without JavaScript."""

from __future__ import annotations

import re

import httpx
import pytest
from fake_backend import FakeBackend

from api.security import sign, unsign
from api.web.chat import COOKIE
from api.web.markdown import to_html


async def test_headers(client: httpx.AsyncClient) -> None:
    for path in ("/", "/services", "/docs", "/staff/login", "/v1/hot", "/static/css/tokens.css"):
        headers = (await client.get(path)).headers
        policy = headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in (await client.get("/staff/login")).headers["Content-Security-Policy"]


async def test_nothing_inline(client: httpx.AsyncClient) -> None:
    for path in ("/", "/services", "/docs", "/staff/login"):
        page = (await client.get(path)).text
        assert not re.search(r"<script(?![^>]*src=)|<style| style=| on[a-z]+=", page)


async def test_the_first_page(client: httpx.AsyncClient) -> None:
    page = (await client.get("/")).text
    assert len(re.findall(r'class="tile"', page)) == 8
    assert page.count('class="hot-rank"') == 5
    assert 'role="log"' in page
    assert "长辈版" in page
    assert "人工" in page
    assert COOKIE not in client.cookies


async def test_a_conversation_without_javascript(client: httpx.AsyncClient) -> None:
    response = await client.post("/chat", data={"text": "挂个号"})
    assert (response.status_code, response.headers["location"]) == (303, "/#latest")
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    page = (await client.get("/")).text
    assert "挂个号" in page
    payload = next(value for value in re.findall(r'name="payload" value="([^"]+)"', page) if "骨科" in value)
    await client.post("/chat", data={"payload": payload.replace("&#34;", '"')})
    page = (await client.get("/")).text
    assert 'type="date"' in page
    assert "2 / 4" in page
    await client.post("/chat", data={"field": "phone", "value": "13800001111"})
    page = (await client.get("/")).text
    assert 'aria-label="改手机号"' in page
    assert 'type="date"' not in page  # a question that was answered has no control any more
    error = await client.post("/chat", data={"text": " "}, headers={"Accept": "text/html"})
    assert (error.status_code, "没有收到内容" in error.text) == (422, True)
    assert (await client.post("/chat", data={"payload": "{"})).status_code == 422
    await client.post("/chat/reset")
    assert "挂个号" not in (await client.get("/")).text


async def test_the_script_gets_html(client: httpx.AsyncClient) -> None:
    reply = (await client.post("/chat/messages", json={"text": "水费咋交", "client_id": "a"})).json()
    assert reply["messages"][0]["type"] == "answer"
    assert "<strong>水费缴纳</strong>" in reply["messages"][0]["html"]
    assert f'data-id="{reply["message_id"]}"' in reply["html"]
    again = (await client.post("/chat/messages", json={"text": "水费咋交", "client_id": "a"})).json()
    assert again == reply
    data = {"message_id": reply["message_id"], "helpful": "false", "reason": "没说清楚"}
    assert (await client.post("/chat/feedback", data=data)).status_code == 204
    assert 'value="false" aria-pressed="true"' in (await client.get("/")).text


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", '<img src=x onerror="alert(1)">', "<b>x"])
async def test_markup_is_never_passed_on(client: httpx.AsyncClient, typed: str) -> None:
    reply = (await client.post("/chat/messages", json={"text": typed})).json()
    for html in (reply["html"], reply["messages"][0]["html"], (await client.get("/")).text):
        assert typed not in html
        assert not re.search(r"<img|<b>|href=.javascript", html)
        assert "<script>" not in html


def test_markdown_is_clean() -> None:
    source = "# 甲\n\n[a](javascript:x) [b](https://b.cn) ![i](x.png)\n\n|a|b|\n|-|-|\n|1|2|\n\n<iframe>"
    html = to_html(source)
    assert "<h3>甲</h3>" in html
    assert 'href="https://b.cn"' in html
    assert "<table>" in html
    assert not re.search(r'<img|<iframe|href="javascript', html)


async def test_a_forged_cookie_is_no_conversation(client: httpx.AsyncClient, conversation: str) -> None:
    assert unsign(sign(conversation)) == conversation
    assert unsign(sign(conversation)[:-1] + "x") is None
    assert unsign("{}") is None
    client.cookies.set(COOKIE, conversation)
    data = {"message_id": 1, "helpful": "true"}
    assert (await client.post("/chat/feedback", data=data)).status_code == 404


async def test_elder_mode_is_remembered(client: httpx.AsyncClient, backend: FakeBackend) -> None:
    await client.post("/chat/mode", data={"mode": "elder"})
    assert 'data-mode="elder"' in (await client.get("/")).text
    await client.post("/chat", data={"text": "您好"})
    assert backend.turns[-1]["metadata"]["mode"] == "elder"
    assert (await client.post("/chat/mode", data={"mode": "x"})).status_code == 422
