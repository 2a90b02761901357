"""What people and programs send by mistake or with intent: always typed JSON, never a 500."""

from __future__ import annotations

import json

import httpx
import pytest
from asgi_browser import browser
from fastapi import FastAPI


def is_problem(response: httpx.Response, status: int, code: str) -> bool:
    body = response.json()
    chinese = any("\u4e00" <= character <= "\u9fff" for character in body["message"])
    shape = set(body) == {"code", "message", "detail"}
    return chinese and shape and (response.status_code, body["code"]) == (status, code)


BAD = [
    ("empty", {"text": ""}, 422, "empty_message"),
    ("spaces", {"text": " \u3000\n\t "}, 422, "empty_message"),
    ("controls", {"text": "\x00\x07\x1b"}, 422, "empty_message"),
    ("invisible", {"text": "\u200b\u200d\ufe0f\u2060"}, 422, "empty_message"),
    ("lone surrogate", {"text": "\ud800"}, 422, "empty_message"),
    ("10,000 characters", {"text": "水" * 10_000}, 422, "text_too_long"),
    ("1,001 characters", {"text": "水" * 1001}, 422, "text_too_long"),
    ("number", {"text": 5}, 422, "invalid_request"),
    ("list", {"text": ["水费"]}, 422, "invalid_request"),
    ("null", {"text": None}, 422, "text_or_payload"),
    ("nothing", {}, 422, "text_or_payload"),
    ("both", {"text": "水费", "payload": {"do": "human"}}, 422, "text_or_payload"),
    ("unknown key", {"text": "水费", "\ud800": 1}, 422, "invalid_request"),
    ("unknown mode", {"text": "水费", "mode": "child"}, 422, "invalid_request"),
    ("bad client id", {"text": "水费", "client_id": "a b"}, 422, "invalid_request"),
    ("unknown button", {"payload": {"do": "drop_table"}}, 422, "invalid_request"),
    ("button without do", {"payload": {"service_id": "swj-01"}}, 422, "invalid_request"),
    ("button without service", {"payload": {"do": "start"}}, 422, "invalid_request"),
    ("button with path", {"payload": {"do": "card", "service_id": "../entries"}}, 422, "invalid_request"),
    ("button with more", {"payload": {"do": "human", "x": 1}}, 422, "invalid_request"),
    ("empty say", {"payload": {"do": "say", "value": " "}}, 422, "empty_message"),
    ("huge number", {"payload": {"do": "rate", "value": 10**300}}, 422, "invalid_request"),
    ("payload as text", {"payload": "human"}, 422, "invalid_request"),
    ("a list", [], 422, "invalid_request"),
    ("a string", "水费", 422, "invalid_request"),
]


@pytest.mark.parametrize(("body", "status", "code"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
async def test_bad_turns(client: httpx.AsyncClient, conversation: str, body: object, status: int, code: str) -> None:
    content = json.dumps(body)
    response = await client.post(
        f"/v1/conversations/{conversation}/messages", content=content, headers={"Content-Type": "application/json"}
    )
    assert is_problem(response, status, code), response.text


RAW = [
    ("broken", b'{"text": ', 400, "invalid_json"),
    ("not utf-8", b'{"text": "\xff\xfe"}', 400, "bad_request"),
    ("nan", b'{"payload": {"do": "rate", "value": NaN}}', 422, "invalid_request"),
    ("deep", b"[" * 60_000, 400, "bad_request"),
    ("endless number", b'{"text": ' + b"9" * 5000 + b"}", 400, "bad_request"),
    ("too large", b" " * 70_000, 413, "too_large"),
]


@pytest.mark.parametrize(("content", "status", "code"), [row[1:] for row in RAW], ids=[row[0] for row in RAW])
async def test_bad_bodies(client: httpx.AsyncClient, conversation: str, content: bytes, status: int, code: str) -> None:
    for path in (f"/v1/conversations/{conversation}/messages", "/chat/messages"):
        response = await client.post(path, content=content, headers={"Content-Type": "application/json"})
        assert is_problem(response, status, code), response.text


GOOD = [
    "😀👍🏽",
    "👨\u200d👩\u200d👧",
    "<script>alert(1)</script>",
    "'; DROP TABLE conversations; --",
    "水\x00费",
    "{{7*7}}",
    "a" * 1000,
]


@pytest.mark.parametrize("typed", GOOD)
async def test_odd_text_is_answered(client: httpx.AsyncClient, conversation: str, typed: str) -> None:
    response = await client.post(f"/v1/conversations/{conversation}/messages", json={"text": typed})
    assert response.status_code == 200
    assert response.json()["messages"]


@pytest.mark.parametrize("unknown", ["nobody-knows-this-one", "x", "%00%00%00%00%00%00%00%00", "' OR 1=1 --"])
async def test_unknown_conversation(client: httpx.AsyncClient, unknown: str) -> None:
    url = f"/v1/conversations/{unknown}/"
    feedback = {"message_id": 1, "helpful": True}
    for response in (
        await client.get(url + "messages"),
        await client.post(url + "messages", json={"text": "水费"}),
        await client.post(url + "feedback", json=feedback),
    ):
        assert is_problem(response, 404, "conversation_not_found")


@pytest.mark.parametrize("after", ["-1", "x", "9" * 30])
async def test_bad_cursor(client: httpx.AsyncClient, conversation: str, after: str) -> None:
    response = await client.get(f"/v1/conversations/{conversation}/messages", params={"after": after})
    assert is_problem(response, 422, "invalid_request")


async def test_addresses_and_methods(client: httpx.AsyncClient) -> None:
    assert is_problem(await client.get("/v1/nothing"), 404, "not_found")
    assert is_problem(await client.put("/v1/conversations"), 405, "method_not_allowed")
    assert is_problem(await client.get("/v1/services/../../etc"), 404, "not_found")
    assert is_problem(await client.get("/v1/services/DROP"), 404, "service_not_found")
    page = await client.get("/nothing", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "没有这个页面" in page.text


async def test_an_unexpected_error_shows_nothing(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken() -> str:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(app.state.services.conversations, "create", broken)
    async with browser(app, raise_app_exceptions=False) as client:
        response = await client.post("/v1/conversations")
    assert is_problem(response, 500, "internal_error")
    assert "secret" not in response.text
    assert "Content-Security-Policy" in response.headers
