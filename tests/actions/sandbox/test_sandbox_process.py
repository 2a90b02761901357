"""The sandbox as a real process on a port: threads with one key, and SIGKILL in the middle of things."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.http = httpx.Client(timeout=30, limits=httpx.Limits(max_connections=64))  # a client each would cost more

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "uvicorn",
            "actions.sandbox.app:app",
            "--port",
            str(self.port),
            "--log-level",
            "error",
        ]
        self.process = subprocess.Popen(command, env={**os.environ, "WENBAN_HOME": str(self.home)})
        for _ in range(200):
            try:
                self.http.get(f"{self.url}/healthz", timeout=1)
                return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError("the sandbox did not start")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def submit(self, connector: str, operation: str, key: str, **fields: object) -> httpx.Response:
        url = f"{self.url}/connectors/{connector}/submit/{operation}"
        return self.http.post(url, json={"fields": fields}, headers={"Idempotency-Key": key})

    def rows(self, sql: str) -> int:
        with sqlite3.connect(self.home / "sandbox.db") as connection:
            return int(connection.execute(sql).fetchone()[0])


@pytest.fixture
def sandbox(tmp_path):
    process = Process(tmp_path)
    process.start()
    yield process
    process.kill()


def test_two_hundred_submits_with_one_key_from_twenty_threads(sandbox):
    def pay(_: int) -> httpx.Response:
        return sandbox.submit("water", "pay", "one-key", account_no="10023345")

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(pay, range(200)))
    assert {a.status_code for a in answers} == {200}
    assert len({a.text for a in answers}) == 1
    assert sandbox.rows("select count(*) from payments") == 1
    assert sandbox.rows("select count(*) from paid_bills") == 2


def test_kill_and_retry_neither_loses_nor_doubles(sandbox):
    """Citizens keep submitting with their own keys until answered, while the process is killed under them."""
    day = (date.today() + timedelta(days=3)).isoformat()
    common = {
        "date": day,
        "period": "上午",
        "hospital": "人民医院",
        "department": "骨科",
        "id_no": "371302198503120021",
    }

    def citizen(n: int) -> str:
        for _ in range(100):
            try:
                answer = sandbox.submit(
                    "hospital", "book", f"citizen-{n}", **common, name=f"测试{n}", phone=f"139{n:08d}"
                )
            except httpx.TransportError:
                time.sleep(0.2)
                continue
            assert answer.status_code in (200, 409), answer.text
            return str(answer.json().get("receipt_no") or answer.json()["code"])
        raise AssertionError("never answered")

    with ThreadPoolExecutor(12) as pool:
        pending = [pool.submit(citizen, n) for n in range(40)]
        for _ in range(2):
            time.sleep(0.15)
            sandbox.kill()
            sandbox.start()
        results = [one.result() for one in pending]
    receipts = [r for r in results if r != "full"]
    assert len(receipts) == len(set(receipts)) == 20
    assert sandbox.rows("select count(*) from seats") == 20
    assert sandbox.rows("select count(*) from matters where connector='hospital'") == 20
