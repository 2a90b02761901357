"""Find Python 3.11. Standard library only; must be readable by an older Python."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from wenban.environments import InstallError

PROBE = "import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 11))"
HELP = """Python 3.11 was not found (this is Python {version}).
Install it and run the same command again. One of:
    Debian 12, Ubuntu 22.04+   apt-get install python3.11 python3.11-venv
    Fedora, RHEL 9             dnf install python3.11
    openEuler, Kylin, others   pyenv install 3.11   (then: pyenv shell 3.11)
    macOS                      brew install python@3.11
or name one that you have: make run PYTHON=/path/to/python3.11"""


def find() -> str:
    """Return the path of a Python 3.11 that can make virtual environments.

    Raises:
        InstallError: if there is none; the message says how to get one.
    """
    for candidate in _candidates():
        if _works(candidate):
            return candidate
    if _apt_can_help() and _works("/usr/bin/python3.11"):
        return "/usr/bin/python3.11"
    raise InstallError(HELP.format(version=".".join(map(str, sys.version_info[:3]))))


def _candidates() -> list[str]:
    named = [shutil.which(name) for name in ("python3.11", "python3", "python")]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    versions = [str(path) for path in sorted(pyenv.glob("3.11*/bin/python3.11"), reverse=True)]
    # An active virtual environment must not become the parent of ours: ask for what it was made from.
    own = getattr(sys, "_base_executable", None) or sys.executable
    return [path for path in (own, *named, *versions, "/usr/bin/python3.11") if path]


def _works(python: str) -> bool:
    try:
        return subprocess.run([python, "-c", PROBE], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def _apt_can_help() -> bool:
    """Debian's Python comes without venv: add it where that needs no question."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print("Installing python3.11-venv with apt-get …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-q"], env=environment, capture_output=True, check=False)
    command = ["apt-get", "install", "-y", "-q", "python3.11", "python3.11-venv"]
    return subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 0
