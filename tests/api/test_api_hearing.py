"""Speech in over the API: recordings, turns by voice, the stream while somebody speaks."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

import httpx
import pytest
from fake_backend import FakeBackend, FakeListener, FakeSpeaker
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from starlette.websockets import WebSocketDisconnect

from api.app import create_app
from api.conversations.repository import ConversationRepository
from api.models import ConversationMessage
from api.settings import ApiSettings
from api.speech.pending import Pending, settle
from api.speech.saying import aloud
from wenban.database import session_scope
from wenban.settings import Settings
from wenban.turns import Message, Reply, Turn


async def send(client: httpx.AsyncClient, said: str, **form: Any) -> httpx.Response:
    return await client.post("/v1/transcriptions", files={"audio": ("a.webm", said.encode(), "audio/webm")}, data=form)


async def speak(client: httpx.AsyncClient, conversation: str, said: str, **form: Any) -> httpx.Response:
    files = {"audio": ("a.wav", said.encode(), "audio/wav")}
    return await client.post(f"/v1/conversations/{conversation}/messages", files=files, data=form)


async def test_a_recording_becomes_text(client: httpx.AsyncClient) -> None:
    body = (await send(client, "水费怎么交")).json()
    assert (body["text"], body["uncertain"], body["suggestion"]) == ("水费怎么交", False, None)
    body = (await send(client, "水废怎么交|水费怎么交")).json()
    assert (body["uncertain"], body["suggestion"]) == (True, "水费怎么交")


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("silence", 422), ("no_speech", 422), ("bad_recording", 422), ("unknown_format", 415),
        ("recording_too_long", 413), ("hearing_absent", 503), ("hearing_busy", 503), ("hearing_failed", 503),
    ],
)  # fmt: skip
async def test_every_failure_has_a_code_and_a_sentence(
    client: httpx.AsyncClient, conversation: str, code: str, status: int
) -> None:
    for response in (await send(client, f"!{code}"), await speak(client, conversation, f"!{code}")):
        assert (response.status_code, response.json()["code"]) == (status, code)
        assert any("一" <= char <= "鿿" for char in response.json()["message"])
        assert ("retry-after" in response.headers) == (code == "hearing_busy")
    assert (await client.get(f"/v1/conversations/{conversation}/messages")).json()["messages"] == []


async def test_without_a_recogniser_one_can_type(engine: Engine, settings: Settings) -> None:
    """The real listener in an empty home has no weights."""
    from asgi_browser import browser

    app = create_app(settings, ApiSettings(), engine, FakeSpeaker())
    async with app.router.lifespan_context(app), browser(app) as client:
        response = await send(client, "水费")
        assert (response.status_code, response.json()["code"]) == (503, "hearing_absent")
        assert "打字" in response.json()["message"]


async def test_size_and_shape(client: httpx.AsyncClient, conversation: str) -> None:
    assert (await send(client, "水" * 1_000_000)).status_code == 200  # 3 MB
    for url in ("/v1/transcriptions", f"/v1/conversations/{conversation}/messages"):
        response = await client.post(url, files={"audio": ("a.wav", b"x" * (4 << 20))})
        assert (response.status_code, response.json()["code"]) == (413, "too_large")
        response = await client.post(url, files={"sound": ("a.wav", b"x")})
        assert (response.status_code, response.json()["code"]) == (422, "invalid_request")
    # Larger bodies are for recordings alone.
    big = {"text": "水" * 100_000}
    assert (await client.post(f"/v1/conversations/{conversation}/messages", json=big)).status_code == 413
    assert (await client.post("/v1/speech", files={"audio": ("a.wav", b"x" * 100_000)})).status_code == 413


async def test_a_turn_by_voice(client: httpx.AsyncClient, conversation: str, backend: FakeBackend) -> None:
    response = await speak(client, conversation, "水费咋交", mode="elder", client_id="v1", format="wav")
    body = response.json()
    assert response.status_code == 200
    assert body["transcript"]["text"] == "水费咋交"
    assert body["turn"]["status"] == "answered"
    assert body["messages"]
    assert base64.b64decode(body["speech"]["audio"])[:4] == b"RIFF"
    assert (body["speech"]["media_type"], body["speech"]["ai_generated"]) == ("audio/wav", True)
    assert body["speech"]["text"]
    assert backend.turns[0]["metadata"]["mode"] == "elder"
    history = (await client.get(f"/v1/conversations/{conversation}/messages")).json()["messages"]
    assert history[0]["text"] == "水费咋交"
    assert str(history[1]["id"]) == response.headers["Wenban-Message-Id"]

    again = await speak(client, conversation, "水费咋交", client_id="v1", speak="false")
    assert again.json()["messages"] == body["messages"]
    assert again.json()["speech"] is None
    assert len(backend.turns) == 1

    unknown = await speak(client, "A" * 24, "水费咋交")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "conversation_not_found")


async def test_words_still_come_as_json(client: httpx.AsyncClient, conversation: str) -> None:
    response = await client.post(f"/v1/conversations/{conversation}/messages", json={"text": "水费咋交"})
    assert response.json()["turn"]["status"] == "answered"
    assert "transcript" not in response.json()


async def test_without_a_voice_the_words_remain(client: httpx.AsyncClient, conversation: str) -> None:
    body = (await speak(client, conversation, "坏?", confirm="true")).json()
    assert body["speech"] is None
    assert "坏" in body["messages"][0]["text"]


async def test_what_is_uncertain_is_confirmed_by_voice(
    client: httpx.AsyncClient, conversation: str, backend: FakeBackend
) -> None:
    asked = (await speak(client, conversation, "水费咋交?")).json()
    assert (asked["turn"]["status"], asked["turn"]["note"]) == ("clarify", "heard_uncertain")
    assert asked["messages"][0]["speech"] == "您说的是，水费咋交，对吗？"
    assert backend.turns == []
    again = (await speak(client, conversation, "不对")).json()
    assert again["turn"]["note"] == "heard_again"
    await speak(client, conversation, "水费咋交?")
    done = (await speak(client, conversation, "对的。?")).json()
    assert done["turn"]["status"] == "answered"
    assert [turn["message"] for turn in backend.turns] == ["水费咋交"]

    which = (await speak(client, conversation, "水废咋交|水费咋交")).json()
    assert which["messages"][0]["speech"] == "您说的是哪一句？第一，水费咋交。第二，水废咋交。"
    assert [choice["payload"].get("value") for choice in which["messages"][0]["choices"]][:2] == [
        "水费咋交",
        "水废咋交",
    ]
    assert which["messages"][0]["choices"][-1]["payload"]["do"] == "human"
    await speak(client, conversation, "第一个")
    assert backend.turns[-1]["message"] == "水费咋交"

    await speak(client, conversation, "水费咋交?")
    await speak(client, conversation, "两段")  # something new
    assert backend.turns[-1]["message"] == "两段"
    await speak(client, conversation, "水费咋交?", confirm="false")
    assert backend.turns[-1]["message"] == "水费咋交"


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        ("对", "words", "甲"), ("嗯。", "words", "甲"),
        ("是的，没错", "words", "甲"), ("不是", "again", ""), ("错了", "again", ""),
        ("对，就是这个", "words", "甲"), ("不对不对", "again", ""),
        ("第一个", "words", "甲"), ("我要交电费", "new", ""), ("第二个", "new", ""),
    ],
)  # fmt: skip
def test_answers_to_one_reading(said: str, kind: str, words: str) -> None:
    settled = settle(Pending(("甲",)), said)
    assert (settled.kind, settled.words) == (kind, words)


def test_of_two_readings_a_bare_yes_means_neither() -> None:
    assert settle(Pending(("甲", "乙")), "第二个").words == "乙"
    assert settle(Pending(("甲", "乙")), "对").kind == "new"  # which of the two?


async def test_a_question_outlives_the_process(
    client: httpx.AsyncClient, conversation: str, backend: FakeBackend, engine: Engine, settings: Settings
) -> None:
    """It is kept with the conversation: another process hears the answer, and a repeated request changes nothing."""
    from asgi_browser import browser

    asked = (await speak(client, conversation, "水费咋交?", client_id="u1")).json()
    repeated = (await speak(client, conversation, "水费咋交?", client_id="u1")).json()
    assert repeated["messages"] == asked["messages"]
    app = create_app(settings, ApiSettings(), engine, FakeSpeaker(), FakeListener())
    async with app.router.lifespan_context(app), browser(app) as other:
        done = (await speak(other, conversation, "对", client_id="u2")).json()
    assert done["turn"]["status"] == "answered"
    assert [turn["message"] for turn in backend.turns] == ["水费咋交"]
    history = (await client.get(f"/v1/conversations/{conversation}/messages")).json()["messages"]
    assert [item["turn"]["note"] for item in history if item["role"] == "assistant"] == ["heard_uncertain", None]


async def test_a_question_is_forgotten_in_time(
    client: httpx.AsyncClient, conversation: str, backend: FakeBackend, engine: Engine
) -> None:
    await speak(client, conversation, "水费咋交?")
    with session_scope(engine) as session:
        for message in session.query(ConversationMessage):
            message.created_at -= dt.timedelta(minutes=6)
    await speak(client, conversation, "对")
    assert backend.turns[-1]["message"] == "对"


async def test_asking_what_was_heard_is_no_turn_of_the_form(
    client: httpx.AsyncClient, conversation: str, engine: Engine
) -> None:
    await speak(client, conversation, "挂个号")
    await speak(client, conversation, "骨颗?")
    with session_scope(engine) as session:
        assert ConversationRepository(session).awaiting(conversation) == "dept"


def test_after_stop_nothing_else_is_spoken() -> None:
    messages = [Message(type="text", text="好，不念了。"), Message(type="question", text="哪家医院？")]
    assert aloud(Reply(messages=messages, turn=Turn(note="stop"))) == "好，不念了。"
    assert aloud(Reply(messages=messages, turn=Turn())) == "好，不念了。\n哪家医院？"


async def test_the_voice_of_a_spoken_reply(client: httpx.AsyncClient, conversation: str) -> None:
    assert (await speak(client, conversation, "水费", rate="0.6", volume="2")).status_code == 200
    assert (await speak(client, conversation, "水费", rate="9")).status_code == 422


def test_the_stream(unstarted: FastAPI) -> None:
    with TestClient(unstarted) as client, client.websocket_connect("/v1/transcriptions/stream") as socket:
        assert socket.receive_json() == {"type": "ready"}
        socket.send_bytes(bytes(32_000 * 2))
        partial = socket.receive_json()
        assert partial == {"type": "partial", "text": "听到20"}
        socket.send_bytes(bytes(32_000))
        socket.send_json({"type": "end"})
        last = socket.receive_json()
        while last["type"] == "partial":
            last = socket.receive_json()
        assert (last["type"], last["text"], last["uncertain"]) == ("final", "听到30", False)
        with pytest.raises(WebSocketDisconnect):
            socket.receive_json()


def test_a_stream_that_goes_wrong(unstarted: FastAPI) -> None:
    with TestClient(unstarted) as client:
        with client.websocket_connect("/v1/transcriptions/stream") as socket:
            socket.receive_json()
            socket.send_text("what?")
            assert socket.receive_json()["code"] == "bad_recording"
        with client.websocket_connect("/v1/transcriptions/stream") as socket:
            socket.receive_json()
            socket.send_bytes(bytes(32_000 * 61))
            assert socket.receive_json()["code"] == "recording_too_long"
        with client.websocket_connect("/v1/transcriptions/stream") as socket:
            socket.receive_json()
            socket.send_json({"type": "cancel"})
            with pytest.raises(WebSocketDisconnect):
                socket.receive_json()


def test_a_stream_without_a_recogniser(engine: Engine, settings: Settings) -> None:
    listener = FakeListener()
    listener.available = False
    app = create_app(settings, ApiSettings(), engine, FakeSpeaker(), listener)
    with TestClient(app) as client, client.websocket_connect("/v1/transcriptions/stream") as socket:
        told = socket.receive_json()
        assert (told["type"], told["code"]) == ("error", "hearing_absent")
