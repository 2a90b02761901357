"""Write the lock files, or check that they still satisfy the ``.in`` files: ``python -m wenban.locks [--check]``."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from difflib import unified_diff
from pathlib import Path

from wenban.environments import MAIN, ROOT, uv_variables

# (source, lock, constraints): what both main locks have is the same version in both.
LOCKS = (
    ("requirements.in", "requirements.lock", None),
    ("requirements-dev.in", "requirements-dev.lock", "requirements.lock"),
    ("bot/requirements.in", "bot/requirements.lock", None),
)
OPTIONS = ("--python-version", "3.11", "--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header")


HEADER = "# Written by `make lock` from {source}; no addresses, so that any mirror will do.\n"
# Only torch's CUDA build needs these, and it names their versions itself.
CUDA = re.compile(r"^(nvidia-|cuda-|triton==)")


def clean(text: str) -> str:
    """Take out what depends on the build of torch that the machine can have: its label and CUDA."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#") and not CUDA.match(line)]
    return "\n".join(lines).replace("+cpu", "") + "\n"


def compile_lock(source: str, lock: Path, constraints: str | None) -> None:
    """Resolve ``source`` into ``lock``; the versions that the file already has are kept where they fit."""
    command = [str(MAIN / "bin" / "uv"), "pip", "compile", "--quiet", *OPTIONS, source, "-o", str(lock)]
    if constraints:
        command += ["-c", constraints]
    environment = {**os.environ, **uv_variables(os.environ)}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    lock.write_text(HEADER.format(source=source) + clean(lock.read_text()))


def check(source: str, lock: str, constraints: str | None) -> list[str]:
    """Return the difference between a lock and what its source resolves to, empty when it is up to date."""
    with tempfile.TemporaryDirectory(prefix="wenban-lock-") as scratch:
        copy = Path(scratch) / "lock.txt"
        shutil.copyfile(ROOT / lock, copy)
        compile_lock(source, copy, constraints)
        before, after = (clean(path.read_text()).splitlines() for path in (ROOT / lock, copy))
    return list(unified_diff(before, after, lock, "resolved", lineterm="", n=0))


def main() -> int:
    if "--check" not in sys.argv:
        for source, lock, constraints in LOCKS:
            if "--upgrade" in sys.argv:
                (ROOT / lock).unlink()
            compile_lock(source, ROOT / lock, constraints)
        return 0
    try:
        stale = [line for row in LOCKS for line in check(*row)]
    except subprocess.CalledProcessError:
        return 1  # uv has said why
    print("\n".join(stale) + "\nThe locks are out of date; run: make lock" if stale else "Locks: up to date")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
