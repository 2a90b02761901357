"""A browser without a screen: signs in with the demonstration provider by following its pages over HTTP."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import secrets
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx


def inputs(page: str) -> dict[str, str]:
    """Return the hidden fields of a page's form."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


class Browser:
    """Cookies of one browser at ``url``."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=60)

    def close(self) -> None:
        self.http.close()

    # -- signing in --------------------------------------------------------------------------------------------

    def leave(self, level: int = 2, target: str = "/") -> str:
        """Press 登录: return the provider's address that we are sent to."""
        response = self.http.get("/identity/sign-in", params={"level": level, "next": target})
        assert response.status_code == 303, response.text
        return response.headers["location"]

    def pick(self, address: str, person: str, method: int) -> httpx.Response:
        """Choose a made-up citizen on the provider's page; return its answer."""
        page = self.http.get(address)
        assert page.status_code == 200, page.text
        assert "演示" in page.text
        fields = {**inputs(page.text), "person": person, "method": str(method), "do": "sign_in"}
        return self.http.post(address.partition("?")[0], data=fields)

    def sign_in(self, person: str = "demo-wangxl", level: int = 2, target: str = "/") -> httpx.Response:
        """Sign in; return our answer to the callback."""
        sent_back = self.pick(self.leave(level, target), person, level)
        assert sent_back.status_code == 303, sent_back.text
        done = self.http.get(sent_back.headers["location"])
        assert done.status_code == 303, done.text
        return done

    def csrf(self, path: str = "/me") -> str:
        return inputs(self.http.get(path).text)["csrf"]

    # -- the chat page -----------------------------------------------------------------------------------------

    def say(self, text: str) -> dict[str, Any]:
        return self.turn(text=text)

    def turn(self, **body: Any) -> dict[str, Any]:
        response = self.http.post("/chat/messages", json=body)
        assert response.status_code == 200, response.text
        return dict(response.json())

    def consented(self, reply: dict[str, Any]) -> dict[str, Any]:
        """Say yes where a form asks for consent to sensitive data; return what comes after it."""
        return self.say("同意") if reply["turn"].get("awaiting") == "agree_sensitive" else reply

    def page(self, path: str = "/") -> str:
        response = self.http.get(path)
        assert response.status_code == 200, response.text
        return response.text


def bearer(url: str, person: str = "demo-wangxl", level: int = 2, client_id: str = "wenban") -> str:
    """Return an access token as a host app would get it: its own code flow with PKCE."""
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    redirect = f"{url.rstrip('/')}/identity/callback"
    asked = {
        "client_id": client_id, "redirect_uri": redirect, "response_type": "code", "scope": "openid profile",
        "state": state, "nonce": "n", "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    with httpx.Client(base_url=url, timeout=30) as http:
        sent_back = http.post("/idp/authorize", data={**asked, "person": person, "method": str(level), "do": "sign_in"})
        assert sent_back.status_code == 303, sent_back.text
        answer = parse_qs(urlsplit(sent_back.headers["location"]).query)
        assert answer["state"] == [state]
        fields = {"grant_type": "authorization_code", "code": answer["code"][0], "redirect_uri": redirect,
                  "client_id": client_id, "code_verifier": verifier}  # fmt: skip
        token = http.post("/idp/token", data=fields)
    assert token.status_code == 200, token.text
    return str(token.json()["access_token"])
