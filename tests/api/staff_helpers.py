"""Log in to the console."""

from __future__ import annotations

import re
from functools import lru_cache

import httpx

from api.staff.auth import hash_password


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


async def log_in(client: httpx.AsyncClient, username: str, password: str) -> httpx.Response:
    token = hidden((await client.get("/staff/login")).text, "token")
    return await client.post("/staff/login", data={"username": username, "password": password, "token": token})


@lru_cache
def hashed(password: str) -> str:
    return hash_password(password)
