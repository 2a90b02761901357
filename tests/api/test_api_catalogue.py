"""Search, suggestions, services, speech, health, limits."""

from __future__ import annotations

import httpx
import pytest
from asgi_browser import browser
from fake_backend import FakeBackend
from fastapi import FastAPI
from sqlalchemy import Engine, create_engine

from api.app import create_app
from api.limits import TokenBuckets
from api.settings import ApiSettings
from wenban.settings import Settings


async def test_lookups(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/search", params={"q": "水费"})).json()["hits"][0]["id"] == "qa-swj-001"
    assert (await client.get("/v1/suggest", params={"q": "社保"})).json()[0]["text"] == "社保卡制卡进度查询"
    assert (await client.get("/v1/suggest", params={"q": ""})).json() == []
    assert len((await client.get("/v1/services")).json()) == 12
    assert (await client.get("/v1/services/swj-02")).json()["name"] == "水费缴纳"
    assert (await client.get("/v1/services/swj-99")).json()["code"] == "service_not_found"
    assert len((await client.get("/v1/hot")).json()) == 5
    assert (await client.get("/v1/search", params={"q": " \x00"})).json()["code"] == "empty_query"
    assert (await client.get("/v1/search")).status_code == 422


async def test_knowledge_down(client: httpx.AsyncClient, backend: FakeBackend) -> None:
    backend.fail.add("knowledge")
    found = (await client.get("/v1/search", params={"q": "交水费怎么交"})).json()
    assert found["degraded"] is True
    assert found["hits"][0]["id"] == "qa-swj-001"
    for path in ("/v1/suggest?q=水", "/v1/services", "/v1/services/swj-01", "/v1/hot"):
        response = await client.get(path)
        assert (response.status_code, response.json()["code"]) == (503, "knowledge_unavailable")
    page = await client.get("/")
    assert page.status_code == 200
    assert "事项列表暂时取不到" in page.text


async def test_speech(client: httpx.AsyncClient) -> None:
    response = await client.post("/v1/speech", json={"text": "您好", "rate": 0.8})
    assert (response.status_code, response.headers["content-type"]) == (200, "audio/wav")
    assert response.content[:4] == b"RIFF"
    for body, status, code in (
        ({"text": "坏"}, 503, "speech_unavailable"),
        ({"text": " "}, 422, "empty_message"),
        ({"text": "水" * 2001}, 422, "text_too_long"),
        ({"text": "好", "rate": 9}, 422, "invalid_request"),
        ({"text": "好", "rate": 2.0}, 422, "invalid_request"),
        ({"text": "好", "rate": 0.5}, 422, "invalid_request"),
        ({"text": "好", "volume": 3}, 422, "invalid_request"),
        ({"text": "好", "format": "flac"}, 422, "invalid_request"),
        ({"text": "没有这个声音", "voice": "nobody"}, 422, "invalid_speech"),
        ({"text": "好", "voice": "../../etc/passwd"}, 422, "invalid_request"),
    ):
        response = await client.post("/v1/speech", json=body)
        assert (response.status_code, response.json()["code"]) == (status, code)


async def test_speech_piece_by_piece(client: httpx.AsyncClient) -> None:
    whole = await client.post("/v1/speech", json={"text": "今天多云。"})
    assert "Speech-Pieces" not in whole.headers
    for body, count in (({"piece": 0}, "3"), ({"piece": 2}, "3"), ({"piece": 0, "after": 20}, "1")):
        response = await client.post("/v1/speech", json={"text": "今天多云。", **body})
        assert (response.status_code, response.headers["Speech-Pieces"]) == (200, count)
        assert response.content[:4] == b"RIFF"
    for body in ({"piece": -1}, {"piece": 0, "after": -1}, {"piece": "all"}):
        response = await client.post("/v1/speech", json={"text": "您好", **body})
        assert (response.status_code, response.json()["code"]) == (422, "invalid_request")
    response = await client.post("/v1/speech", json={"text": "坏", "piece": 0})
    assert (response.status_code, response.json()["code"]) == (503, "speech_unavailable")


async def test_speech_as_opus_and_mp3_louder_and_labelled(client: httpx.AsyncClient) -> None:
    import io

    import av

    usual = (await client.post("/v1/speech", json={"text": "您好"})).content
    for form, kind in (("opus", "audio/ogg"), ("mp3", "audio/mpeg")):
        response = await client.post("/v1/speech", json={"text": "您好", "format": form, "volume": 0.5})
        assert response.status_code == 200
        assert response.headers["content-type"].startswith(kind)
        assert response.headers["AI-Generated"] == "synthetic-speech"
        assert len(response.content) < len(usual)
        with av.open(io.BytesIO(response.content)) as file:
            told = {**file.metadata, **file.streams.audio[0].metadata}
            assert "synthetic speech" in {name.lower(): value for name, value in told.items()}["comment"]
            assert 0.25 < sum(frame.samples / frame.sample_rate for frame in file.decode(audio=0)) < 0.5


async def test_health(client: httpx.AsyncClient, backend: FakeBackend) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    ready = await client.get("/readyz")
    assert (ready.status_code, set(ready.json().values())) == (200, {True})
    backend.fail.add("knowledge")
    ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()["knowledge"], ready.json()["database"]) == (200, False, True)


async def test_unready_without_a_database(settings: Settings, engine: Engine) -> None:
    broken = create_engine("sqlite:////nowhere/at/all.db")
    async with browser(create_app(settings, ApiSettings(), broken)) as client:
        ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()["database"]) == (503, False)


async def test_metrics_are_for_this_machine(app: FastAPI) -> None:
    async with browser(app, client=("203.0.113.9", 1)) as client:
        assert (await client.get("/metrics")).json()["code"] == "forbidden"


async def test_a_client_that_floods_is_slowed(app: FastAPI) -> None:
    async with browser(app, client=("203.0.113.9", 1)) as client:
        answers = [await client.post("/v1/conversations") for _ in range(25)]
    assert [answer.status_code for answer in answers[:20]] == [201] * 20
    assert answers[-1].json()["code"] == "too_many_requests"
    assert int(answers[-1].headers["Retry-After"]) >= 1
    async with browser(app, client=("203.0.113.10", 1)) as client:
        assert (await client.post("/v1/conversations")).status_code == 201


def test_buckets_fill_again() -> None:
    at = 0.0
    buckets = TokenBuckets(2, 1.0, clock=lambda: at)
    assert [buckets.take("a") for _ in range(3)] == [0.0, 0.0, pytest.approx(1.0)]
    at = 1.0
    assert buckets.take("a") == 0.0
    assert buckets.take("b") == 0.0


async def test_the_interface_describes_itself(client: httpx.AsyncClient) -> None:
    schema = (await client.get("/openapi.json")).json()
    assert "/v1/conversations/{conversation_id}/messages" in schema["paths"]
    page = await client.get("/docs")
    assert page.status_code == 200
    assert "/v1/speech" in page.text
