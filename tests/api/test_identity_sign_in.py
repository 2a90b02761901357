"""Signing in on the page: the whole code flow against the real provider, and everything that must not work."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from real_server import Server
from signing import Browser, inputs
from sqlalchemy import Engine, text

from api.identity.endpoints import PENDING, local
from api.identity.service import COOKIE
from api.web import chat


def problem(response: httpx.Response) -> str:
    assert response.status_code >= 400, response.text
    return str(response.json()["code"])


def test_the_request_is_as_the_standard_wants_it(person: Browser, server: Server) -> None:
    address = urlsplit(person.leave(level=3))
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{server.issuer}/authorize"
    assert (asked["response_type"], asked["code_challenge_method"], asked["acr_values"]) == ("code", "S256", "3")
    assert len(asked["state"]) >= 32
    assert len(asked["nonce"]) >= 32
    assert asked["redirect_uri"] == f"{server.url}/identity/callback"
    assert not set(person.leave()).issubset(set(asked["state"]))
    kept = person.http.cookies[PENDING]
    assert asked["state"] not in kept, "what is kept in the browser is encrypted"


def test_signing_in_and_out(person: Browser) -> None:
    done = person.sign_in("demo-zhanggy", 2, "/me")
    assert done.headers["location"] == "/me"
    cookie = next(value for value in done.headers.get_list("set-cookie") if value.startswith(f"{COOKIE}="))
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    page = person.page("/me")
    assert "张桂英" in page
    assert "2 级" in page
    forged = person.http.post("/identity/sign-out", data={"csrf": "x"})
    assert (forged.status_code, problem(forged)) == (403, "forbidden")
    assert "张桂英" in person.page("/me"), "a foreign page cannot sign anybody out"
    old = person.http.cookies[COOKIE]
    assert person.http.post("/identity/sign-out", data={"csrf": person.csrf()}).status_code == 303
    assert "张桂英" not in person.page("/me")
    person.http.cookies.set(COOKIE, old)
    assert "张桂英" not in person.page("/me"), "the session is gone, not only its cookie"


@pytest.mark.parametrize("change", ["state", "missing", "cookie", "code", "iss", "denied"])
def test_an_answer_that_is_not_to_our_question(person: Browser, change: str) -> None:
    answer = person.pick(person.leave(), "demo-wangxl", 2).headers["location"]
    if change == "state":
        answer = re.sub(r"state=[^&]+", "state=another", answer)
    elif change == "missing":
        answer = re.sub(r"state=[^&]+&?", "", answer)
    elif change == "cookie":
        del person.http.cookies[PENDING]
    elif change == "code":
        answer = re.sub(r"code=[^&]+", "code=invented", answer)
    elif change == "iss":
        answer = re.sub(r"iss=[^&]+", "iss=https%3A%2F%2Fevil.example", answer)
    else:
        answer = re.sub(r"code=[^&]+", "error=access_denied", answer)
    refused = person.http.get(answer)
    assert (refused.status_code, problem(refused)) == (400, "sign_in_failed")
    assert "都留着" in refused.json()["message"]
    assert COOKIE not in person.http.cookies


def test_an_answer_counts_once_and_in_its_own_browser(person: Browser, server: Server) -> None:
    answer = person.pick(person.leave(), "demo-wangxl", 2).headers["location"]
    thief = Browser(server.url)
    assert problem(thief.http.get(answer)) == "sign_in_failed"
    assert person.http.get(answer).status_code == 303
    assert problem(person.http.get(answer)) == "sign_in_failed"
    thief.close()


def test_the_provider_keeps_the_rules(person: Browser, server: Server) -> None:
    address = person.leave()
    page = person.http.get(address)
    fields = inputs(page.text)
    for wrong in (
        {"redirect_uri": "https://evil.example/identity/callback"}, {"client_id": "unknown"},
        {"code_challenge_method": "plain"}, {"redirect_uri": f"{server.url}/elsewhere"}, {"scope": "profile"},
    ):  # fmt: skip
        answer = person.http.post("/idp/authorize", data={**fields, **wrong, "person": "demo-wangxl", "method": "2"})
        assert answer.status_code == 400, wrong
    too_high = person.http.post("/idp/authorize", data={**fields, "person": "demo-chenzy", "method": "3"})
    assert too_high.status_code == 400
    assert "最高" in too_high.text
    code = parse_qs(urlsplit(person.pick(address, "demo-wangxl", 2).headers["location"]).query)["code"][0]
    token = {"grant_type": "authorization_code", "code": code, "client_id": "wenban",
             "redirect_uri": fields["redirect_uri"], "code_verifier": "guessed" * 8}  # fmt: skip
    assert person.http.post("/idp/token", data=token).json() == {"error": "invalid_grant"}
    assert person.http.get("/idp/userinfo").status_code == 401


@pytest.mark.parametrize(
    ("target", "goes"),
    [("/me", "/me"), ("https://evil.example", "/"), ("//evil.example", "/"), ("/\\evil.example", "/"), ("me", "/")],
)
def test_afterwards_only_to_our_own_pages(person: Browser, target: str, goes: str) -> None:
    assert local(target) == goes
    assert person.sign_in(target=target).headers["location"].partition("#")[0] == goes


def test_a_half_filled_form_goes_on_after_signing_in(person: Browser, server: Server) -> None:
    assert person.say("挂个号")["turn"]["status"] == "form"
    done = person.sign_in("demo-wangxl", 2)
    assert done.headers["location"] == "/#latest"
    last = server.backend.turns[-1]["metadata"]
    assert last["payload"] == {"do": "resume", "label": "已登录，接着办"}
    assert last["citizen"]
    assert "王秀兰" not in str(last), "Rasa sees a sealed token, never the profile"
    assert "已登录，接着办" in person.page()


def test_without_a_form_nothing_is_said_for_the_citizen(person: Browser, server: Server) -> None:
    person.say("水费怎么交")
    before = len(server.backend.turns)
    person.sign_in()
    assert len(server.backend.turns) == before


def test_another_device_sees_the_form_again(person: Browser, server: Server) -> None:
    person.sign_in("demo-wangxl", 2)
    person.say("挂个号")
    other = Browser(server.url)
    other.sign_in("demo-wangxl", 2)
    assert "挂哪个科" in other.page()
    assert "没办完的" in other.page("/me")
    stranger = Browser(server.url)
    stranger.sign_in("demo-lijg", 2)
    assert "挂哪个科" not in stranger.page()
    assert "没办完的" not in stranger.page("/me")
    other.close()
    stranger.close()


def test_a_conversation_is_its_citizen_s_alone(person: Browser, server: Server) -> None:
    person.sign_in("demo-wangxl", 2)
    person.say("水费怎么交")
    conversation = chat.unsign(person.http.cookies[chat.COOKIE])
    url = f"{server.url}/v1/conversations/{conversation}/messages"
    assert problem(httpx.get(url, timeout=30)) == "sign_in_required"
    assert problem(httpx.post(url, json={"text": "你好"}, timeout=30)) == "sign_in_required"
    other = Browser(server.url)
    other.sign_in("demo-lijg", 2)
    other.http.cookies.set(chat.COOKIE, person.http.cookies[chat.COOKIE])
    assert problem(other.http.get(url)) == "conversation_not_found"
    assert "水费怎么交" not in other.page().split('id="log"')[1].split("composer")[0]
    assert person.http.get(url).status_code == 200
    other.close()


def test_a_session_that_has_ended_says_so_and_loses_nothing(person: Browser, engine: Engine) -> None:
    person.sign_in("demo-wangxl", 2)
    person.say("挂个号")
    with engine.begin() as connection:
        connection.execute(text("UPDATE citizen_sessions SET expires_at = '2020-01-01 00:00:00'"))
    answer = person.http.post("/chat/messages", json={"text": "骨科"})
    assert (answer.status_code, problem(answer)) == (401, "sign_in_required")
    page = person.page()
    assert "登录已过期" in page
    assert "挂哪个科" not in page
    person.sign_in("demo-wangxl", 2)
    assert "挂哪个科" in person.page()


def test_who_signs_in_after_another_sees_nothing_of_theirs(person: Browser) -> None:
    person.sign_in("demo-wangxl", 2)
    person.say("挂个号")
    person.sign_in("demo-lijg", 3)
    assert "挂哪个科" not in person.page()
    assert "李建国" in person.page("/me")


def test_the_cookie_changes_nothing_for_a_foreign_page(person: Browser) -> None:
    person.sign_in("demo-wangxl", 2)
    foreign = {"Origin": "https://evil.example"}
    assert person.http.put("/v1/me/remember", json={"remember": False}, headers=foreign).status_code == 403
    assert person.http.put("/v1/me/remember", json={"remember": False}).status_code == 204


def test_names_are_encrypted_and_tokens_hashed_at_rest(person: Browser, engine: Engine) -> None:
    person.sign_in("demo-wangxl", 2)
    with engine.connect() as connection:
        rows = [str(row) for table in ("citizens", "citizen_sessions") for row in
                connection.execute(text(f"SELECT * FROM {table}")).all()]  # fmt: skip
    assert len(rows) == 2
    secrets = (
        "王秀兰",
        "371302198503120021",
        "demo-wangxl",
        str(chat.unsign(person.http.cookies[COOKIE], "wenban.citizen")),
    )
    assert not [row for row in rows if any(secret in row for secret in secrets)]


def test_text_from_the_provider_is_escaped(person: Browser) -> None:
    page = person.http.get("/idp/authorize", params={"client_id": "wenban", "state": '"><script>alert(1)</script>'})
    assert page.status_code == 400
    assert "<script>alert" not in page.text
    assert html.escape("<script>") in page.text


def test_a_sign_in_button_sent_back_is_answered(person: Browser, server: Server) -> None:
    before = len(server.backend.turns)
    reply = person.turn(payload={"do": "sign_in", "value": "2", "label": "登录"})
    assert reply["turn"]["status"] == "auth_required"
    assert '/identity/sign-in?level=2"' in reply["html"]
    assert len(server.backend.turns) == before
