"""The two virtual environments: what each holds, and how it is filled with uv. Standard library only."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from wenban import pipconfig

ROOT = Path(__file__).resolve().parent.parent
MAIN = ROOT / ".venv"
RASA = ROOT / "bot" / ".venv"
UV = "uv==0.13.9"
RASA_PACKAGE = "rasa==3.6.21"  # with --no-deps: see docs/adr/0002-two-environments.md
ATTEMPTS = 3
NETWORK_SIGNS = ("timed out", "timeout", "connect", "network", "reset", "dns", "temporar", "502", "503", "504")


class InstallError(Exception):
    """Installing did not work; the message says what to do."""


def lock_of(environment: Path, dev: bool) -> Path:
    if environment == RASA:
        return ROOT / "bot" / "requirements.lock"
    return ROOT / ("requirements-dev.lock" if dev else "requirements.lock")


def wanted(environment: Path, dev: bool) -> dict[str, str]:
    """Return the stamp of an environment that is up to date."""
    parts = [lock_of(environment, dev).read_bytes(), UV.encode()]
    parts.append(RASA_PACKAGE.encode() if environment == RASA else (ROOT / "pyproject.toml").read_bytes())
    digest = hashlib.sha256(b"\0".join(parts)).hexdigest()
    # The path: a virtual environment that was moved or copied does not work.
    return {"digest": digest, "dev": "yes" if dev and environment == MAIN else "no", "path": str(environment)}


def stamp(environment: Path) -> dict[str, str]:
    """Return the stamp left by the last complete installation, empty when there was none."""
    try:
        if not (environment / "bin" / "python").exists():
            return {}
        return dict(json.loads((environment / "wenban.json").read_text()))
    except (OSError, ValueError):
        return {}


def create(environment: Path, python: str) -> None:
    """Make a virtual environment unless a working one of the right Python is there."""
    (environment / "wenban.json").unlink(missing_ok=True)
    probe = "import sys, os; sys.exit(sys.version_info[:2] != (3, 11) or os.path.realpath(sys.prefix) != sys.argv[1])"
    own = environment / "bin" / "python"
    if own.exists():
        check = [str(own), "-c", probe, os.path.realpath(environment)]
        if subprocess.run(check, capture_output=True, check=False).returncode == 0:
            return
    pip = [] if environment == MAIN else ["--without-pip"]
    _run([python, "-m", "venv", "--clear", *pip, str(environment)], {})


def install_uv() -> None:
    """Put uv into the main environment, through pip and so through pip's configuration."""
    python = str(MAIN / "bin" / "python")
    check = [python, "-c", "import importlib.metadata as m; print('uv==' + m.version('uv'))"]
    if subprocess.run(check, capture_output=True, text=True, check=False).stdout.strip() == UV:
        return
    _run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "5", UV], {})


def uv_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Return uv's settings: pip's, more patience, and nothing from this user's uv projects."""
    found = pipconfig.for_uv(pipconfig.read(str(MAIN / "bin" / "python")), environment)
    defaults = {"UV_HTTP_TIMEOUT": "120", "UV_HTTP_RETRIES": "5", "UV_LINK_MODE": "copy", "UV_NO_PROGRESS": "1"}
    if _same_device(environment):
        defaults.pop("UV_LINK_MODE")
    return {**{name: value for name, value in defaults.items() if not environment.get(name)}, **found}


def fill(environment: Path, variables: Mapping[str, str], dev: bool) -> None:
    """Install an environment's lock, then what goes beside it, and leave the stamp."""
    install = [str(MAIN / "bin" / "uv"), "pip", "install", "--python", str(environment / "bin" / "python")]
    lock = str(lock_of(environment, dev))
    if environment == RASA:
        _run([*install, "-r", lock], variables)
        _run([*install, "--no-deps", RASA_PACKAGE], variables)
    else:
        _install_with_torch([*install, "-r", lock], variables)
        _run([*install, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], variables)
    (environment / "wenban.json").write_text(json.dumps(wanted(environment, dev)))


def _install_with_torch(command: list[str], variables: Mapping[str, str]) -> None:
    """Prefer torch's CPU build: from pip's find-links, else from PyTorch's own index; last, the registry's."""
    links = {**os.environ, **variables}.get("UV_FIND_LINKS", "")
    if not pipconfig.has_cpu_torch(links) and not os.environ.get("UV_TORCH_BACKEND"):
        try:
            _run(command, {**variables, "UV_TORCH_BACKEND": "cpu"}, attempts=1)
        except InstallError:
            print("No CPU build of torch can be had here; taking the registry's, which is several GB.", flush=True)
        else:
            return
    _run(command, variables)


def _same_device(environment: Mapping[str, str]) -> bool:
    """uv hard-links from its cache, and warns where it cannot; say so beforehand."""
    cache = Path(environment.get("UV_CACHE_DIR") or Path.home() / ".cache")
    while not cache.exists() and cache != cache.parent:
        cache = cache.parent
    return cache.stat().st_dev == ROOT.stat().st_dev


def _run(command: list[str], variables: Mapping[str, str], attempts: int = ATTEMPTS) -> None:
    """Run a command; try again when it looks like the network."""
    for attempt in range(1, attempts + 1):
        done = subprocess.run(
            command, env={**os.environ, **variables}, cwd=ROOT, text=True, capture_output=True, check=False
        )
        if done.returncode == 0:
            return
        output = (done.stderr or done.stdout).strip()
        network = any(sign in output.lower() for sign in NETWORK_SIGNS)
        if attempt < attempts and network:
            time.sleep(3 * attempt)
            continue
        tail = "\n".join("    " + line for line in output.splitlines()[-12:])
        advice = (
            "Is this machine online? A mirror or proxy is set in pip's configuration (global.index-url, global.proxy)."
            if network
            else "If the disk is full, make room (about 6 GB); then run the same command again."
        )
        raise InstallError(f"{Path(command[0]).name} {' '.join(command[1:4])} … failed:\n{tail}\n{advice}")
