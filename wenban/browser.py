"""Chromium and a Chinese font for the browser tests. Standard library only."""

from __future__ import annotations

import os
import shutil
import subprocess

from wenban.environments import InstallError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-cjk")


def find() -> str | None:
    """Return the path of a Chromium."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    fonts = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False)
    return bool(fonts.stdout.strip())


def ensure() -> None:
    """Install what is missing where that needs no question, otherwise say what to install.

    Raises:
        InstallError: if the browser tests could not run.
    """
    if find() and has_chinese_font():
        return
    wanted = f"The browser tests need Chromium and a Chinese font (Debian: apt-get install {' '.join(PACKAGES)})."
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        if not find():
            raise InstallError(wanted)
        print(wanted)
        return
    print("Installing Chromium and a Chinese font for the browser tests …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *PACKAGES]):
        done = subprocess.run(
            ["apt-get", "-o", "Acquire::Retries=3", *command],
            env=environment,
            text=True,
            capture_output=True,
            check=False,
        )
    if done.returncode or not find():
        tail = "\n".join("    " + line for line in (done.stdout + done.stderr).splitlines()[-8:])
        raise InstallError(f"{wanted}\n{tail}")
