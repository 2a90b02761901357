"""The whole product on free ports, with a data directory of its own, for the end-to-end suite."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wenban import paths

PROCESSES = ("rasa", "actions", "knowledge", "sandbox", "api")
VECTORS = "vectors-*.npz"


class System:
    """A running Wenban. ``url`` is the citizen's address; ``password`` is the first administrator's."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.ports = dict(zip(PROCESSES, _free_ports(len(PROCESSES)), strict=True))
        self.url = f"http://127.0.0.1:{self.ports['api']}"
        self.password = ""
        named = {f"WENBAN_{name.upper()}_PORT": str(port) for name, port in self.ports.items() if name != "api"}
        self.environment = {
            **os.environ, **named, "WENBAN_HOME": str(home), "WENBAN_PORT": str(self.ports["api"]),
            "WENBAN_SANDBOX_FAULTS": "1",
            # What runs in the background would only make the tests slower.
            "WENBAN_VOICE_FETCH": "false", "WENBAN_VOICE_PREPARE": "off",
            "WENBAN_VOICE_WHISPER_MODEL": "whisper-base",
        }  # fmt: skip

    def wenban(self, *arguments: str, timeout: float = 900) -> str:
        """Run a ``wenban`` command on this system; return what it printed."""
        command = [sys.executable, "-m", "wenban", *arguments]
        done = subprocess.run(
            command, env=self.environment, cwd=paths.ROOT, text=True, timeout=timeout, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert done.returncode == 0, f"wenban {' '.join(arguments)} failed:\n{done.stdout}\n{self.logs()}"
        return done.stdout

    def start(self) -> None:
        self.wenban("setup")
        said = self.wenban("up", "--detach")
        if "password: " in said:
            self.password = said.split("password: ")[1].split()[0]

    def stop(self) -> None:
        self.wenban("down", timeout=60)

    def row(self, name: str) -> dict[str, Any]:
        """Return what the supervisor says about a process: state, pid, restarts."""
        rows = json.loads((self.home / "run" / "wenban.json").read_text())["processes"]
        return dict(rows[name])

    def kill(self, name: str) -> None:
        """Kill a process with SIGKILL; return when the supervisor has noticed."""
        pid = self.row(name)["pid"]
        os.kill(pid, signal.SIGKILL)
        self._until(lambda: self.row(name)["pid"] != pid, 15, f"the end of {name} was not noticed")

    def wait_ready(self, name: str, timeout: float = 180) -> None:
        """Return when a process is ready (again)."""
        self._until(lambda: self.row(name)["state"] == "ready", timeout, f"{name} is not ready:\n{self.logs()}")

    def logs(self, lines: int = 15) -> str:
        """Return the end of every log."""
        found = sorted((self.home / "logs").glob("*.log"))
        return "\n".join(f"--- {path.name}\n" + "\n".join(path.read_text().splitlines()[-lines:]) for path in found)

    @staticmethod
    def _until(condition: Any, seconds: float, problem: str) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, problem
            time.sleep(0.1)


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def prepare(home: Path) -> None:
    """Take over what costs time and does not change: model weights and vectors."""
    usual = paths.home()
    (home / "cache").mkdir(parents=True)
    if (usual / "models").is_dir():
        (home / "models").symlink_to(usual / "models")
    for path in (usual / "cache").glob(VECTORS):
        shutil.copyfile(path, home / "cache" / path.name)


def keep(home: Path) -> None:
    """Leave vectors for the next start when there were none."""
    cache = paths.home() / "cache"
    for path in (home / "cache").glob(VECTORS):
        if not (cache / path.name).exists():
            cache.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, cache / f".{path.name}.part")
            (cache / f".{path.name}.part").replace(cache / path.name)


_running: list[System] = []


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    """The whole product, started once for the session, whichever suite asks for it first."""
    if _running:
        yield _running[0]
        return
    with tempfile.TemporaryDirectory(prefix="wenban-e2e-") as folder:
        home = Path(folder)
        prepare(home)
        running = System(home)
        try:
            running.start()
            keep(home)
            _running.append(running)
            yield running
        finally:
            _running.clear()
            running.stop()
