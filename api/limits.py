"""Limits on what one client may send: a token bucket an address, and the size of a request body."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import TooManyRequests, problem
from wenban.attachments import MAX_BYTES

MAX_CLIENTS = 50_000


class TokenBuckets:
    """One bucket a key: ``burst`` tokens at most, ``rate`` new ones a second. The longest idle are forgotten."""

    def __init__(self, burst: int, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._rate, self._clock = burst, rate, clock
        self._state: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> float:
        """Take a token and return 0, or return the seconds until there is one."""
        now = self._clock()
        tokens, at = self._state.pop(key, (float(self._burst), now))
        tokens = min(float(self._burst), tokens + (now - at) * self._rate)
        wait = 0.0 if tokens >= 1 else (1 - tokens) / self._rate
        self._state[key] = (tokens - 1 if not wait else tokens, now)
        if len(self._state) > MAX_CLIENTS:
            self._state.popitem(last=False)
        return wait


def is_loopback(host: str | None) -> bool:
    """Say whether ``host`` is this machine."""
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def check(buckets: TokenBuckets | None, host: str | None) -> None:
    """Raise ``TooManyRequests`` when the address has used its share."""
    if buckets and (wait := buckets.take(host or "unknown")):
        raise TooManyRequests(headers={"Retry-After": str(ceil(wait))})


class BodyLimit:
    """Refuse larger bodies before anything parses them; the staff console and recordings may be larger."""

    def __init__(self, app: ASGIApp, limit: int, staff_limit: int, recording_limit: int) -> None:
        self.app, self.limit, self.staff_limit, self.recording_limit = app, limit, staff_limit, recording_limit

    def _limit(self, scope: Scope, headers: dict[bytes, bytes]) -> int:
        path = scope["path"]
        if path.startswith("/staff"):
            return self.staff_limit
        spoken = path == "/v1/transcriptions" or (path.startswith("/v1/conversations/") and path.endswith("/messages"))
        multipart = headers.get(b"content-type", b"").lower().startswith(b"multipart/form-data")
        if multipart and (path == "/chat/attachments" or (path.startswith("/v1/") and path.endswith("/attachments"))):
            return MAX_BYTES + 64 * 1024  # the file and its envelope
        return self.recording_limit if spoken and multipart else self.limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        limit = self._limit(scope, headers)
        declared = headers.get(b"content-length", b"0")
        body, more = bytearray(), True
        if declared.isdigit() and int(declared[:18]) > limit:
            more, body = False, bytearray(limit + 1)
        while more and len(body) <= limit:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
        if len(body) > limit:
            response = problem(413, "too_large", "发送的内容太大了，请精简后再试。", {"limit_bytes": limit})
            await response(scope, receive, send)
            return
        replayed = False

        async def replay() -> Message:
            nonlocal replayed
            if replayed:
                return await receive()
            replayed = True
            return {"type": "http.request", "body": bytes(body), "more_body": False}

        await self.app(scope, replay, send)
