"""Licences, materials used again, consent and its withdrawal in the running product, as a citizen meets them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest
from citizen import Citizen
from departments import rows
from harness import System
from signing import Browser, inputs

pytestmark = pytest.mark.e2e
SCHOOL, AID = "jyj-03", "ybj-06"
CHILD_ID = "371302201912011015"
JPEG = b"\xff\xd8\xff\xe0 planted-photo-of-a-diagnosis"


@pytest.fixture
def person(system: System) -> Iterator[Browser]:
    """A citizen of this test's own, of whom nothing is known yet."""
    one = Browser(system.url)
    one.sign_in("demo-wangxl", 3)
    one.http.delete("/v1/me")
    one.http.cookies.clear()
    one.sign_in("demo-wangxl", 3)
    yield one
    one.close()


def texts(reply: dict[str, Any]) -> str:
    shown = [message["text"] for message in reply["messages"]]
    shown += [f"{row['label']} {row['value']}" for message in reply["messages"] for row in message["rows"]]
    return "\n".join(shown)


def start(one: Browser, service_id: str) -> dict[str, Any]:
    return one.turn(payload={"do": "start", "service_id": service_id})


def enrol(one: Browser) -> dict[str, Any]:
    """Fill the enrolment of a child up to its materials."""
    reply = start(one, SCHOOL)
    for answer in ("小学", "王小雨", CHILD_ID):
        reply = one.say(answer)
    return one.consented(reply)


def hand_in(one: Browser, label: str) -> dict[str, Any]:
    """Upload a file on the page, as its form does; return what the conversation says then."""
    file = {"file": ("IMG_1.jpg", JPEG, "image/jpeg")}
    assert one.http.post("/chat/attachments", files=file, data={"value": label}).status_code == 303
    return one.say("我填了什么")


def test_a_citizen_hands_in_nothing_where_licences_are_there(system: System, person: Browser) -> None:
    asked = enrol(person)
    assert asked["turn"]["awaiting"] == "agree_licence", texts(asked)
    reply = person.say("同意")
    assert reply["turn"]["status"] == "confirm", texts(reply)
    assert "您的居民户口簿、居民身份证已有电子证照，不用再上传" in texts(reply)
    assert "材料齐了" in texts(reply)
    done = person.say("确认")
    assert done["turn"]["status"] == "done", texts(done)
    (state,) = rows(system, "select state from matters where receipt_no = ?", done["turn"]["receipt"])
    assert state == ("open",), "the department misses nothing"
    found = {item["kind"]: item for item in person.http.get("/v1/me/consents").json()}
    assert set(found) == {"licence", "sensitive"}
    assert found["licence"]["what"][0] == "居民户口簿"
    assert found["licence"]["purpose"] == "公立中小学入学报名"


def test_no_to_licences_is_upload_as_ever(person: Browser) -> None:
    enrol(person)
    reply = person.say("我不同意你们调")
    assert (reply["turn"]["status"], reply["turn"]["awaiting"]) == ("form", "materials"), texts(reply)
    assert "请自己交材料" in texts(reply)
    assert person.say("都有")["turn"]["status"] == "confirm"


def test_the_keeper_of_licences_is_down(person: Browser, fault: Callable[..., None]) -> None:
    enrol(person)
    fault(connector="licence", operation="licences", mode="down", times=9)
    reply = person.say("同意")
    assert "电子证照现在连不上" in texts(reply)
    assert reply["turn"]["awaiting"] == "materials"
    fault()
    reply = person.say("都有")
    assert reply["turn"]["status"] == "confirm", texts(reply)
    assert person.say("确认")["turn"]["status"] == "done"


def test_nobody_signed_in_uploads(system: System) -> None:
    citizen = Citizen(system.url)
    citizen.take(payload={"do": "start", "service_id": SCHOOL})
    citizen.say("小学", "王小雨", CHILD_ID, "王秀兰", "371302198503120021", "13900001234")
    assert citizen.awaiting == "materials", citizen.text
    assert "登录并完成实名认证后，户口簿、住房证明可以用电子证照" in citizen.text
    citizen.say("都有")
    assert citizen.status == "confirm", citizen.text


