"""Staff publish an answer in the console; citizens have it within two seconds, and lose it as fast."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import httpx
import pytest
from citizen import Citizen
from harness import System

pytestmark = pytest.mark.e2e
QUESTION, MARK = "云朵绘本流动书车星期几到沂蒙小区", "书车每逢双周的星期三下午停在小区东门"
ENTRY = {
    "question": QUESTION, "variants": "绘本书车啥时候来\n流动书车几点到小区\n云朵书车哪天来", "answer": f"**{MARK}**。",
    "spoken": f"{MARK}。", "services": "", "valid_from": "", "valid_to": "", "tags": "", "source": "端到端测试",
}  # fmt: skip


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no hidden {name}"
    return found[1]


@pytest.fixture
def staff(system: System) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=system.url, timeout=60) as http:
        token = hidden(http.get("/staff/login").text, "token")
        wrong = http.post("/staff/login", data={"username": "admin", "password": "wrong", "token": token})
        assert wrong.status_code == 401
        data = {"username": "admin", "password": system.password, "token": token}
        signed_in = http.post("/staff/login", data=data)
        assert signed_in.status_code == 303, signed_in.text
        yield http


def csrf(http: httpx.Client) -> str:
    return hidden(http.get("/staff/entries").text, "csrf")


def two_seconds_after(http: httpx.Client, url: str) -> None:
    assert http.post(url, data={}).status_code == 403, "no CSRF token, no change"
    token = csrf(http)
    done = http.post(url, data={"csrf": token})
    assert done.status_code == 303, done.text
    time.sleep(2)


def test_publish_and_withdraw_in_two_seconds(system: System, staff: httpx.Client) -> None:
    department = re.findall(r'<option value="([a-z]+)"', staff.get("/staff/entries?open=new").text)[0]
    token = csrf(staff)
    created = staff.post("/staff/entries", data=ENTRY | {"department_id": department, "csrf": token})
    assert created.status_code == 303, created.text
    found = re.search(r"open=([\w-]+)", created.headers["location"])
    assert found
    url = f"/staff/entries/{found[1]}"
    assert MARK not in Citizen(system.url).say(QUESTION).text, "a draft is not an answer"

    two_seconds_after(staff, f"{url}/publish")
    citizen = Citizen(system.url)
    for asked in (QUESTION, "绘本书车啥时候来呀"):
        citizen.say(asked)
        assert MARK in citizen.text, asked
        assert citizen.turn["sources"][0]["id"] == found[1]
    hits = citizen.http.get("/v1/search", params={"q": QUESTION}).json()
    assert found[1] in str(hits)

    two_seconds_after(staff, f"{url}/withdraw")
    assert MARK not in Citizen(system.url).say(QUESTION).text
    citizen.say(QUESTION)
    assert MARK not in citizen.text
    assert found[1] not in str(citizen.http.get("/v1/search", params={"q": QUESTION}).json())


def test_what_nobody_could_answer_is_for_staff(system: System, staff: httpx.Client) -> None:
    asked = "小区里的共享洗鞋机扫码以后打不开找谁"
    Citizen(system.url).say(asked)
    page = staff.get("/staff/unanswered")
    assert page.status_code == 200
    assert "共享洗鞋机" in page.text


def test_strangers_see_nothing(system: System) -> None:
    with httpx.Client(base_url=system.url, timeout=30) as http:
        for path in ("/staff", "/staff/entries", "/staff/unanswered"):
            response = http.get(path)
            assert response.status_code == 303
            assert "/staff/login" in response.headers["location"]
