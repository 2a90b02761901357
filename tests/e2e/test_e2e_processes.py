"""The processes as one product: they start, answer, and come back after SIGKILL."""

from __future__ import annotations

import httpx
import psutil
import pytest
from harness import PROCESSES, System

pytestmark = pytest.mark.e2e


def test_everything_is_ready(system: System) -> None:
    assert httpx.get(f"{system.url}/healthz").status_code == 200
    assert {system.row(name)["state"] for name in PROCESSES} == {"ready"}
    assert "already running" in system.wenban("up", "--detach")


def test_the_first_administrator_is_shown_once(system: System) -> None:
    assert len(system.password) >= 12


def test_only_loopback_is_listened_on(system: System) -> None:
    for name in PROCESSES:
        process = psutil.Process(system.row(name)["pid"])
        listening = [c.laddr for c in process.net_connections("tcp") if c.status == psutil.CONN_LISTEN]
        assert {(address.ip, address.port) for address in listening} == {("127.0.0.1", system.ports[name])}


def test_idle_memory_is_at_most_3_gb(system: System) -> None:
    pids = {psutil.Process(system.row(name)["pid"]) for name in PROCESSES}
    pids |= {child for process in pids for child in process.children(recursive=True)}
    assert sum(process.memory_info().rss for process in pids) < 3 * 1024**3


@pytest.mark.parametrize("name", PROCESSES)
def test_a_killed_process_comes_back(system: System, name: str) -> None:
    before = system.row(name)["restarts"]
    system.kill(name)
    system.wait_ready(name)
    assert system.row(name)["restarts"] == before + 1
    assert psutil.pid_exists(system.row(name)["pid"])
