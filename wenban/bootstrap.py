"""Make both virtual environments from their locks: ``python3 wenban/bootstrap.py [--dev]``.

Runs on any Python, before anything is installed; finds Python 3.11 itself. What is up to date is left alone.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if not __package__:  # started as a file: make the repository importable instead of this folder
    sys.path[0] = str(ROOT)

from wenban import browser, environments, interpreter  # noqa: E402
from wenban.environments import MAIN, RASA, InstallError  # noqa: E402
from wenban.progress import Steps  # noqa: E402

STEPS = 2  # of the seven of ``make run``; ``wenban setup`` and ``wenban up`` are the others


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="with what the tests and checks need")
    parser.add_argument("--total", type=int, default=STEPS, help="steps of the command that this is a part of")
    arguments = parser.parse_args()
    try:
        python = interpreter.find()
        with (ROOT / "requirements.lock").open() as lock:  # two at once would trip over each other
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("Another installation is going on; waiting for it.")
                fcntl.flock(lock, fcntl.LOCK_EX)
            install(python, arguments.dev, Steps(arguments.total))
        if arguments.dev:
            browser.ensure()
    except (InstallError, OSError, subprocess.SubprocessError) as error:
        print(f"\nNot installed: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again to go on from here.", file=sys.stderr)
        return 130
    return 0


def install(python: str, dev: bool, steps: Steps) -> None:
    """Bring both environments up to date; the two are installed side by side."""
    dev = dev or environments.stamp(MAIN).get("dev") == "yes"  # what was installed for the tests stays
    main, rasa = environments.wanted(MAIN, dev), environments.wanted(RASA, dev)
    stale = [env for env, want in ((MAIN, main), (RASA, rasa)) if environments.stamp(env) != want]
    with steps.step("Python environments"):
        if not stale:
            steps.note("up to date")
        for environment in stale:
            environments.create(environment, python)
        if stale:
            environments.install_uv()
    with steps.step("Libraries and the dialogue engine"):
        if not stale:
            steps.note("up to date")
            return
        variables = environments.uv_variables(os.environ)
        with ThreadPoolExecutor(2) as pool:
            jobs = [pool.submit(environments.fill, environment, variables, dev) for environment in stale]
            errors = [error for job in jobs if (error := job.exception())]
        if errors:
            raise errors[0]


if __name__ == "__main__":
    sys.exit(main())
