"""Acting for somebody else: a child by declaration, an adult by their own yes, and nothing kept after a no."""

from __future__ import annotations

import datetime as dt

import httpx
import pytest
from real_server import Server
from signing import Browser, bearer, inputs
from sqlalchemy import Engine, text

from wenban.id_number import birth_date, birthday
from wenban.identity import unseal

CHILD, MOTHER = "371302201503011014", "371322196309210046"
ASK = {"name": "张桂英", "id_no": MOTHER, "phone": "13900002345", "relation": "母亲", "basis": "consent"}
CHILDS = {"name": "王子轩", "id_no": CHILD, "relation": "子女", "basis": "guardian", "declared": "yes"}


@pytest.fixture
def parent(person: Browser) -> Browser:
    person.sign_in("demo-wangxl", 2)
    return person


def add(browser: Browser, **fields: str) -> httpx.Response:
    return browser.http.post("/me/relatives", data={**fields, "csrf": browser.csrf("/me/relatives")})


def link_in(page: str) -> str:
    return page.split('class="consent-link">')[1].split("<")[0]


def act(browser: Browser, relative_id: object) -> httpx.Response:
    data = {"relative_id": str(relative_id), "csrf": browser.csrf("/me/relatives")}
    return browser.http.post("/me/acting", data=data)


def rows(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM relatives")).scalar() or 0)


def test_a_parent_acts_for_a_child(parent: Browser, server: Server) -> None:
    assert add(parent, **CHILDS).status_code == 303
    child = parent.http.get("/v1/me/relatives").json()[0]
    assert (child["status"], child["basis"]) == ("agreed", "guardian")
    assert child["until"].startswith("2033-03-01")
    assert act(parent, child["id"]).status_code == 303
    assert "您在替 王子轩" in parent.page()
    parent.say("水费怎么交")
    sealed = server.backend.turns[-1]["metadata"]["citizen"]
    acting = (unseal(sealed) or {})["acting_for"]
    assert (acting["name"], acting["id_no"], acting["basis"]) == ("王子轩", CHILD, "guardian")
    assert act(parent, "").status_code == 303
    parent.say("水费怎么交")
    assert "acting_for" not in (unseal(server.backend.turns[-1]["metadata"]["citizen"]) or {})


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"declared": ""}, "监护人声明"),
        ({"id_no": MOTHER}, "已满 18 周岁"),
        ({"id_no": "371302201503011015"}, "身份证号不对"),
        ({"id_no": "371302198503120021"}, "您自己"),
        ({"name": ""}, "填完整"),
        ({"phone": "110"}, "填完整"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_kept(
    parent: Browser, engine: Engine, changes: dict[str, str], says: str
) -> None:
    answer = add(parent, **{**CHILDS, **changes})
    assert answer.status_code == 422
    assert says in answer.text
    assert rows(engine) == 0


def test_an_adult_says_yes_themselves(parent: Browser, server: Server, engine: Engine) -> None:
    page = add(parent, **ASK).text
    link = link_in(page)
    asked = parent.http.get("/v1/me/relatives").json()[0]
    assert asked["status"] == "asked"
    assert act(parent, asked["id"]).status_code == 403, "not before the yes"
    mother = httpx.Client(timeout=30)
    shown = mother.get(link).text
    assert "王秀兰想替您（张桂英）" in shown
    assert "一年内有效" in shown
    assert MOTHER not in shown
    wrong = mother.post(link, data={"last_four": "0000", "answer": "yes"})
    assert wrong.status_code == 422
    assert act(parent, asked["id"]).status_code == 403
    assert "已经记下您的同意" in mother.post(link, data={"last_four": "0046", "answer": "yes"}).text
    assert act(parent, asked["id"]).status_code == 303
    with engine.connect() as connection:
        row = str(connection.execute(text("SELECT * FROM relatives")).one())
    assert "张桂英" not in row
    assert link.rpartition("/")[2] not in row
    # And takes it back, in the middle of it.
    assert "收回同意" in mother.get(link).text
    mother.post(link, data={"last_four": "0046", "answer": "no"})
    assert rows(engine) == 0
    parent.say("水费怎么交")
    assert "acting_for" not in (unseal(server.backend.turns[-1]["metadata"]["citizen"]) or {})
    assert mother.get(link).status_code == 404
    mother.close()


def test_a_no_keeps_nothing(parent: Browser, engine: Engine) -> None:
    link = link_in(add(parent, **ASK).text)
    answer = httpx.post(link, data={"last_four": "0046", "answer": "no"}, timeout=30)
    assert "都删掉了" in answer.text
    assert rows(engine) == 0
    assert httpx.get(link, timeout=30).status_code == 404


def test_guessing_ends_after_five(parent: Browser, engine: Engine) -> None:
    link = link_in(add(parent, **ASK).text)
    codes = [httpx.post(link, data={"last_four": f"000{n}", "answer": "yes"}, timeout=30).status_code for n in range(6)]
    assert codes == [422, 422, 422, 422, 422, 404]
    assert rows(engine) == 0


def test_a_request_that_nobody_answers_expires(parent: Browser, engine: Engine) -> None:
    link = link_in(add(parent, **ASK).text)
    with engine.begin() as connection:
        connection.execute(text("UPDATE relatives SET expires_at = '2020-01-01 00:00:00'"))
    assert httpx.get(link, timeout=30).status_code == 404
    assert httpx.post(link, data={"last_four": "0046", "answer": "yes"}, timeout=30).status_code == 404


def test_without_a_real_name_nobody_acts_for_others(person: Browser, engine: Engine) -> None:
    person.sign_in("demo-chenzy", 1)
    assert "实名认证" in add(person, **CHILDS).text
    assert rows(engine) == 0


def test_only_one_s_own_relatives(parent: Browser, server: Server, engine: Engine) -> None:
    add(parent, **CHILDS)
    child = parent.http.get("/v1/me/relatives").json()[0]["id"]
    other = Browser(server.url)
    other.sign_in("demo-lijg", 2)
    assert act(other, child).status_code == 403
    assert other.http.delete(f"/v1/me/relatives/{child}").status_code == 404
    assert rows(engine) == 1
    other.close()


def test_a_host_app_names_for_whom(parent: Browser, server: Server) -> None:
    add(parent, **CHILDS)
    child = parent.http.get("/v1/me/relatives").json()[0]["id"]
    own = {"Authorization": f"Bearer {bearer(server.url, 'demo-wangxl', 2)}"}
    acting = httpx.get(f"{server.url}/v1/me", headers={**own, "Wenban-Acting-For": str(child)}, timeout=30)
    assert acting.json()["acting_for"]["name"] == "王子轩"
    other = {"Authorization": f"Bearer {bearer(server.url, 'demo-lijg', 2)}", "Wenban-Acting-For": str(child)}
    assert httpx.get(f"{server.url}/v1/me", headers=other, timeout=30).status_code == 403


def test_every_form_carries_the_token(parent: Browser) -> None:
    assert "csrf" in inputs(parent.page("/me/relatives"))
    assert parent.http.post("/me/relatives", data=CHILDS).status_code == 403


@pytest.mark.parametrize(
    "number", ["", "x", "371302198503120020", "37130219850312002", "371302198513120021", "０" * 18]
)
def test_numbers_that_are_none(number: str) -> None:
    assert birth_date(number) is None


def test_birthdays() -> None:
    assert birth_date("371302198503120021") == dt.date(1985, 3, 12)
    assert birthday(dt.date(2008, 2, 29), 18) == dt.date(2026, 3, 1)
    assert birthday(dt.date(2008, 3, 1), 18) == dt.date(2026, 3, 1)
