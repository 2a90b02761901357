"""Turns over the citizen API: happy path, merging, degrading, idempotency, order."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from fake_backend import FakeBackend
from fastapi import FastAPI
from sqlalchemy import Engine, text

from api.conversations.rasa import DEFUSE, DialogueUnavailable, merge
from wenban.turns import Reply


async def say(client: httpx.AsyncClient, conversation: str, **body: object) -> httpx.Response:
    return await client.post(f"/v1/conversations/{conversation}/messages", json=body)


async def test_a_turn_is_answered_and_kept(
    client: httpx.AsyncClient, conversation: str, backend: FakeBackend, engine: Engine
) -> None:
    response = await say(client, conversation, text=" 水费咋交 ", mode="elder")
    assert response.status_code == 200
    reply = Reply.model_validate(response.json())
    assert (reply.messages[0].type, reply.turn.status, reply.turn.act) == ("answer", "answered", "ask")
    sent = backend.turns[0]
    assert (sent["sender"], sent["message"], sent["metadata"]["mode"]) == (conversation, "水费咋交", "elder")
    assert sent["metadata"]["payload"] is None
    assert sent["metadata"]["city"]
    assert sent["metadata"]["turn_id"]

    history = (await client.get(f"/v1/conversations/{conversation}/messages")).json()["messages"]
    assert [item["role"] for item in history] == ["citizen", "assistant"]
    assert history[0]["text"] == "水费咋交"
    assert Reply.model_validate({"messages": history[1]["messages"], "turn": history[1]["turn"]}) == reply
    assert str(history[1]["id"]) == response.headers["Wenban-Message-Id"]
    later = await client.get(f"/v1/conversations/{conversation}/messages?after={history[0]['id']}")
    assert [item["role"] for item in later.json()["messages"]] == ["assistant"]
    with engine.connect() as connection:
        stored = connection.execute(text("SELECT content FROM conversation_messages")).scalars().all()
    assert all("水费".encode() not in content for content in stored)


async def test_several_parts_are_merged(client: httpx.AsyncClient, conversation: str) -> None:
    body = (await say(client, conversation, text="两段")).json()
    assert [message["text"] for message in body["messages"]] == ["先说一句。", "第二句", "第三句"]
    turn = body["turn"]
    assert (turn["status"], turn["act"], turn["slots"], turn["service_id"]) == ("done", "ask", {"a": 1}, "rsj-01")


@pytest.mark.parametrize("parts", [[], [{}], ["x", None], [{"custom": {"messages": [{"type": "?"}]}}], [{"text": " "}]])
def test_nothing_to_show_is_unavailable(parts: list[object]) -> None:
    with pytest.raises(DialogueUnavailable, match="empty"):
        merge(parts)


def test_a_turn_that_breaks_the_contract_is_unavailable() -> None:
    with pytest.raises(DialogueUnavailable, match="invalid"):
        merge([{"text": "好"}, {"custom": {"turn": {"status": "maybe"}}}])


async def test_a_button_goes_as_metadata(client: httpx.AsyncClient, conversation: str, backend: FakeBackend) -> None:
    payload = {"do": "field", "field": "dept", "value": "骨科", "label": "骨科"}
    body = (await say(client, conversation, payload=payload)).json()
    assert body["turn"]["awaiting"] == "date"
    assert backend.turns[0]["message"] == "/press"
    assert backend.turns[0]["metadata"]["payload"] == payload
    history = (await client.get(f"/v1/conversations/{conversation}/messages")).json()["messages"]
    assert history[0]["text"] == "骨科"


async def test_a_say_button_is_text(client: httpx.AsyncClient, conversation: str, backend: FakeBackend) -> None:
    await say(client, conversation, payload={"do": "say", "value": "水费咋交"})
    assert (backend.turns[0]["message"], backend.turns[0]["metadata"]["payload"]) == ("水费咋交", None)


@pytest.mark.parametrize("typed", ["/restart", '/greet{"a": 1}'])
async def test_commands_are_defused(
    client: httpx.AsyncClient, conversation: str, backend: FakeBackend, typed: str
) -> None:
    await say(client, conversation, text=typed)
    assert backend.turns[0]["message"] == DEFUSE + typed


async def test_the_same_client_id_is_one_turn(
    client: httpx.AsyncClient, conversation: str, backend: FakeBackend
) -> None:
    first, second, third = await asyncio.gather(
        *(say(client, conversation, text="水费咋交", client_id="k-1") for _ in range(3))
    )
    assert first.json() == second.json() == third.json()
    assert first.headers["Wenban-Message-Id"] == third.headers["Wenban-Message-Id"]
    assert len(backend.turns) == 1
    await say(client, conversation, text="水费咋交", client_id="k-2")
    assert len(backend.turns) == 2


async def test_turns_of_one_conversation_come_one_by_one(client: httpx.AsyncClient, conversation: str) -> None:
    await asyncio.gather(*(say(client, conversation, text=f"第{n}句") for n in range(6)))
    history = (await client.get(f"/v1/conversations/{conversation}/messages")).json()["messages"]
    assert [item["role"] for item in history] == ["citizen", "assistant"] * 6
    for question, answer in zip(history[::2], history[1::2], strict=True):
        assert answer["messages"][0]["text"].endswith(question["text"])


@pytest.mark.parametrize("typed", ["空，水费咋交", "慢，水费咋交"], ids=["empty list", "timeout"])
async def test_search_answers_when_the_engine_does_not(
    client: httpx.AsyncClient, conversation: str, typed: str
) -> None:
    body = (await say(client, conversation, text=typed)).json()
    notice, answer = body["messages"]
    assert (notice["type"], answer["type"]) == ("notice", "answer")
    assert "暂时连不上" in notice["text"]
    assert [choice["payload"]["do"] for choice in notice["choices"]] == ["say", "human"]
    assert body["turn"]["status"] == "answered"
    assert body["turn"]["candidates"][0]["probability"] >= 0.5


async def test_rasa_down_without_an_answer(client: httpx.AsyncClient, conversation: str, backend: FakeBackend) -> None:
    backend.fail.add("rasa")
    body = (await say(client, conversation, text="今天心情不好")).json()
    assert [message["type"] for message in body["messages"]] == ["notice"]
    assert body["turn"]["status"] == "error"
    again = body["messages"][0]["choices"][0]["payload"]
    backend.fail.clear()
    assert (await say(client, conversation, payload=again)).json()["turn"]["status"] == "chitchat"


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"do": "entry", "entry_id": "qa-swj-001"}, "answer"),
        ({"do": "start", "service_id": "swj-01"}, "service"),
        ({"do": "confirm"}, None),
    ],
)
async def test_buttons_when_rasa_is_down(
    client: httpx.AsyncClient, conversation: str, backend: FakeBackend, payload: dict[str, str], expected: str | None
) -> None:
    backend.fail.add("rasa")
    body = (await say(client, conversation, payload=payload)).json()
    assert [message["type"] for message in body["messages"]] == ["notice", *([expected] if expected else [])]
    retry = body["messages"][0]["choices"][0]["payload"]
    assert retry.items() >= payload.items()


async def test_human_is_always_there(client: httpx.AsyncClient, conversation: str, backend: FakeBackend) -> None:
    backend.fail |= {"rasa", "knowledge"}
    body = (await say(client, conversation, payload={"do": "human"})).json()
    assert body["turn"]["status"] == "handoff"
    assert "12345" in body["messages"][0]["text"]


async def test_everything_down_still_answers_from_the_database(
    client: httpx.AsyncClient, conversation: str, backend: FakeBackend
) -> None:
    backend.fail |= {"rasa", "knowledge"}
    body = (await say(client, conversation, text="社保卡丢了咋补办")).json()
    assert [message["type"] for message in body["messages"]] == ["notice", "answer"]
    assert body["messages"][1]["text"] == "先挂失，再补办。"
    pressed = (await say(client, conversation, payload={"do": "entry", "entry_id": "qa-swj-001"})).json()
    assert pressed["messages"][1]["title"] == "水费怎么交？"


async def test_feedback(client: httpx.AsyncClient, conversation: str) -> None:
    message_id = int((await say(client, conversation, text="水费咋交")).headers["Wenban-Message-Id"])
    url = f"/v1/conversations/{conversation}/feedback"
    for helpful in (True, False):
        body = {"message_id": message_id, "helpful": helpful, "reason": "没说清楚"}
        assert (await client.post(url, json=body)).status_code == 204
    history = (await client.get(f"/v1/conversations/{conversation}/messages")).json()["messages"]
    assert history[1]["helpful"] is False
    for wrong in (message_id - 1, message_id + 99):
        response = await client.post(url, json={"message_id": wrong, "helpful": True})
        assert (response.status_code, response.json()["code"]) == (404, "message_not_found")
    other = (await client.post("/v1/conversations")).json()["conversation_id"]
    url = f"/v1/conversations/{other}/feedback"
    assert (await client.post(url, json={"message_id": message_id, "helpful": True})).status_code == 404


async def test_metrics_count_turns(client: httpx.AsyncClient, conversation: str, app: FastAPI) -> None:
    await say(client, conversation, text="空")
    text_ = (await client.get("/metrics")).text
    assert 'wenban_turns_total{status="error"} 1.0' in text_
    assert 'wenban_degraded_turns_total{reason="empty"} 1.0' in text_
