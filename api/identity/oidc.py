"""The authorization code flow with PKCE: where to send the browser, and what to make of it when it comes back.

What must be remembered in between (state, nonce, verifier, where to go afterwards) is kept in the browser itself,
encrypted with our key, for ten minutes.
"""

from __future__ import annotations

import hmac
import time
from typing import Any

import httpx
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import AsyncOAuth2Client
from cryptography.fernet import InvalidToken
from pydantic import BaseModel, ValidationError

from api.errors import IdentityDown, SignInFailed
from api.identity.claims import Identity, identity_of
from api.identity.issuer import Issuer
from wenban.crypto import decrypt, encrypt
from wenban.identity import IdentitySettings

log = structlog.get_logger("api.identity")
PENDING_SECONDS = 600


class Pending(BaseModel):
    """A sign-in under way."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str
    target: str
    expires: float

    def seal(self) -> str:
        return encrypt(self.model_dump_json()).decode()

    @classmethod
    def unseal(cls, token: str | None) -> Pending | None:
        try:
            pending = cls.model_validate_json(decrypt(token.encode())) if token else None
        except (InvalidToken, ValidationError, ValueError):
            return None
        return pending if pending and pending.expires > time.time() else None


class OidcClient:
    """We as a client of ``issuer``."""

    def __init__(self, settings: IdentitySettings, issuer: Issuer) -> None:
        self.settings, self.issuer = settings, issuer

    def _client(self, redirect_uri: str) -> AsyncOAuth2Client:
        secret = self.settings.client_secret
        return AsyncOAuth2Client(
            self.settings.client_id, secret or None, scope=self.settings.scopes, redirect_uri=redirect_uri,
            token_endpoint_auth_method="client_secret_basic" if secret else "none", code_challenge_method="S256",
            timeout=10.0,
        )  # fmt: skip

    async def begin(self, redirect_uri: str, target: str, level: int) -> tuple[str, Pending]:
        """Return where to send the browser, and what to keep until it comes back."""
        metadata = await self.issuer.metadata()
        pending = Pending(
            state=generate_token(32), nonce=generate_token(32), verifier=generate_token(64),
            redirect_uri=redirect_uri, target=target, expires=time.time() + PENDING_SECONDS,
        )  # fmt: skip
        async with self._client(redirect_uri) as client:
            url, _ = client.create_authorization_url(
                metadata["authorization_endpoint"], state=pending.state, code_verifier=pending.verifier,
                nonce=pending.nonce, acr_values=str(level),
            )  # fmt: skip
        return str(url), pending

    async def finish(self, pending: Pending | None, answer: dict[str, str]) -> Identity:
        """Return who signed in.

        Raises:
            SignInFailed: the answer is not to a question of ours, was refused or is stale.
            TokenRefused, IdentityDown: as the issuer's ``verify`` does.
        """
        if pending is None or not hmac.compare_digest(answer.get("state", "").encode(), pending.state.encode()):
            raise SignInFailed(detail="state")
        if answer.get("iss", self.issuer.url) != self.issuer.url:  # RFC 9207
            raise SignInFailed(detail="issuer")
        if answer.get("error"):
            text = "您取消了登录，没有登录成功。您填的都留着。" if answer["error"] == "access_denied" else None
            raise SignInFailed(text, detail="refused")
        token = await self._exchange(pending, answer.get("code", ""))
        claims = await self.issuer.verify(str(token.get("id_token", "")), [self.settings.client_id], pending.nonce)
        if (
            isinstance(claims.get("aud"), list)
            and claims.get("azp", self.settings.client_id) != self.settings.client_id
        ):
            raise SignInFailed(detail="azp")
        more = await self.issuer.userinfo(str(token.get("access_token", "")))
        if more and more.get("sub") != claims["sub"]:
            raise SignInFailed(detail="userinfo")
        return identity_of({**more, **claims}, self.settings)

    async def _exchange(self, pending: Pending, code: str) -> dict[str, Any]:
        endpoint = (await self.issuer.metadata())["token_endpoint"]
        try:
            async with self._client(pending.redirect_uri) as client:
                token = await client.fetch_token(endpoint, code=code, code_verifier=pending.verifier)
        except httpx.HTTPError as error:
            log.warning("identity_unavailable", error=type(error).__name__)
            raise IdentityDown from error
        except (AuthlibBaseError, ValueError) as error:
            log.warning("sign_in_failed", error=type(error).__name__)
            raise SignInFailed(detail="code") from error
        return dict(token)
