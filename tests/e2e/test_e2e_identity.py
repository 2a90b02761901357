"""The whole product with citizens who sign in: half-filled forms, other devices, pushed news, acting for a child."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from harness import System, keep, prepare
from signing import Browser, bearer, inputs
from websockets.sync.client import connect

pytestmark = pytest.mark.e2e
BOOKING = "明天上午去人民医院挂个骨科"
ID_NO = "371302198503120021"
LAMP = {
    "problem": "路灯不亮", "place": "沂蒙路和北京路交叉口", "event_date": "昨天", "event_time": "晚上九点",
    "phone": "13900001234", "detail": "没有了", "name": "王秀兰",
}  # fmt: skip


@pytest.fixture
def browsers(system: System) -> Iterator[Callable[[], Browser]]:
    made: list[Browser] = []

    def new() -> Browser:
        made.append(Browser(system.url))
        return made[-1]

    yield new
    for one in made:
        one.close()


def fresh(one: Browser) -> None:
    """Sign in and begin anew: a form that another test left open is not gone on with."""
    one.sign_in("demo-wangxl", 2)
    one.http.post("/chat/reset")


def texts(reply: dict[str, Any]) -> str:
    return "\n".join(message["text"] for message in reply["messages"])


def receipt_of(reply: dict[str, Any]) -> str:
    assert reply["turn"]["status"] == "done", texts(reply)
    return str(reply["turn"]["receipt"])


def matter_row(system: System, receipt: str) -> dict[str, Any]:
    with sqlite3.connect(system.home / "wenban.db") as connection:
        connection.row_factory = sqlite3.Row
        query = "SELECT * FROM matters WHERE receipt_no = ? ORDER BY created_at DESC"  # the sandbox counts anew
        return dict(connection.execute(query, (receipt,)).fetchone())


def test_signing_in_in_the_middle_fills_the_rest(browsers: Callable[[], Browser]) -> None:
    one = browsers()
    begun = one.say(BOOKING)
    assert begun["turn"]["status"] == "form", "nothing is demanded by default"
    assert "/identity/sign-in?level=2" in begun["html"]
    before = begun["turn"]["slots"]
    one.sign_in("demo-wangxl", 2)
    page = one.page()
    assert "已用您的实名信息填好" in page
    waiting = one.say("我填了什么")
    assert waiting["turn"]["awaiting"] == "agree_sensitive", "the ID number waits for a yes"
    assert ID_NO not in json.dumps(waiting["turn"]["slots"])
    reply = one.consented(waiting)
    assert reply["turn"]["status"] == "confirm", texts(reply)
    assert before.items() <= reply["turn"]["slots"].items()
    assert reply["turn"]["slots"]["id_no"] == ID_NO
    receipt = receipt_of(one.say("确认"))
    assert receipt in one.page("/me")


def test_another_device_goes_on_and_sees_the_matter(browsers: Callable[[], Browser]) -> None:
    one = browsers()
    one.sign_in("demo-lijg", 3)
    begun = one.consented(one.say("明天下午去人民医院挂个内科"))
    assert begun["turn"]["status"] == "confirm", texts(begun)
    two = browsers()
    two.sign_in("demo-lijg", 3)
    assert "挂个内科" in two.page()
    receipt = receipt_of(two.say("确认"))
    assert receipt in one.page("/me")
    records = two.say("我的办件")
    assert receipt in json.dumps(records, ensure_ascii=False)
    three = browsers()
    three.sign_in("demo-lijg", 3)
    three.http.post("/chat/reset")
    assert receipt in json.dumps(three.say("我的办件"), ensure_ascii=False), "in a new conversation too"
    stranger = browsers()
    stranger.sign_in("demo-zhanggy", 2)
    assert receipt not in json.dumps(stranger.say("我的办件"), ensure_ascii=False)


def test_a_change_is_pushed_into_the_open_conversation(system: System, browsers: Callable[[], Browser]) -> None:
    one = browsers()
    fresh(one)
    reply = one.turn(payload={"do": "start", "service_id": "cgj-04"})
    while reply["turn"]["status"] == "form":
        reply = one.say(LAMP[reply["turn"]["awaiting"]])
    assert reply["turn"]["status"] == "confirm", texts(reply)
    receipt = receipt_of(one.say("确认"))
    token = {"Authorization": f"Bearer {bearer(system.url, 'demo-wangxl', 2)}"}
    started = httpx.post(f"{system.url}/v1/conversations", headers=token, timeout=30).json()["conversation_id"]
    url = f"{system.url.replace('http', 'ws')}/v1/conversations/{started}/events"
    with connect(url, additional_headers=token, open_timeout=10) as socket:
        assert json.loads(socket.recv(timeout=10))["type"] == "unread"
        _asked_once(system, receipt)
        sandbox = f"http://127.0.0.1:{system.ports['sandbox']}"
        with _a_day_later(sandbox):
            news = json.loads(socket.recv(timeout=60))
    assert (news["type"], news["notice"]["receipt_no"]) == ("notice", receipt)
    assert "新进展" in news["notice"]["title"]
    assert "条新消息" in one.page(), "and it is kept for later"
    matter = httpx.get(f"{system.url}/v1/me/matters/{receipt}", headers=token, timeout=30).json()
    assert [step["state"] for step in matter["steps"]].count("done") >= 1
    one.http.post("/me/notices/read", data={"csrf": one.csrf()})
    assert "条新消息" not in one.page()


@contextmanager
def _a_day_later(sandbox: str) -> Iterator[None]:
    """Move the departments' clock on, and back again: what other tests booked for tomorrow must stay ahead."""
    assert httpx.post(f"{sandbox}/clock", json={"days": 1}, timeout=30).status_code == 200
    try:
        yield
    finally:
        httpx.post(f"{sandbox}/clock", json={"days": -1}, timeout=30)