def test_what_was_handed_in_is_offered_next_time_and_can_be_deleted(system: System, person: Browser) -> None:
    reply = person.consented(start(person, AID))
    assert reply["turn"]["awaiting"] == "agree_licence", texts(reply)
    reply = person.say("不用")
    assert reply["turn"]["awaiting"] == "materials"
    reply = hand_in(person, "诊断证明")
    assert reply["turn"]["status"] == "confirm", texts(reply)
    assert person.say("确认")["turn"]["status"] == "done"
    assert "诊断证明" in person.page("/me/materials")

    httpx.post(f"http://127.0.0.1:{system.ports['sandbox']}/reset", timeout=30)
    start(person, AID)
    reply = person.say("不用")
    assert reply["turn"]["awaiting"] == "use_again", texts(reply)
    assert "上次交过的诊断证明" in texts(reply)
    assert "还用它吗" in texts(reply)
    reply = person.say("用它")
    assert "还要这些材料：医疗费用票据、银行账户" in texts(reply)
    reply = person.say("票据和银行卡都有")
    assert "材料齐了" in texts(reply)
    assert person.say("确认")["turn"]["status"] == "done"
    stranger = Browser(system.url)
    stranger.sign_in("demo-lijg", 3)
    assert stranger.http.get("/v1/me/materials").json() == []
    stranger.close()

    page = person.page("/me/materials")
    item = person.http.get("/v1/me/materials").json()[0]["id"]
    person.http.post("/me/materials/forget", data={"csrf": inputs(page)["csrf"], "material_id": item})
    assert person.http.get("/v1/me/materials").json() == []
    start(person, AID)
    assert person.say("不用")["turn"]["awaiting"] == "materials", "what was deleted is not offered"
    for path in [*system.home.glob("wenban.db*"), *system.home.glob("logs/*.log")]:
        assert b"planted-photo" not in path.read_bytes(), path.name


def test_a_refusal_keeps_nothing(system: System, person: Browser) -> None:
    reply = person.say("明天上午去人民医院挂个骨科")
    assert reply["turn"]["awaiting"] == "agree_sensitive", texts(reply)
    reply = person.say("不同意")
    assert reply["turn"]["status"] == "cancelled", texts(reply)
    assert "没有提交任何内容" in texts(reply)
    assert reply["turn"]["slots"] == {}
    assert person.http.get("/v1/me/consents").json() == []
    assert rows(system, "select receipt_no from matters where operation = 'book'") == []
    assert "没有" in texts(person.say("接着办挂号"))


def test_a_consent_that_is_taken_back_stops_the_form(system: System, person: Browser) -> None:
    reply = person.consented(person.say("明天上午去人民医院挂个骨科"))
    assert reply["turn"]["status"] == "confirm", texts(reply)
    (consent,) = person.http.get("/v1/me/consents").json()
    assert person.http.post(f"/v1/me/consents/{consent['id']}/withdraw").status_code == 204
    reply = person.say("确认")
    assert reply["turn"]["awaiting"] == "agree_sensitive", texts(reply)
    assert rows(system, "select receipt_no from matters where operation = 'book'") == []
    assert person.consented(reply)["turn"]["status"] == "confirm"
    assert person.say("确认")["turn"]["status"] == "done"


def test_everything_goes_on_request(system: System, person: Browser) -> None:
    person.consented(person.say("后天下午去人民医院挂个内科"))
    receipt = person.say("确认")["turn"]["receipt"]
    page = person.page("/me/consents")
    assert receipt in person.page("/me")
    owner = "select citizen_id from matters where receipt_no = ? order by created_at desc limit 1"
    with closing(sqlite3.connect(system.home / "wenban.db")) as database:
        (citizen_id,) = database.execute(owner, (receipt,)).fetchone()
    assert citizen_id is not None
    done = person.http.post("/me/erase", data={"csrf": inputs(page)["csrf"], "sure": "yes"})
    assert done.status_code == 303
    with closing(sqlite3.connect(system.home / "wenban.db")) as database:
        for table in ("matters", "tracked_matters"):
            left = database.execute(f"select count(*) from {table} where citizen_id = ?", (citizen_id,)).fetchone()
            assert left == (0,), table
    again = Browser(system.url)
    again.sign_in("demo-wangxl", 3)
    assert again.http.get("/v1/me/matters").json() == []
    assert again.http.get("/v1/me/conversations").json() == []
    again.close()
