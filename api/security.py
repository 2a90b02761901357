"""Security headers on every response, and signed values for cookies."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wenban.crypto import secret

_DIRECTIVES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "media-src 'self' blob:",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
)


DEMO = "/idp/authorize"


def content_policy(path: str, frame_ancestors: str) -> str:
    """Return the policy of a page: our own files only, and no frame around the console."""
    ancestors = "'none'" if path.startswith(("/staff", "/idp", "/identity", "/consent")) else frame_ancestors
    directives = [
        # The demonstration provider sends the browser back to whichever name of this machine it came from.
        f"{part} http://127.0.0.1:* http://localhost:*" if part.startswith("form-action") and path == DEMO else part
        for part in _DIRECTIVES
    ]
    return "; ".join((*directives, f"frame-ancestors {ancestors}"))


class SecurityHeaders:
    """Add the headers to every response that passes through."""

    def __init__(self, app: ASGIApp, frame_ancestors: str) -> None:
        self.app, self.frame_ancestors = app, frame_ancestors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        policy = content_policy(scope["path"], self.frame_ancestors)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = policy
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                headers["Permissions-Policy"] = "camera=(), geolocation=(self), microphone=(self)"
                # Static files are asked for again each time, and answered 304 by their ETag.
                static = scope["path"].startswith("/static/")
                headers.setdefault("Cache-Control", "no-cache" if static else "no-store")
            await send(message)

        await self.app(scope, receive, with_headers)


def _serializer(salt: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret("cookie.key"), salt=salt)


def sign(value: str, salt: str = "wenban.conversation") -> str:
    """Return ``value`` with our signature; ``salt`` keeps a token from being used as another kind."""
    return str(_serializer(salt).dumps(value))


def unsign(token: str | None, salt: str = "wenban.conversation") -> str | None:
    """Return the value of a token that we signed, else None."""
    try:
        value = _serializer(salt).loads(token) if token else None
    except BadSignature:
        return None
    return value if isinstance(value, str) else None
