"""Who makes a request: a browser with a session, or a host app with a bearer token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import anyio
import httpx
from sqlalchemy import Engine
from starlette.requests import HTTPConnection

from api.errors import Forbidden, TokenRefused
from api.identity.claims import Identity, identity_of
from api.identity.issuer import Issuer
from api.identity.oidc import OidcClient
from api.identity.repository import CitizenRepository
from api.security import sign, unsign
from wenban.database import session_scope
from wenban.identity import Citizen, IdentitySettings
from wenban.settings import Settings

COOKIE = "wenban_citizen"
ACTING_HEADER = "Wenban-Acting-For"


@dataclass(frozen=True)
class SignedIn:
    """A citizen with the way they came in; ``csrf`` is what their forms must carry."""

    citizen: Citizen
    via: Literal["cookie", "bearer"]
    csrf: str = ""


class IdentityService:
    """``demo`` says that the demonstration provider is the issuer; without any issuer nobody can sign in."""

    def __init__(self, settings: IdentitySettings, shared: Settings, engine: Engine) -> None:
        self.settings, self.engine = settings, engine
        everywhere = shared.host in ("0.0.0.0", "::")  # noqa: S104  (compared, not bound)
        host = "127.0.0.1" if everywhere else shared.host
        self.public_url = settings.public_url.rstrip("/") or f"http://{host}:{shared.port}"
        self.demo = not settings.issuer and settings.demo
        self.issuer_url = settings.issuer or (f"{self.public_url}/idp" if self.demo else "")
        self.http = httpx.AsyncClient(timeout=httpx.Timeout(10.0, connect=3.0))
        self.issuer = Issuer(self.issuer_url, self.http, settings.leeway, settings.jwks_refetch_seconds)
        self.oidc = OidcClient(settings, self.issuer)

    @property
    def enabled(self) -> bool:
        return bool(self.issuer_url)

    async def aclose(self) -> None:
        await self.http.aclose()

    def redirect_uri(self, connection: HTTPConnection) -> str:
        """Return our callback as this browser sees us, unless the settings say where we are."""
        base = self.settings.public_url.rstrip("/") or str(connection.base_url).rstrip("/")
        return f"{base}/identity/callback"

    async def who(self, connection: HTTPConnection) -> SignedIn | None:
        """Return who makes this request, or None for an anonymous citizen.

        Raises:
            TokenRefused: a bearer token that is wrong is never taken for no token.
        """
        scheme, _, token = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return await self._bearer(token.strip(), connection.headers.get(ACTING_HEADER))
        cookie = unsign(connection.cookies.get(COOKIE), "wenban.citizen")
        return await anyio.to_thread.run_sync(self._session, cookie) if cookie else None

    async def _bearer(self, token: str, acting_for: str | None) -> SignedIn:
        if not self.enabled:
            raise TokenRefused(detail="no_issuer")
        claims = await self.issuer.verify(token, self.settings.audiences)
        identity = identity_of(claims, self.settings)
        relative_id = int(acting_for) if acting_for and acting_for.isdecimal() and len(acting_for) < 16 else None

        def work() -> Citizen:
            with session_scope(self.engine) as session:
                repository = CitizenRepository(session)
                return repository.as_citizen(repository.known(identity), identity.level, relative_id)

        citizen = await anyio.to_thread.run_sync(work)
        if acting_for and citizen.acting_for is None:
            raise Forbidden("没有对方的同意，不能代办。")
        return SignedIn(citizen, "bearer")

    def _session(self, token: str) -> SignedIn | None:
        with session_scope(self.engine) as session:
            repository = CitizenRepository(session)
            found = repository.find(token)
            row = repository.get(found.citizen_id) if found is not None else None
            if found is None or row is None:
                return None
            return SignedIn(repository.as_citizen(row, found.level, found.relative_id), "cookie", found.csrf)

    def sign_in(self, identity: Identity) -> tuple[Citizen, str]:
        """Open a session; return the citizen and the value of the cookie."""
        with session_scope(self.engine) as session:
            repository = CitizenRepository(session)
            row = repository.known(identity)
            token = repository.open(row, identity.level, self.settings.session_hours)
            return repository.as_citizen(row, identity.level, None), sign(token, "wenban.citizen")

    def sign_out(self, connection: HTTPConnection) -> None:
        if token := unsign(connection.cookies.get(COOKIE), "wenban.citizen"):
            with session_scope(self.engine) as session:
                CitizenRepository(session).close(token)