def _asked_once(system: System, receipt: str) -> None:
    """Wait until the watcher knows how the matter stood at first."""

    def known() -> bool:
        with sqlite3.connect(system.home / "wenban.db") as connection:
            query = "SELECT checked_at FROM tracked_matters WHERE receipt_no = ?"
            row = connection.execute(query, (receipt,)).fetchone()
        return bool(row and row[0])

    system._until(known, 30, "the watcher did not ask")


def test_a_parent_acts_for_a_child_and_the_record_says_so(system: System, browsers: Callable[[], Browser]) -> None:
    one = browsers()
    fresh(one)
    fields = {"name": "王子轩", "id_no": "371302201503011014", "relation": "子女", "basis": "guardian",
              "declared": "yes", "csrf": one.csrf("/me/relatives")}  # fmt: skip
    assert one.http.post("/me/relatives", data=fields).status_code == 303
    child = one.http.get("/v1/me/relatives").json()[-1]["id"]
    one.http.post("/me/acting", data={"relative_id": child, "csrf": inputs(one.page("/me/relatives"))["csrf"]})
    reply = one.say("后天上午去人民医院挂个儿科")
    assert "不满 14 岁" in texts(reply), "a child's data want the parent's separate consent"
    reply = one.consented(reply)
    while reply["turn"]["status"] == "form" and reply["turn"]["awaiting"] == "phone":
        reply = one.say("13900001234")
    assert reply["turn"]["status"] == "confirm", texts(reply)
    assert reply["turn"]["slots"]["name"] == "王子轩"
    receipt = receipt_of(one.say("确认"))
    assert "王子轩" in one.page("/me").split(f'id="m-{receipt}"')[1].split("</li>")[0]
    row = matter_row(system, receipt)
    assert row["citizen_id"] is not None
    assert row["acting_for"] is not None
    assert b"\xe7\x8e\x8b" not in row["acting_for"], "encrypted"


def test_nothing_of_who_signs_in_is_left_in_the_clear(system: System, browsers: Callable[[], Browser]) -> None:
    one = browsers()
    one.sign_in("demo-wangxl", 2)
    one.say(BOOKING)
    secrets = (ID_NO, "demo-wangxl", "13900001234")
    for path in [*system.home.glob("logs/*.log"), *system.home.glob("wenban.db*"), *system.home.glob("tracker.db*")]:
        content = path.read_bytes()
        assert not [secret for secret in secrets if secret.encode() in content], path.name


# -- a city that demands levels -----------------------------------------------------------------------------------

# None of the sample services demands a certificate: a city's own does.
LEVEL_FOUR = """
id: stx-09
name: 电子印章借用登记
department: 市政务服务中心
kind: 预约
summary: 登记借用电子印章。
spoken: 可以帮您登记借用电子印章。
audience: 有数字证书的人
fee: 不收费
time_limit: 当场登记
channels: [本平台]
theme: 政务服务
identity_level: 4
aliases: [电子印章借用登记, 借用电子印章, 登记借电子印章, 电子印章出借]
fields:
  - {name: date, label: 日期, type: date, prompt: 哪一天用？, example: 明天, rule: {max_days_ahead: 7}}
  - {name: period, label: 时段, type: period, prompt: 上午用还是下午用？, example: 上午}
  - {name: people, label: 人数, type: number, prompt: 几个人用？, example: 两个人, prefill: people}
  - {name: name, label: 姓名, type: person, prompt: 请问您叫什么名字？, prefill: profile.name, personal: true}
  - {name: phone, label: 手机号, type: phone, prompt: 请留个手机号。, prefill: profile.phone, personal: true}
operation: {kind: appointment, connector: booking, name: art_gallery}
confirmation: 请核对登记信息，没错就说“确认”。
receipt: 登记好了。
"""
# By the level that each needs: what is said before signing in, and what the form still asks for afterwards.
BY_LEVEL: dict[int, tuple[str, tuple[str, ...]]] = {
    1: ("kjj-03", ("OPEN", "上午", "两个人")),
    2: ("wjw-05", ("人民医院", "骨科", "明天", "上午")),
    3: ("zjj-07", ("10031120", "都交")),
    4: ("stx-09", ("OPEN", "上午", "两个人")),
}


