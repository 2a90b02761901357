"""Bearer tokens: only what the issuer signed, for us, for now; keys that rotate; keys that somebody invented."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fake_backend import FakeBackend
from joserfc import jwt
from joserfc.jwk import RSAKey
from real_server import Server, serving
from signing import bearer
from sqlalchemy import Engine

from api.errors import IdentityDown, TokenRefused
from api.identity.devidp import keys
from api.identity.issuer import Issuer


def claims(server: Server, **changes: Any) -> dict[str, Any]:
    now = int(time.time())
    usual = {"iss": server.issuer, "sub": "demo-lijg", "aud": "wenban", "iat": now, "exp": now + 600,
             "identity_level": 3, "name": "李建国"}  # fmt: skip
    return {name: value for name, value in (usual | changes).items() if value is not None}


def me(server: Server, token: str) -> httpx.Response:
    return httpx.get(f"{server.url}/v1/me", headers={"Authorization": f"Bearer {token}"}, timeout=30)


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.fixture
async def issuer(server: Server) -> AsyncIterator[Issuer]:
    async with httpx.AsyncClient() as http:
        yield Issuer(server.issuer, http, leeway=0, refetch_seconds=60)


def test_a_host_app_s_token_is_taken(server: Server) -> None:
    answer = me(server, bearer(server.url, "demo-lijg", 3))
    assert answer.status_code == 200, answer.text
    assert (answer.json()["name"], answer.json()["level"]) == ("李建国", 3)


def test_without_a_token_nobody_is_signed_in(server: Server) -> None:
    answer = httpx.get(f"{server.url}/v1/me", timeout=30)
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_required")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"exp": 1_700_000_000}, "expired"),
        ({"exp": None}, "wrong_exp"),
        ({"aud": "demo-host-app"}, "wrong_aud"),
        ({"aud": None}, "wrong_aud"),
        ({"iss": "https://another.example"}, "wrong_iss"),
        ({"sub": None}, "wrong_sub"),
        ({"identity_level": 5}, "wrong_level"),
        ({"identity_level": True}, "wrong_level"),
        ({"identity_level": "high"}, "wrong_level"),
    ],
)
def test_a_token_that_is_not_right_is_refused(server: Server, changes: dict[str, Any], reason: str) -> None:
    answer = me(server, keys.signed(claims(server, **changes)))
    assert (answer.status_code, answer.json()["code"], answer.json()["detail"]) == (401, "invalid_token", reason)
    assert "登录" in answer.json()["message"]


def test_another_app_s_token_is_not_for_us(server: Server) -> None:
    answer = me(server, bearer(server.url, "demo-lijg", 3, client_id="demo-host-app"))
    assert answer.json()["detail"] == "wrong_aud"


def test_a_wrong_token_is_never_taken_for_none(server: Server) -> None:
    start = httpx.post(f"{server.url}/v1/conversations", headers={"Authorization": "Bearer x.y.z"}, timeout=30)
    assert start.status_code == 401


@pytest.mark.parametrize("level", [1, 2, 3, 4, "2", None])
def test_levels_are_read(server: Server, level: Any) -> None:
    answer = me(server, keys.signed(claims(server, identity_level=level)))
    assert answer.json()["level"] == int(level or 1)


@pytest.mark.parametrize("token", ["x", "a.b.c", "é.b.c", "e30.e30.", "x" * 20_000])
def test_rubbish_is_refused(server: Server, token: str) -> None:
    with httpx.Client(timeout=30) as http:
        answer = http.get(f"{server.url}/v1/me", headers={"Authorization": b"Bearer " + token.encode()})
    assert answer.status_code in (401, 431, 400)
    assert "Traceback" not in answer.text


async def test_our_own_signatures_only(server: Server, issuer: Issuer) -> None:
    kid = keys.public()["keys"][0]["kid"]
    stranger = RSAKey.generate_key(2048, {"kid": kid})
    forged = jwt.encode({"alg": "RS256", "kid": kid}, claims(server), stranger)
    with pytest.raises(TokenRefused) as refused:
        await issuer.verify(forged, ["wenban"])
    assert refused.value.detail == "bad_signature"
    # The public key as a shared secret: the oldest trick.
    public = RSAKey.import_key(keys.public()["keys"][0]).as_pem(private=False)
    body = ".".join(jwt.encode({"alg": "RS256", "kid": kid}, claims(server), stranger).split(".")[1:2])
    signed = f"{_base64(json.dumps({'alg': 'HS256', 'kid': kid}).encode())}.{body}"
    confused = f"{signed}.{_base64(hmac.digest(public, signed.encode(), 'sha256'))}"
    with pytest.raises(TokenRefused):
        await issuer.verify(confused, ["wenban"])
    head = jwt.encode({"alg": "RS256", "kid": kid}, claims(server), stranger).split(".")
    with pytest.raises(TokenRefused):
        await issuer.verify(f"eyJhbGciOiJub25lIn0.{head[1]}.", ["wenban"])


async def test_keys_rotate(server: Server, issuer: Issuer) -> None:
    seconds = [0.0]
    issuer.clock = lambda: seconds[0]
    old = keys.signed(claims(server))
    assert (await issuer.verify(old, ["wenban"]))["sub"] == "demo-lijg"
    keys.rotate()
    new = keys.signed(claims(server))
    with pytest.raises(TokenRefused) as refused:
        await issuer.verify(new, ["wenban"])
    assert (refused.value.detail, issuer.fetches) == ("unknown_key", 1), "too soon after the last fetch"
    seconds[0] = 61
    assert (await issuer.verify(new, ["wenban"]))["sub"] == "demo-lijg"
    assert issuer.fetches == 2
    assert (await issuer.verify(old, ["wenban"]))["sub"] == "demo-lijg", "the key before is still published"
    keys.rotate()
    keys.rotate()
    seconds[0] = 200
    await issuer.verify(keys.signed(claims(server)), ["wenban"])
    with pytest.raises(TokenRefused):
        await issuer.verify(old, ["wenban"])


async def test_invented_keys_do_not_make_us_hammer_the_issuer(server: Server, issuer: Issuer) -> None:
    await issuer.verify(keys.signed(claims(server)), ["wenban"])
    stranger = RSAKey.generate_key(2048)
    for number in range(20):
        forged = jwt.encode({"alg": "RS256", "kid": f"invented-{number}"}, claims(server), stranger)
        with pytest.raises(TokenRefused):
            await issuer.verify(forged, ["wenban"])
    assert issuer.fetches == 1


async def test_an_issuer_that_is_away(issuer: Issuer) -> None:
    issuer.url = "http://127.0.0.1:9"
    with pytest.raises(IdentityDown):
        await issuer.verify(jwt.encode({"alg": "RS256"}, {}, RSAKey.generate_key(2048)), ["wenban"])


async def test_discovery_about_another_issuer_is_not_believed(server: Server, issuer: Issuer) -> None:
    issuer.url = f"{server.issuer}/"
    with pytest.raises(IdentityDown):
        await issuer.metadata()


def test_only_signing_keys_without_their_secret_are_published(server: Server) -> None:
    found = httpx.get(f"{server.issuer}/jwks", timeout=30).json()["keys"]
    assert len(found) >= 1
    assert not {"d", "p", "q", "dp", "dq", "qi"} & {name for key in found for name in key}


def test_no_demonstration_beside_a_real_issuer(engine: Engine, backend: FakeBackend) -> None:
    with serving(engine, backend, issuer="https://id.example.gov.cn") as real:
        assert httpx.get(f"{real.url}/idp/.well-known/openid-configuration", timeout=30).status_code == 404
    with serving(engine, backend, demo=False) as closed:
        assert httpx.get(f"{closed.url}/idp/jwks", timeout=30).status_code == 404
        assert httpx.get(f"{closed.url}/identity/sign-in", timeout=30).status_code == 404
        assert "不能登录" in httpx.get(f"{closed.url}/identity/sign-in", timeout=30).text
