"""An OpenID Connect issuer: its discovery document, its keys, and tokens that it signed.

Keys rotate: a token with an unknown key makes us fetch the keys anew, but not more often than the settings say, so that
nobody can make us hammer the issuer with tokens of invented keys.
"""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import structlog
from joserfc import jws, jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, InvalidKeyIdError, JoseError, MissingClaimError
from joserfc.jwk import KeySet

from api.errors import IdentityDown, TokenRefused

log = structlog.get_logger("api.identity")
# Asymmetric only: "none" and shared secrets would let a client make its own tokens.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
DISCOVERY_SECONDS = 3600.0
MAX_TOKEN = 16 * 1024


class Issuer:
    """``url`` is the issuer's identifier, exactly as it stands in its tokens."""

    def __init__(
        self,
        url: str,
        http: httpx.AsyncClient,
        leeway: int = 60,
        refetch_seconds: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.url, self.http, self.leeway, self.refetch_seconds, self.clock = url, http, leeway, refetch_seconds, clock
        self._metadata: dict[str, Any] = {}
        self._metadata_at = 0.0
        self._keys: KeySet | None = None
        self._keys_at = 0.0
        self._lock = asyncio.Lock()
        self.fetches = 0

    async def _get(self, url: str, **options: Any) -> dict[str, Any]:
        try:
            response = await self.http.get(url, **options)
            body = response.json() if response.status_code == 200 else None
        except (httpx.HTTPError, ValueError) as error:
            log.warning("identity_unavailable", error=type(error).__name__)
            raise IdentityDown from error
        if not isinstance(body, dict):
            log.warning("identity_unavailable", error=f"status {response.status_code}")
            raise IdentityDown
        return body

    async def metadata(self) -> dict[str, Any]:
        """Return the discovery document; it must be about this issuer and name its endpoints."""
        if self._metadata and self.clock() - self._metadata_at < DISCOVERY_SECONDS:
            return self._metadata
        found = await self._get(f"{self.url.rstrip('/')}/.well-known/openid-configuration")
        wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if found.get("issuer") != self.url or not all(isinstance(found.get(name), str) for name in wanted):
            log.error("identity_discovery_wrong", issuer=self.url)
            raise IdentityDown
        self._metadata, self._metadata_at = found, self.clock()
        return found

    async def userinfo(self, access_token: str) -> dict[str, Any]:
        """Return what the issuer tells about who is signed in; empty where it has no such endpoint."""
        endpoint = (await self.metadata()).get("userinfo_endpoint")
        if not endpoint:
            return {}
        return await self._get(endpoint, headers={"Authorization": f"Bearer {access_token}"})

    async def _fetch(self) -> KeySet:
        found = await self._get((await self.metadata())["jwks_uri"])
        try:
            keys = KeySet.import_key_set(found)  # type: ignore[arg-type]
        except (JoseError, KeyError, TypeError, ValueError) as error:
            log.error("identity_keys_wrong", error=type(error).__name__)
            raise IdentityDown from error
        self.fetches += 1
        self._keys, self._keys_at = keys, self.clock()
        return keys

    async def _key(self, kid: str | None) -> Any:
        async with self._lock:
            keys, fresh = self._keys, False
            if keys is None:
                keys, fresh = await self._fetch(), True
            try:
                return keys.get_by_kid(kid)
            except InvalidKeyIdError:
                if fresh or self.clock() - self._keys_at < self.refetch_seconds:
                    raise TokenRefused(detail="unknown_key") from None
            try:
                return (await self._fetch()).get_by_kid(kid)
            except InvalidKeyIdError:
                raise TokenRefused(detail="unknown_key") from None

    async def verify(self, token: str, audiences: Sequence[str], nonce: str | None = None) -> dict[str, Any]:
        """Return the claims of a token that this issuer signed for one of ``audiences`` and that is valid now.

        Raises:
            TokenRefused: with the reason in ``detail``.
            IdentityDown: when the issuer's keys cannot be had.
        """
        if len(token) > MAX_TOKEN:
            raise TokenRefused(detail="malformed")
        try:
            kid = jws.extract_compact(token.encode()).headers().get("kid")
            key = await self._key(kid)
            claims = jwt.decode(token, key, algorithms=ALGORITHMS).claims
        except (JoseError, ValueError, UnicodeError) as error:
            reason = "bad_signature" if type(error).__name__ == "BadSignatureError" else "malformed"
            raise TokenRefused(detail=reason) from error
        rules = jwt.JWTClaimsRegistry(
            leeway=self.leeway,
            iss={"essential": True, "value": self.url},
            aud={"essential": True, "values": list(audiences)},
            exp={"essential": True},
            sub={"essential": True},
        )
        try:
            rules.validate(claims)
        except ExpiredTokenError as error:
            raise TokenRefused(detail="expired") from error
        except (InvalidClaimError, MissingClaimError) as error:
            raise TokenRefused(detail=f"wrong_{getattr(error, 'claim', 'claim')}") from error
        except JoseError as error:
            raise TokenRefused(detail="malformed") from error
        if nonce is not None and not hmac.compare_digest(str(claims.get("nonce") or ""), nonce):
            raise TokenRefused(detail="wrong_nonce")
        return dict(claims)
