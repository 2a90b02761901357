"""Run a part as the command that it is, so that one that fails, hangs or eats the memory leaves the others alone."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import httpx

from wenban import paths
from wenban.measuring.plan import Part
from wenban.measuring.reports import Report
from wenban.settings import get_settings


class NotMeasured(Exception):
    """A part gave no report; the message says why, in one line."""


def measure(part: Part, data: Path) -> Report:
    """Run a part and return its report.

    Raises:
        NotMeasured: when it failed, took too long, or printed no report.
    """
    if missing := part.missing(data):
        raise NotMeasured(f"{', '.join(missing)} not found under {data.name}/")
    arguments = ["eval", *part.command(data), "--json"]
    load, began, cpu = os.getloadavg()[0], time.perf_counter(), _children_cpu()
    process = subprocess.Popen(
        [sys.executable, "-m", "wenban", *arguments], cwd=paths.ROOT, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        out, err = process.communicate(timeout=part.limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise NotMeasured(f"not finished after {part.limit} s") from None
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)  # Ctrl-C must not leave a training behind
        process.wait()
        raise
    if process.returncode:
        said = err.strip().splitlines() or [f"exit code {process.returncode}"]
        raise NotMeasured(said[-1][:300])
    try:
        report = json.loads(out)
    except ValueError:
        raise NotMeasured("it printed no report") from None
    return Report(
        part=part.name,
        command="wenban " + " ".join(_short(argument, data) for argument in arguments),
        at=datetime.now().astimezone().isoformat(timespec="minutes"),
        commit=commit(),
        seconds=round(time.perf_counter() - began, 1),
        cpu_seconds=round(_children_cpu() - cpu, 1),
        load=[round(load, 1), round(os.getloadavg()[0], 1)],
        report=report,
    )


def _children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _short(argument: str, data: Path) -> str:
    """Leave machine paths out of what is kept."""
    path = Path(argument)
    if not path.is_absolute():
        return argument
    return str(path.relative_to(paths.ROOT)) if path.is_relative_to(paths.ROOT) else str(path.relative_to(data))


def commit() -> str:
    """Return the commit that is checked out, with "+" when files other than the docs differ; empty outside Git."""
    head = _git("rev-parse", "--short", "HEAD")
    return head + ("+" if head and _git("status", "--porcelain", "--untracked-files=no", "--", ":!docs") else "")


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=paths.ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()


@contextmanager
def product() -> Iterator[str]:
    """Have the product run meanwhile: the one that answers already, or one of our own that is stopped afterwards.

    Raises:
        NotMeasured: when it does not start.
    """
    settings = get_settings()
    url = f"http://127.0.0.1:{settings.port}"
    if _answers(url):
        yield "was running"
        return
    wenban = [sys.executable, "-m", "wenban"]
    environment = {**os.environ, "WENBAN_SANDBOX_FAULTS": "1"}  # so that the sandbox forgets earlier bookings
    done = subprocess.run(
        [*wenban, "up", "--detach"], cwd=paths.ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    try:
        if done.returncode or not _answers(url):
            raise NotMeasured("the product did not start: see `wenban status`")
        yield "started for this"
    finally:
        subprocess.run([*wenban, "down"], cwd=paths.ROOT, stdin=subprocess.DEVNULL, capture_output=True, check=False)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=5, trust_env=False).is_success
    except httpx.HTTPError:
        return False
