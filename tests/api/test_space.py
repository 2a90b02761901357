"""My space on a real server: whose things one sees, notices pushed and kept, webhooks, what is remembered."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

import httpx
import pytest
from real_server import Server
from signing import Browser, bearer
from sqlalchemy import Engine
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from api.models import Conversation
from api.security import unsign
from api.space.webhook import token_of
from api.web import chat
from wenban.citizens import CitizenRecord, SavedValueRepository, now
from wenban.database import session_scope
from wenban.ratings import RatingRepository
from wenban.tracking import TrackedMatter, TrackingRepository

STEPS = [
    {"name": "受理", "state": "done", "at": "2026-11-20T09:00:00", "note": ""},
    {"name": "审查", "state": "now", "at": None, "note": "<b>缺材料</b>"},
    {"name": "送达", "state": "todo", "at": None, "note": ""},
]


def submitted(engine: Engine, receipt: str, citizen_id: int | None, conversation: str, **more: Any) -> None:
    columns = {
        "kind": "application", "service_id": "rsj-01", "service_name": "社保卡申领", "connector": "apply",
        "status": "审查", "message": "正在审查。", "steps": STEPS, "lines": [], "checked_at": now(),
        "next_check_at": now() + dt.timedelta(hours=1),
    }  # fmt: skip
    with session_scope(engine) as session:
        session.add(
            TrackedMatter(
                key=uuid.uuid4().hex, receipt_no=receipt, citizen_id=citizen_id, conversation_id=conversation,
                **columns | more,
            )
        )  # fmt: skip


def told(engine: Engine, receipt: str, title: str = "“社保卡申领”有新进展：决定") -> None:
    """Tell what the watcher would have found out."""
    with session_scope(engine) as session:
        row = session.query(TrackedMatter).filter_by(receipt_no=receipt).one()
        assert TrackingRepository(session).tell(
            row, f"status:{uuid.uuid4().hex}", "status", title, f"办好了，{receipt}"
        )


def citizen_id(engine: Engine, name: str) -> int:
    with session_scope(engine) as session:
        return next(row.id for row in session.query(CitizenRecord) if row.name == name)


def start(server: Server, **headers: str) -> str:
    answer = httpx.post(f"{server.url}/v1/conversations", headers=headers, timeout=30)
    return str(answer.json()["conversation_id"])


def listen(server: Server, path: str, **headers: str) -> ClientConnection:
    return connect(f"{server.url.replace('http', 'ws')}{path}", additional_headers=headers, open_timeout=10)


def hear(socket: ClientConnection) -> dict[str, Any]:
    return dict(json.loads(socket.recv(timeout=10)))


def test_matters_are_seen_by_their_citizen_on_any_device(server: Server, person: Browser) -> None:
    person.sign_in("demo-wangxl", 2)
    mine = citizen_id(server.engine, "王秀兰")
    submitted(server.engine, "BL1", mine, "one")
    submitted(server.engine, "YY1", mine, "two", kind="appointment", starts_at=dt.datetime(2026, 12, 1, 9))
    submitted(server.engine, "BL2", mine + 100, "three")
    submitted(server.engine, "BL3", None, "four")
    headers = {"Authorization": f"Bearer {bearer(server.url, 'demo-wangxl', 2)}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=30) as http:
        found = http.get("/v1/me/matters").json()
        assert {matter["receipt_no"] for matter in found} == {"BL1", "YY1"}
        assert [m["receipt_no"] for m in http.get("/v1/me/matters?kind=appointment").json()] == ["YY1"]
        one = http.get("/v1/me/matters/BL1").json()
        assert [step["state"] for step in one["steps"]] == ["done", "now", "todo"]
        assert http.get("/v1/me/matters/BL2").status_code == 404
        assert http.get("/v1/me/matters/BL3").status_code == 404
        assert http.get("/v1/me/matters?kind=nonsense").status_code == 422
    page = person.page("/me")
    assert "BL1" in page
    assert "2026-12-01 09:00" in page
    assert "BL2" not in page
    assert "&lt;b&gt;缺材料" in page
    assert "<b>缺材料" not in page


def test_an_anonymous_citizen_sees_this_conversation_only(server: Server, person: Browser) -> None:
    person.say("水费怎么交")
    here = str(unsign(person.http.cookies[chat.COOKIE]))
    submitted(server.engine, "BL4", None, here)
    submitted(server.engine, "BL5", 1, here)
    submitted(server.engine, "BL6", None, start(server))
    page = person.page("/me")
    assert "BL4" in page
    assert "没有登录" in page
    assert not {"BL5", "BL6"} & set(page.split())
    api = httpx.get(f"{server.url}/v1/conversations/{here}/matters", timeout=30).json()
    assert [matter["receipt_no"] for matter in api] == ["BL4"]
    person.sign_in("demo-wangxl", 2)
    assert "BL4" in person.page("/me"), "what was submitted before signing in is now theirs"
    assert httpx.get(f"{server.url}/v1/conversations/{here}/matters", timeout=30).status_code == 401


def test_looking_has_the_department_asked(server: Server) -> None:
    here = start(server)
    past = now() - dt.timedelta(minutes=5)
    submitted(server.engine, "BL7", None, here, checked_at=past)
    submitted(server.engine, "BL8", None, here, checked_at=now())
    httpx.get(f"{server.url}/v1/conversations/{here}/matters", timeout=30)
    with session_scope(server.engine) as session:
        due = [row.receipt_no for row in TrackingRepository(session).due(now())]
    assert due == ["BL7"], "one that was asked about just now is not asked again"


def test_a_notice_is_pushed_and_stays_unread(server: Server) -> None:
    here = start(server)
    submitted(server.engine, "BL9", None, here)
    with listen(server, f"/v1/conversations/{here}/events") as socket:
        assert hear(socket) == {"type": "unread", "count": 0, "notices": []}
        told(server.engine, "BL9")
        news = hear(socket)
        assert (news["type"], news["unread"], news["notice"]["receipt_no"]) == ("notice", 1, "BL9")
        told(server.engine, "BL9")
        assert hear(socket)["unread"] == 2
    url = f"{server.url}/v1/conversations/{here}/notices"
    unread = httpx.get(url, params={"unread": True}, timeout=30).json()
    assert len(unread) == 2
    with listen(server, f"/v1/conversations/{here}/events") as socket:
        assert hear(socket)["count"] == 2, "kept for later"
    httpx.post(f"{url}/read", json={"ids": [unread[0]["id"]]}, timeout=30).raise_for_status()
    assert len(httpx.get(url, params={"unread": True}, timeout=30).json()) == 1
    httpx.post(f"{url}/read", json={}, timeout=30).raise_for_status()
    assert httpx.get(url, params={"unread": True}, timeout=30).json() == []
    assert len(httpx.get(url, timeout=30).json()) == 2


def test_a_notice_reaches_its_citizen_and_nobody_else(server: Server) -> None:
    own = {"Authorization": f"Bearer {bearer(server.url, 'demo-wangxl', 2)}"}
    other = {"Authorization": f"Bearer {bearer(server.url, 'demo-lijg', 2)}"}
    mine, theirs, nobodys = start(server, **own), start(server, **other), start(server)
    submitted(server.engine, "BL10", citizen_id(server.engine, "王秀兰"), "an earlier conversation")
    with (
        listen(server, f"/v1/conversations/{mine}/events", **own) as first,
        listen(server, f"/v1/conversations/{theirs}/events", **other) as second,
        listen(server, f"/v1/conversations/{nobodys}/events") as third,
    ):
        for socket in (first, second, third):
            assert hear(socket)["count"] == 0
        told(server.engine, "BL10")
        assert hear(first)["notice"]["receipt_no"] == "BL10"
        for socket in (second, third):
            with pytest.raises(TimeoutError):
                socket.recv(timeout=1)


@pytest.mark.parametrize(
    ("signed_in", "origin", "code"),
    [(False, None, 4401), (True, "https://evil.example", 4403)],
)
def test_a_socket_that_may_not_listen(server: Server, signed_in: bool, origin: str | None, code: int) -> None:
    own = {"Authorization": f"Bearer {bearer(server.url, 'demo-wangxl', 2)}"}
    here = start(server, **own)
    headers = own if signed_in else {}
    if origin:
        headers = headers | {"Origin": origin}
    with listen(server, f"/v1/conversations/{here}/events", **headers) as socket:
        refused = hear(socket)
        assert refused["type"] == "error"
        assert any("一" <= char <= "鿿" for char in refused["message"])
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(timeout=5)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == code


@pytest.mark.parametrize("conversation", ["abcdefghijklmnop", "x"])
def test_a_socket_of_no_conversation(server: Server, conversation: str) -> None:
    with listen(server, f"/v1/conversations/{conversation}/events") as socket:
        assert hear(socket)["code"] == "conversation_not_found"


def test_the_page_s_socket_brings_html(server: Server, person: Browser) -> None:
    person.say("水费怎么交")
    here = str(unsign(person.http.cookies[chat.COOKIE]))
    submitted(server.engine, "BL11", None, here)
    cookie = f"{chat.COOKIE}={person.http.cookies[chat.COOKIE]}"
    with listen(server, "/chat/events", Cookie=cookie, Origin=server.url) as socket:
        assert hear(socket)["count"] == 0
        told(server.engine, "BL11", "<i>新</i>")
        html = hear(socket)["notice"]["html"]
        assert "&lt;i&gt;新" in html
        assert "/me#m-BL11" in html
    page = person.page()
    assert "1 条新消息" in page
    assert 'id="unread" hidden' not in page
    assert person.http.post("/me/notices/read").status_code == 303
    assert "条新消息" not in person.page()


def test_a_department_may_say_that_something_moved(server: Server) -> None:
    here = start(server)
    submitted(server.engine, "BL12", None, here, finished=True)
    url, body = f"{server.url}/v1/webhooks/apply", {"receipt_no": "BL12"}
    right = {"Authorization": f"Bearer {token_of('apply')}"}
    assert httpx.post(url, json=body, timeout=30).status_code == 401
    other = {"Authorization": f"Bearer {token_of('hospital')}"}
    assert httpx.post(url, json=body, headers=other, timeout=30).status_code == 401
    assert httpx.post(url, json={"receipt_no": "BL99"}, headers=right, timeout=30).status_code == 404
    assert httpx.post(url, json=body | {"status": "办结"}, headers=right, timeout=30).status_code == 422
    assert httpx.post(url, json=body, headers=right, timeout=30).status_code == 202
    with session_scope(server.engine) as session:
        assert [row.receipt_no for row in TrackingRepository(session).due(now())] == ["BL12"]


def test_what_is_remembered_is_shown_masked_and_can_be_deleted(server: Server, person: Browser) -> None:
    person.sign_in("demo-wangxl", 2)
    mine = citizen_id(server.engine, "王秀兰")

    def keep() -> None:
        with session_scope(server.engine) as session:
            for name, value in (("account@water", ["10023345"]), ("profile.phone", "13900001234")):
                SavedValueRepository(session).keep(mine, 0, name, name, value, "水费查询")

    keep()
    page = person.page("/me/info")
    assert "139****1234" in page
    assert "13900001234" not in page
    values = person.http.get("/v1/me/saved").json()
    assert person.http.delete(f"/v1/me/saved/{values[0]['id']}").status_code == 204
    assert len(person.http.get("/v1/me/saved").json()) == 1
    assert person.http.post("/me/info/remember", data={"remember": "no"}).status_code == 403, "no CSRF token"
    done = person.http.post("/me/info/remember", data={"remember": "no", "csrf": person.csrf()})
    assert done.status_code == 303
    assert person.http.get("/v1/me/saved").json() == []
    keep()
    assert person.http.get("/v1/me/saved").json() == [], "and nothing more is kept"
    assert "现在不记" in person.page("/me/info")


def test_conversations_of_a_citizen(server: Server, person: Browser) -> None:
    person.sign_in("demo-wangxl", 2)
    person.say("挂个号")
    found = person.http.get("/v1/me/conversations").json()
    assert [(item["open"], item["awaiting"]) for item in found] == [(True, None)] or found[0]["open"]
    other = Browser(server.url)
    other.sign_in("demo-lijg", 2)
    taken = other.http.post("/me/continue", data={"conversation_id": found[0]["conversation_id"], "csrf": other.csrf()})
    assert taken.status_code == 404
    other.close()
    with session_scope(server.engine) as session:
        assert session.get_one(Conversation, found[0]["conversation_id"]).citizen_id == citizen_id(
            server.engine, "王秀兰"
        )


def test_one_s_own_ratings(server: Server, person: Browser) -> None:
    person.sign_in("demo-wangxl", 2)
    person.say("水费怎么交")
    here = str(unsign(person.http.cookies[chat.COOKIE]))
    submitted(server.engine, "BL20", citizen_id(server.engine, "王秀兰"), here)
    with session_scope(server.engine) as session:
        ratings, today = RatingRepository(session), dt.date.today()
        ratings.add("BL20", 4, today, service=("rsj-01", "社保卡申领"))
        ratings.add(f"conversation:{here}", 5, today)
        ratings.add("BL21", 1, today)
    found = person.http.get("/v1/me/ratings").json()
    assert {(rating["receipt_no"], rating["stars"]) for rating in found} == {("BL20", 4), (None, 5)}
    assert "满意（4 分）" in person.page("/me")


@pytest.mark.parametrize("path", ["/me/info", "/me/relatives"])
def test_pages_of_a_citizen_want_one(person: Browser, path: str) -> None:
    answer = person.http.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 401
    assert "请先登录" in answer.text
