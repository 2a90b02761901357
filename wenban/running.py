"""``wenban up``, ``down`` and ``status``: the words around the supervisor."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time

from wenban import logfiles, migrations, paths, runstate
from wenban.health import port_free, port_owner
from wenban.processes import base_environment, table
from wenban.runstate import ProcessState, RunState
from wenban.settings import Settings
from wenban.supervisor import Supervisor

OPTIONS = {"api": "--port or WENBAN_PORT"}


class Narrator:
    """Prints one line as each process becomes ready, fails or comes back."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[str, int]] = {}

    def tell(self, state: RunState) -> None:
        for row in state.processes.values():
            now = (row.state, 0 if row.state == "failed" else row.restarts)
            if row.state == "starting" or self._told.get(row.name) == now:
                continue
            self._told[row.name] = now
            print(line(row), flush=True)
            if row.state == "failed":
                for said in logfiles.tail(row.name):
                    print(f"        {said}", flush=True)


def line(row: ProcessState) -> str:
    """Return a process's line: mark, name, port, state."""
    text = {
        "ready": f"ready after {row.seconds or 0:.0f} s",
        "starting": "starting",
        "restarting": f"{row.problem}; starting it again",
        "failed": f"does not start: {row.problem}; see {logfiles.path(row.name)}",
        "stopped": "stopped",
    }[row.state]
    again = f", restarted {row.restarts} ×" if row.restarts and row.state == "ready" else ""
    mark = {"ready": "✓", "failed": "✗"}.get(row.state, "·")
    return f"  {mark} {row.name:<10}{row.title:<22}{row.port:<7}{text}{again}"


def public_url(settings: Settings) -> str:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "") else settings.host  # noqa: S104
    return f"http://{host}:{settings.port}"


def up(settings: Settings, detach: bool) -> int:
    """Start everything; in the foreground, return when it has been stopped."""
    if state := runstate.running():
        print(f"Wenban is already running at {state.url} (process {state.pid}). Stop it with: wenban down")
        return 0
    if problems := taken_ports(settings):
        print("\n".join(problems), file=sys.stderr)
        return 1
    if not settings.rasa_model.exists():
        print("There is no dialogue model yet; make one with: wenban setup", file=sys.stderr)
        return 1
    if migrations.behind():
        print(
            "The database is missing or older than the program; bring it up to date with: wenban setup", file=sys.stderr
        )
        return 1
    return _detached(settings) if detach else foreground(settings)


def taken_ports(settings: Settings) -> list[str]:
    """Name every port that is taken, by whom, and which process wanted it."""
    found = []
    for spec in table(settings):
        if not port_free(spec.host, spec.port):
            how = OPTIONS.get(spec.name, f"WENBAN_{spec.name.upper()}_PORT")
            owner = port_owner(spec.port)
            found.append(f"Port {spec.port}, wanted by {spec.name}, is taken by {owner}. Choose another with {how}.")
    return found


def foreground(settings: Settings, greet: bool = True) -> int:
    lock = runstate.acquire()
    if lock is None:
        print("Wenban is already running.")
        return 0
    narrator, greeted = Narrator(), not greet

    def changed(state: RunState) -> None:
        nonlocal greeted
        if greet:
            narrator.tell(state)
        if not greeted and state.settled():
            greeted = True
            _greet(state, settings, "Stop with Ctrl-C.")

    supervisor = Supervisor(table(settings), public_url(settings), base_environment(settings), changed)
    with lock:
        asyncio.run(supervisor.run())
    if greet:
        print("\nStopped.")
    return 0


def _detached(settings: Settings) -> int:
    command = [sys.executable, "-m", "wenban", "supervise"]
    with logfiles.open_append("wenban") as log:
        process = subprocess.Popen(
            command, env=base_environment(settings), cwd=paths.ROOT, stdin=subprocess.DEVNULL, stdout=log,
            stderr=log, start_new_session=True,
        )  # fmt: skip
    narrator = Narrator()
    try:
        while process.poll() is None:
            state = runstate.read()
            if state and state.pid == process.pid:
                narrator.tell(state)
                if state.settled():
                    _greet(state, settings, "Stop with: wenban down")
                    return 0 if all(row.state == "ready" for row in state.processes.values()) else 1
            time.sleep(0.2)
    except KeyboardInterrupt:
        process.terminate()
        process.wait(20)
        print("\nStopped.")
        return 130
    print("Wenban could not be started:", *logfiles.tail("wenban"), sep="\n  ", file=sys.stderr)
    return 1


def _greet(state: RunState, settings: Settings, how_to_stop: str) -> None:
    missing = [row.title for row in state.processes.values() if row.state == "failed"]
    if missing:
        print(f"\nRunning without: {', '.join(missing)}. They are tried again; meanwhile search answers.")
    print(f"\n    {state.url}\n\n{how_to_stop}", flush=True)
    # Its own process: the supervisor stays small.
    command = [sys.executable, "-m", "wenban.firstlogin", state.url]
    subprocess.run(command, env=base_environment(settings), cwd=paths.ROOT, stdin=subprocess.DEVNULL, check=False)


def down() -> int:
    """Stop the supervisor and with it everything; return when it is gone."""
    state = runstate.running()
    if state is None:
        print("Wenban is not running.")
        return 0
    os.kill(state.pid, signal.SIGTERM)
    deadline = time.monotonic() + 25
    while time.monotonic() < deadline:
        if runstate.running() is None:
            print("Stopped.")
            return 0
        time.sleep(0.1)
    print(f"Process {state.pid} does not stop.", file=sys.stderr)
    return 1


def status() -> int:
    """Print one line a process; 3 when nothing runs, 1 when something is not ready."""
    state = runstate.running()
    if state is None:
        print("Wenban is not running.")
        return 3
    print(f"Wenban at {state.url} (process {state.pid})")
    for row in state.processes.values():
        print(line(row))
    return 0 if all(row.state == "ready" for row in state.processes.values()) else 1
