"""Start the processes, watch them, restart what crashed or hangs, stop them all. One thread, one event loop."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wenban import logfiles, runstate
from wenban.child import RUN_MARK, Child, kill_leftovers
from wenban.health import answers
from wenban.processes import Process
from wenban.runstate import ProcessState, RunState


@dataclass(frozen=True)
class Timing:
    """Seconds; tests use shorter ones."""

    poll: float = 0.25  # between readiness probes while starting
    probe: float = 5.0  # between health probes
    probe_timeout: float = 5.0
    failed_probes: int = 3  # in a row: then the process hangs
    first_delay: float = 1.0  # before a restart; doubles up to
    longest_delay: float = 30.0
    healthy_after: float = 60.0  # ready for this long: the next restart is quick again
    stop: float = 10.0  # from SIGTERM to SIGKILL
    early_crashes: int = 3  # before it was ever ready: the start has failed; retried all the same


class Supervisor:
    """Runs ``specs`` until it is told to stop; tells ``changed`` about every change of state."""

    def __init__(
        self,
        specs: Sequence[Process],
        url: str,
        environment: dict[str, str],
        changed: Callable[[RunState], None] = lambda state: None,
        timing: Timing | None = None,
    ) -> None:
        self._specs, self._changed, self._timing = specs, changed, timing or Timing()
        self.state = RunState(os.getpid(), url, secrets.token_hex(8))
        self.state.processes = {spec.name: ProcessState(spec.name, spec.title, spec.port) for spec in specs}
        self._environment = {**environment, RUN_MARK: self.state.run}
        self._children: dict[str, Child] = {}
        self._stopping = asyncio.Event()
        self._signals = 0

    async def run(self) -> None:
        """Run until SIGTERM or SIGINT. The caller holds the lock (``runstate.acquire``)."""
        if earlier := runstate.read():
            kill_leftovers(earlier.run)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(number, self._on_signal)
        self._publish()
        watchers = [asyncio.create_task(self._watch(spec)) for spec in self._specs]
        rotation = asyncio.create_task(self._rotate())
        try:
            await self._stopping.wait()
        finally:
            for task in (*watchers, rotation):
                task.cancel()
            await asyncio.gather(*watchers, rotation, return_exceptions=True)
            await self._stop_all()
            runstate.state_file().unlink(missing_ok=True)

    def _on_signal(self) -> None:
        self._signals += 1
        self._stopping.set()
        if self._signals > 1:  # asked twice: at once
            for child in self._children.values():
                child.kill()

    async def _watch(self, spec: Process) -> None:
        row, timing = self.state.processes[spec.name], self._timing
        delay, crashes = timing.first_delay, 0
        while True:
            began = time.monotonic()
            child = await Child.start(spec, self._environment)
            self._children[spec.name] = child
            row.pid = child.pid
            self._publish()
            ended = asyncio.create_task(child.wait())
            problem, ready_for = await self._attend(spec, row, ended, began)
            if not ended.done():
                child.kill()
            code = await ended
            self._children.pop(spec.name, None)
            if ready_for >= timing.healthy_after:
                delay = timing.first_delay
            crashes = 0 if ready_for else crashes + 1
            row.problem = problem or _ending(code)
            row.state = "failed" if crashes >= timing.early_crashes else "restarting"
            row.restarts += 1
            row.pid = None
            self._note(spec.name, f"{row.problem}; starting it again in {delay:.0f} s")
            self._publish()
            await asyncio.sleep(delay)
            delay = min(delay * 2, timing.longest_delay)

    async def _attend(
        self, spec: Process, row: ProcessState, ended: asyncio.Task[int], began: float
    ) -> tuple[str, float]:
        """Probe until the process ends or has to be killed; return why, and for how long it was ready."""
        timing, ready_at, failures = self._timing, 0.0, 0
        while True:
            await asyncio.wait({ended}, timeout=timing.probe if ready_at else timing.poll)
            now = time.monotonic()
            if ended.done():
                return "", now - ready_at if ready_at else 0.0
            healthy = await answers(spec.host, spec.port, spec.ready, timing.probe_timeout)
            failures = 0 if healthy else failures + 1
            if healthy and not ready_at:
                ready_at = time.monotonic()
                row.state, row.seconds, row.problem = "ready", ready_at - began, ""
                self._publish()
            elif ready_at and failures >= timing.failed_probes:
                return "it does not answer", now - ready_at
            elif not ready_at and now - began > spec.start_seconds:
                return f"it was not ready after {spec.start_seconds:.0f} s", 0.0

    async def _stop_all(self) -> None:
        children = list(self._children.values())
        for child in children:
            child.stop()
        waits = [asyncio.create_task(child.wait()) for child in children]
        if waits:
            _, late = await asyncio.wait(waits, timeout=self._timing.stop)
            if late:
                for child in children:
                    child.kill()
                await asyncio.wait(late, timeout=5)

    async def _rotate(self) -> None:
        while True:
            await asyncio.sleep(self._timing.probe)
            for spec in self._specs:
                logfiles.rotate(spec.name)

    def _note(self, name: str, text: str) -> None:
        with logfiles.open_append(name) as log:
            log.write(f"[wenban {time.strftime('%F %T')}] {name}: {text}\n".encode())

    def _publish(self) -> None:
        runstate.write(self.state)
        self._changed(self.state)


def _ending(code: int) -> str:
    if code >= 0:
        return f"it ended with code {code}"
    try:
        return f"it was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"it was ended by signal {-code}"
