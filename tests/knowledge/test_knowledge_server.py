"""Check the knowledge process over HTTP: what is published is found without a restart."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from knowledge_helpers import CALIBRATION, EXAMPLES, fill
from sqlalchemy import Engine

from knowledge import server, snapshot
from knowledge.encoder import Encoder
from knowledge.repository import EntryRepository, UnansweredRepository
from wenban.database import session_scope

LIVE_WITHIN = 2.0  # seconds; the design's promise


@pytest.fixture
def client(engine: Engine, encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(snapshot, "read_examples", lambda: EXAMPLES)
    monkeypatch.setattr(server, "Encoder", lambda: encoder)
    monkeypatch.setattr(server, "Calibration", SimpleNamespace(load=lambda: CALIBRATION))
    with session_scope(engine) as session:
        fill(session)
    with TestClient(server.app) as client:
        yield client


def _best(client: TestClient, text: str) -> str | None:
    best = client.get("/resolve", params={"text": text}).json()["best"]
    return best["id"] if best else None


def _wait(client: TestClient, text: str, expected: bool, entry_id: str) -> bool:
    deadline = time.monotonic() + LIVE_WITHIN
    while time.monotonic() < deadline:
        if (_best(client, text) == entry_id) is expected:
            return True
        time.sleep(0.05)
    return False


def test_published_is_found_and_withdrawn_is_gone(client: TestClient, engine: Engine) -> None:
    text = "居住证咋办理"
    fields: dict[str, Any] = {"question": "居住证怎么办理？", "answer": "去派出所。", "spoken": "去派出所。"}
    with session_scope(engine) as session:
        entry_id = EntryRepository(session).create("li", ["办居住证"], department_id="rsj", **fields).id
    assert _best(client, text) != entry_id
    with session_scope(engine) as session:
        EntryRepository(session).publish(entry_id, "li")
    assert _wait(client, text, True, entry_id)
    assert client.get(f"/entries/{entry_id}").json()["answer"] == "去派出所。"
    with session_scope(engine) as session:
        EntryRepository(session).withdraw(entry_id, "li")
    assert _wait(client, text, False, entry_id)
    assert client.get(f"/entries/{entry_id}").status_code == 404


def test_health_and_lists(client: TestClient) -> None:
    health = client.get("/healthz").json()
    assert (health["status"], health["services"], health["entries"]) == ("ok", 3, 1)
    assert {service["id"] for service in client.get("/services").json()} == {"rsj-04", "swj-01", "gjj-01"}
    assert [hot["id"] for hot in client.get("/hot").json()] == ["rsj-04", "gjj-01"]


def test_search_suggest_and_cards(client: TestClient) -> None:
    assert client.get("/search", params={"q": "水费"}).json()["hits"][0]["id"] == "swj-01"
    assert client.get("/suggest", params={"q": "sbk"}).json()[0]["id"] == "rsj-04"
    assert client.get("/services/rsj-04").json()["name"] == "社保卡补办"
    assert client.get("/services/rsj-04/declaration").json()["fee"] == "免费"


@pytest.mark.parametrize("path", ["/services/gone-01", "/services/gone-01/declaration", "/entries/qa-gone"])
def test_what_is_not_there(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("text", ["", "长" * 1001])
def test_texts_are_bounded(client: TestClient, text: str) -> None:
    assert client.get("/resolve", params={"text": text}).status_code == 422


def test_unanswered_questions_are_kept_masked(client: TestClient, engine: Engine) -> None:
    body = {"conversation_id": "c1", "text": "我身份证371302198506150015怎么办", "resolution": None}
    assert client.post("/unanswered", json=body).status_code == 204
    with session_scope(engine) as session:
        rows, total = UnansweredRepository(session).list()
        assert total == 1
        assert "371302198506150015" not in rows[0].text
