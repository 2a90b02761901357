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
    "question": QUESTION,
    "variants": "绘本书车啥时候来\n流动书车几点到小区\n云朵书车哪天来",
    "answer": f"**{MARK}**。",
    "spoken": f"{MARK}。",
    "department_id": "wlj",
    "services": "",
    "valid_from": "",
    "valid_to": "",
    "tags": "",
    "source": "端到端测试",
}


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
        assert signed_in.status_code == 303
        yield http


def csrf(http: httpx.Client) -> str:
    return hidden(http.get("/staff/entries").text, "csrf")


def two_seconds_after(http: httpx.Client, url: str) -> None:
    assert http.post(url, data={}).status_code == 403, "no CSRF token, no change"
    token = csrf(http)
    done = http.post(url, data={"csrf": token})
    assert done.status_code == 303
    time.sleep(2)


@pytest.fixture
def draft(staff: httpx.Client) -> Iterator[str]:
    """A new entry that is not published; afterwards it is withdrawn, whatever happened."""
    created = staff.post("/staff/entries", data=ENTRY | {"csrf": csrf(staff)})
    assert created.status_code == 303
    found = re.search(r"open=([\w-]+)", created.headers["location"])
    assert found
    yield found[1]
    staff.post(f"/staff/entries/{found[1]}/withdraw", data={"csrf": csrf(staff)})


def test_publish_and_withdraw_in_two_seconds(system: System, staff: httpx.Client, draft: str) -> None:
    url = f"/staff/entries/{draft}"
    citizen = Citizen(system.url)

    def hits() -> str:
        return str(citizen.http.get("/v1/search", params={"q": QUESTION}).json())

    assert draft not in hits()
    assert MARK not in Citizen(system.url).say(QUESTION).text, "a draft is not an answer"

    two_seconds_after(staff, f"{url}/publish")
    assert draft in hits()
    for asked in (QUESTION, "绘本书车啥时候来呀"):
        citizen.say(asked)
        assert MARK in citizen.text, asked
        assert citizen.turn["sources"][0]["id"] == draft

    two_seconds_after(staff, f"{url}/withdraw")
    assert draft not in hits()
    for anyone in (Citizen(system.url), citizen):
        assert MARK not in anyone.say(QUESTION).text


def test_what_nobody_could_answer_is_for_staff(system: System, staff: httpx.Client) -> None:
    asked = ("金毛犬选美大赛的评委怎么报名", "怎么注册一颗小行星的名字", "哪个部门管外星人登记入境")
    answers = {text: Citizen(system.url).say(text).turn for text in asked}
    quiet = {"gibberish", "insult", "injection", "politics"}  # nothing that staff could answer
    unknown = [
        text for text, turn in answers.items() if turn["status"] == "no_answer" and turn.get("note") not in quiet
    ]
    assert unknown, answers
    page = staff.get("/staff/unanswered")
    assert page.status_code == 200
    assert any(text in page.text for text in unknown)


def test_strangers_see_nothing(system: System) -> None:
    with httpx.Client(base_url=system.url, timeout=30) as http:
        for path in ("/staff", "/staff/entries", "/staff/unanswered"):
            response = http.get(path)
            assert response.status_code == 303
            assert "/staff/login" in response.headers["location"]


def test_why_this(system: System, staff: httpx.Client) -> None:
    """The page asks both the search and the dialogue engine, and both answer."""
    page = staff.get("/staff/trace", params={"q": "设保卡丢了咋补办"})
    assert page.status_code == 200, page.text[:500]
    for expected in ("设保卡", "社保卡", "同音", "直接回答", "问事情", "事项：", "问答："):
        assert expected in page.text, expected
    assert "连不上" not in page.text
