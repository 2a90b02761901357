"""An HTTP client that talks to an ASGI app in this process."""

from __future__ import annotations

from typing import Any

import httpx
from fastapi import FastAPI


def browser(app: FastAPI, **options: Any) -> httpx.AsyncClient:
    """Return a client without redirects or base cookies; ``options`` go to the transport."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app, **options), base_url="http://wenban.test")
