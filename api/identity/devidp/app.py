"""The provider's endpoints, mounted at ``/idp``: discovery, authorize, token, jwks, userinfo.

Everything that a client checks is as a real provider does it (codes used once and for a minute, PKCE S256, nonce, exact
redirect addresses of this site); only the people are made up, and instead of a password one picks a name.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

from fastapi import FastAPI, Form, Header, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from api.identity.devidp import keys
from api.identity.devidp.people import METHODS, PEOPLE
from api.limits import is_loopback
from api.web.templating import render

CODE_SECONDS, TOKEN_SECONDS = 60, 3600
CALLBACK = "/identity/callback"
CLIENTS = ("wenban", "demo-host-app")  # the second stands for a portal: its tokens are not for us


@dataclass(frozen=True)
class Grant:
    client_id: str
    redirect_uri: str
    challenge: str
    nonce: str
    subject: str
    level: int
    expires: float


def create_demo_provider(issuer: str, client_id: str) -> FastAPI:
    """Return the provider for one issuer address; ``client_id`` is ours."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    grants: dict[str, Grant] = {}
    clients = {client_id, *CLIENTS}

    def redirectable(uri: str) -> bool:
        """Allow our own callback only, under the issuer's name or a name of this machine (RFC 8252)."""
        parts, own = urlsplit(uri), urlsplit(issuer)
        local = parts.hostname == "localhost" or is_loopback(parts.hostname)
        return parts.path == CALLBACK and (parts.netloc == own.netloc or local) and not parts.fragment

    def page(request: Request, asked: dict[str, str], error: str = "", status: int = 200) -> Response:
        level = asked.get("acr_values", "")
        context = {"asked": asked, "people": PEOPLE, "methods": METHODS, "error": error,
                   "level": int(level) if level in ("1", "2", "3", "4") else 2}  # fmt: skip
        return render(request, "demo_provider.html", context, status)

    def problem(asked: dict[str, str]) -> str:
        """Return what is wrong with a request that must not be answered by a redirect, or nothing."""
        if asked.get("client_id") not in clients:
            return "这个应用没有登记。"
        if not redirectable(asked.get("redirect_uri", "")):
            return "返回地址没有登记。"
        if asked.get("response_type") != "code" or asked.get("code_challenge_method") != "S256":
            return "登录请求的格式不对。"
        if not asked.get("code_challenge") or "openid" not in asked.get("scope", "").split():
            return "登录请求的格式不对。"
        return ""

    def back(asked: dict[str, str], **answer: str) -> Response:
        query = urlencode({**answer, "state": asked.get("state", ""), "iss": issuer})
        return RedirectResponse(f"{asked['redirect_uri']}?{query}", 303)

    @app.get("/.well-known/openid-configuration")
    async def discovery() -> dict[str, Any]:
        return {
            "issuer": issuer, "authorization_endpoint": f"{issuer}/authorize", "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/jwks", "userinfo_endpoint": f"{issuer}/userinfo",
            "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"], "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"], "scopes_supported": ["openid", "profile", "phone"],
            "authorization_response_iss_parameter_supported": True,
        }  # fmt: skip

    @app.get("/jwks")
    def jwks() -> dict[str, Any]:
        return keys.public()

    @app.get("/authorize")
    async def ask(request: Request) -> Response:
        asked = dict(request.query_params)
        wrong = problem(asked)
        return page(request, asked, wrong, 400 if wrong else 200)

    @app.post("/authorize")
    async def answer(request: Request) -> Response:
        form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
        asked = {name: value for name, value in form.items() if name not in ("person", "method", "do")}
        if wrong := problem(asked):
            return page(request, asked, wrong, 400)
        if form.get("do") == "cancel":
            return back(asked, error="access_denied")
        person, method = PEOPLE.get(form.get("person", "")), form.get("method", "")
        if person is None or method not in ("1", "2", "3", "4"):
            return page(request, asked, "请选一位演示市民，再选一种认证方式。", 400)
        if int(method) > person.level:
            return page(request, asked, f"{person.name}最高只能用“{METHODS[person.level]}”登录，请换一种。", 400)
        now = time.time()
        for old in [code for code, grant in grants.items() if grant.expires < now]:
            del grants[old]
        code = secrets.token_urlsafe(32)
        grants[code] = Grant(
            asked["client_id"], asked["redirect_uri"], asked["code_challenge"], asked.get("nonce", ""),
            person.subject, int(method), now + CODE_SECONDS,
        )  # fmt: skip
        return back(asked, code=code)

    @app.post("/token")
    def token(
        grant_type: Annotated[str, Form()] = "",
        code: Annotated[str, Form()] = "",
        redirect_uri: Annotated[str, Form()] = "",
        client_id: Annotated[str, Form()] = "",
        code_verifier: Annotated[str, Form()] = "",
    ) -> Response:
        grant = grants.pop(code, None)
        digest = hashlib.sha256(code_verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        fits = grant is not None and grant.expires > time.time() and grant_type == "authorization_code"
        if grant is None or not fits or (client_id, redirect_uri) != (grant.client_id, grant.redirect_uri):
            return JSONResponse({"error": "invalid_grant"}, 400)
        if not secrets.compare_digest(challenge, grant.challenge):
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        common = {"iss": issuer, "sub": grant.subject, "aud": client_id, "iat": now, "exp": now + TOKEN_SECONDS,
                  "identity_level": grant.level}  # fmt: skip
        told = PEOPLE[grant.subject].claims(grant.level)
        return JSONResponse(
            {
                "access_token": keys.signed(common | told), "token_type": "Bearer", "expires_in": TOKEN_SECONDS,
                "id_token": keys.signed(common | {"nonce": grant.nonce, "name": told["name"]}),
            },
            headers={"Cache-Control": "no-store"},
        )  # fmt: skip

    @app.get("/userinfo")
    def userinfo(authorization: Annotated[str, Header()] = "") -> Response:
        claims = keys.checked(authorization.removeprefix("Bearer "), issuer)
        if claims is None:
            return JSONResponse({"error": "invalid_token"}, 401, {"WWW-Authenticate": "Bearer"})
        told = PEOPLE[claims["sub"]].claims(claims["identity_level"])
        return JSONResponse({"sub": claims["sub"], "identity_level": claims["identity_level"], **told})

    return app