def open_day() -> str:
    """Return a day of the next week, from tomorrow, on which museums are open."""
    days = (dt.date.today() + dt.timedelta(days=ahead) for ahead in range(1, 8))
    found = next(day for day in days if day.weekday() in (1, 2, 3, 4))
    return f"{found.month}月{found.day}日"


@pytest.fixture(scope="module")
def strict() -> Iterator[System]:
    """A system of its own with ``WENBAN_IDENTITY_REQUIRED=enforce``."""
    with tempfile.TemporaryDirectory(prefix="wenban-e2e-strict-") as folder:
        prepare(Path(folder))
        running = System(Path(folder))
        running.environment["WENBAN_IDENTITY_REQUIRED"] = "enforce"
        (running.home / "content" / "services").mkdir(parents=True)
        (running.home / "content" / "services" / "stx-09.yaml").write_text(LEVEL_FOUR, "utf-8")
        try:
            running.start()
            keep(Path(folder))
            yield running
        finally:
            running.stop()


def test_step_up_twice_loses_nothing(strict: System) -> None:
    one = Browser(strict.url)
    reply = one.say("交水费，户号10028876")
    assert reply["turn"]["status"] == "auth_required", texts(reply)
    assert "/identity/sign-in?level=3" in reply["html"]
    one.sign_in("demo-wangxl", 2)
    assert "您现在是“实名认证”" in one.page()
    refused = one.say("都交")
    assert refused["turn"]["status"] == "auth_required"
    one.sign_in("demo-wangxl", 3)
    page = one.page()
    assert "接着办“水费缴纳”" in page
    reply = one.say("我填了什么")
    assert reply["turn"]["slots"]["account_no"] in ("10028876", ["10028876"])
    if reply["turn"]["status"] == "form":
        reply = one.say("都交")
    assert reply["turn"]["status"] == "confirm", texts(reply)
    receipt_of(one.say("确认"))
    one.close()


@pytest.mark.parametrize("needed", BY_LEVEL)
def test_each_level_is_demanded_and_stepped_up_to_in_the_middle_of_the_form(strict: System, needed: int) -> None:
    service_id, said = BY_LEVEL[needed]
    answers = [open_day() if word == "OPEN" else word for word in said]
    one = Browser(strict.url)
    reply = one.turn(payload={"do": "start", "service_id": service_id})
    assert (reply["turn"]["status"], reply["turn"]["awaiting"]) == ("auth_required", "identity"), texts(reply)
    assert f"/identity/sign-in?level={needed}" in reply["html"]
    typed = one.say(answers[0])
    assert typed["turn"]["status"] == "auth_required", "what is typed meanwhile is taken, nothing else happens"
    kept = typed["turn"]["slots"]
    assert kept, "and it is kept"
    for level in range(1, needed):
        one.sign_in("demo-wangxl", level)
        below = one.say("我填了什么")
        assert below["turn"]["status"] == "auth_required", (level, texts(below))
        assert kept.items() <= below["turn"]["slots"].items()
    one.sign_in("demo-wangxl", needed)
    reply = one.say("我填了什么")
    assert reply["turn"]["status"] in ("form", "confirm"), texts(reply)
    assert kept.items() <= reply["turn"]["slots"].items(), "nothing is lost by stepping up"
    for answer in answers[1:]:
        if reply["turn"]["status"] == "form":
            reply = one.say(answer)
    reply = one.consented(reply)
    while reply["turn"]["awaiting"] == "phone":
        reply = one.say("13900001234")
    assert reply["turn"]["status"] == "confirm", texts(reply)
    receipt_of(one.say("确认"))
    one.close()


def test_what_needs_nobody_works_without_signing_in(strict: System) -> None:
    one = Browser(strict.url)
    assert one.say("社保卡丢了怎么补办")["turn"]["status"] == "answered"
    assert one.say("今天天气怎么样")["turn"]["status"] in ("answered", "form")
    one.close()


def test_a_host_app_is_told_what_is_missing(strict: System) -> None:
    started = httpx.post(f"{strict.url}/v1/conversations", timeout=30).json()["conversation_id"]
    url = f"{strict.url}/v1/conversations/{started}/messages"
    reply = httpx.post(url, json={"text": BOOKING}, timeout=60).json()
    assert (reply["turn"]["status"], reply["turn"]["awaiting"]) == ("auth_required", "identity")
    button = next(choice["payload"] for message in reply["messages"] for choice in message["choices"])
    assert (button["do"], button["value"]) == ("sign_in", "2")
    token = {"Authorization": f"Bearer {bearer(strict.url, 'demo-zhanggy', 2)}"}
    reply = httpx.post(url, json={"payload": {"do": "resume"}}, headers=token, timeout=60).json()
    assert reply["turn"]["awaiting"] == "agree_sensitive", reply
    agree = {"payload": {"do": "field", "field": "agree_sensitive", "value": "yes"}}
    reply = httpx.post(url, json=agree, headers=token, timeout=60).json()
    assert reply["turn"]["status"] == "confirm", reply
    assert httpx.post(url, json={"text": "确认"}, timeout=60).status_code == 401
    assert httpx.post(url, json={"text": "确认"}, headers=token, timeout=60).json()["turn"]["status"] == "done"
