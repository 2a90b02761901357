"""What really happened, counted in the sandbox departments' own tables; and citizens by the hundred."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import httpx
from harness import System

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def count(system: System, query: str, *values: Any) -> int:
    """Return the number that ``query`` gives on the departments' database."""
    with closing(sqlite3.connect(f"file:{system.home / 'sandbox.db'}?mode=ro", uri=True, timeout=20)) as db:
        return int(db.execute(query, values).fetchone()[0])


def rows(system: System, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{system.home / 'sandbox.db'}?mode=ro", uri=True, timeout=20)) as db:
        return db.execute(query, values).fetchall()


def id_no(n: int) -> str:
    """Return the n-th made-up identity number; its check character is right."""
    body = f"3713021970{n // 900 % 12 + 1:02d}{n // 36 % 25 + 1:02d}{n % 36 * 27 + 11:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def phone(n: int) -> str:
    return f"139{n:08d}"


def connector(system: System, name: str) -> str:
    return f"http://127.0.0.1:{system.ports['sandbox']}/connectors/{name}"


def submit(url: str, operation: str, fields: dict[str, Any], key: str) -> httpx.Response | None:
    """Submit as any client would; None when there was no answer."""
    body = {"fields": fields, "citizen": None}
    try:
        return httpx.post(f"{url}/submit/{operation}", json=body, headers={"Idempotency-Key": key}, timeout=30)
    except httpx.HTTPError:
        return None
