from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from wenban import logfiles, running, runstate
from wenban.settings import Settings

FAKE = Path(__file__).with_name("fake_run.py")


def until(condition: Callable[[], Any], seconds: float = 20.0) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if result := condition():
            return result
        time.sleep(0.02)
    raise AssertionError("did not happen in time")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class Run:
    """A supervisor over toy servers, in a process of its own."""

    def __init__(self, home: Path, *names: str) -> None:
        self.home = home
        arguments = [f"{name}:{free_port()}" for name in names]
        self.process = subprocess.Popen([sys.executable, str(FAKE), *arguments])

    def rows(self) -> dict[str, dict[str, Any]]:
        try:
            rows: dict[str, dict[str, Any]] = json.loads((self.home / "run" / "wenban.json").read_text())["processes"]
        except (OSError, ValueError):
            return {}
        return rows

    def ready(self, name: str, restarts: int = 0) -> dict[str, Any]:
        def found() -> dict[str, Any] | None:
            row = self.rows().get(name, {})
            return row if row.get("state") == "ready" and row["restarts"] >= restarts else None

        result: dict[str, Any] = until(found)
        return result

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


@pytest.fixture
def start(home: Path) -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def make(*names: str) -> Run:
        runs.append(Run(home, *names))
        return runs[-1]

    yield make
    for run in runs:
        if run.process.poll() is None:
            run.process.terminate()
            run.process.wait(20)


def gone(processes: list[psutil.Process]) -> bool:
    return not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in processes)


def test_a_crashed_process_is_started_again(start: Callable[..., Run]) -> None:
    run = start("one", "two")
    before, other = run.ready("one"), run.ready("two")
    os.kill(before["pid"], signal.SIGKILL)
    after = run.ready("one", restarts=1)
    assert after["pid"] != before["pid"]
    assert run.ready("two")["pid"] == other["pid"]
    assert "SIGKILL" in logfiles.path("one").read_text()


def test_a_hung_process_is_started_again(start: Callable[..., Run]) -> None:
    run = start("one")
    before = run.ready("one")
    os.kill(before["pid"], signal.SIGSTOP)
    assert run.ready("one", restarts=1)["pid"] != before["pid"]
    assert "does not answer" in logfiles.path("one").read_text()


def test_what_a_crashed_process_started_is_killed_with_it(start: Callable[..., Run]) -> None:
    run = start("parent")
    before = run.ready("parent")
    family = psutil.Process(before["pid"]).children()
    assert family
    os.kill(before["pid"], signal.SIGKILL)
    until(lambda: gone(family))


def test_a_process_that_never_starts_is_told_and_the_others_go_on(start: Callable[..., Run]) -> None:
    run = start("one", "broken")
    until(lambda: run.rows().get("broken", {}).get("state") == "failed")
    run.ready("one")
    assert run.rows()["broken"]["problem"] == "it ended with code 1"
    assert any("this is why" in line for line in logfiles.tail("broken", 50))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_all(start: Callable[..., Run], number: signal.Signals) -> None:
    run = start("one", "deaf")
    run.ready("one"), run.ready("deaf")
    family = run.family()
    assert len(family) == 2
    run.process.send_signal(number)
    assert run.process.wait(20) == 0
    assert gone(family)
    assert runstate.running() is None
    assert runstate.read() is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux kills the children of a killed supervisor")
def test_a_killed_supervisor_leaves_no_child(start: Callable[..., Run]) -> None:
    run = start("one", "deaf")
    run.ready("one"), run.ready("deaf")
    family = run.family()
    run.process.kill()
    run.process.wait()
    until(lambda: gone(family))


def test_a_second_up_says_where_the_first_runs(start: Callable[..., Run]) -> None:
    run = start("one")
    run.ready("one")
    command = [sys.executable, "-m", "wenban"]
    second = subprocess.run([*command, "up"], capture_output=True, text=True, check=False)
    assert second.returncode == 0
    assert f"already running at http://127.0.0.1:1 (process {run.process.pid})" in second.stdout
    status = subprocess.run([*command, "status"], capture_output=True, text=True, check=False)
    assert status.returncode == 0
    assert "✓ one" in status.stdout
    down = subprocess.run([*command, "down"], capture_output=True, text=True, check=False)
    assert down.stdout == "Stopped.\n"
    assert run.process.wait(5) == 0
    assert subprocess.run([*command, "status"], capture_output=True, check=False).returncode == 3


def test_a_taken_port_is_named(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ports = {f"{name}_port": free_port() for name in ("rasa", "knowledge", "sandbox")}
        problems = running.taken_ports(Settings(port=free_port(), actions_port=port, **ports))
    assert len(problems) == 1
    assert problems[0].startswith(f"Port {port}, wanted by actions, is taken by python")
    assert str(os.getpid()) in problems[0]


def test_logs_are_rotated_by_size(home: Path) -> None:
    for generation in range(5):
        with logfiles.open_append("one") as log:
            log.write(b"%d" % generation * 100)
            log.flush()
            assert logfiles.rotate("one", max_bytes=50)
            log.write(b"after")
        assert logfiles.path("one").read_bytes() == b"after"
        logfiles.path("one").write_bytes(b"")
    assert sorted(path.name for path in (home / "logs").iterdir()) == ["one.log", "one.log.1", "one.log.2", "one.log.3"]
    assert (home / "logs" / "one.log.1").read_bytes() == b"4" * 100
