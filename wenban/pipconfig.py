"""Hand pip's configuration on to uv, which does not read it. Standard library only."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlparse


def read(python: str) -> dict[str, str]:
    """Return pip's settings by name (``find-links``): the environment's before ``install``'s before ``global``'s."""
    listing = subprocess.run(
        [python, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False, timeout=60
    )
    return parse(listing.stdout)


def parse(listing: str) -> dict[str, str]:
    """Read what ``pip config list`` prints: ``section.name='value'`` a line, the value a Python literal."""
    rank = {"global": 0, "install": 1, ":env:": 2}
    found: dict[str, tuple[int, str]] = {}
    for line in listing.splitlines():
        match = re.fullmatch(r"(global|install|:env:)\.([\w-]+)=(.*)", line.strip())
        if not match:
            continue
        section, name, literal = match.groups()
        try:
            value = str(ast.literal_eval(literal))
        except (ValueError, SyntaxError):
            value = literal
        if name not in found or rank[section] >= found[name][0]:
            found[name] = (rank[section], value)
    return {name: value for name, (_, value) in found.items()}


def for_uv(pip: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that make uv look where pip looks; those already in ``environment`` are left alone."""
    wanted: dict[str, str] = {}
    if links := pip.get("find-links", "").split():
        wanted["UV_FIND_LINKS"] = ",".join(links)
    if pip.get("index-url") and "UV_INDEX_URL" not in environment:
        wanted["UV_DEFAULT_INDEX"] = pip["index-url"].strip()
    extra = [url for url in pip.get("extra-index-url", "").split() if _usable(url)]
    if extra:
        wanted["UV_EXTRA_INDEX_URL"] = " ".join(extra)
        wanted["UV_INDEX_STRATEGY"] = "unsafe-best-match"  # what pip does: all indexes count alike
    if pip.get("cert"):
        wanted["SSL_CERT_FILE"] = pip["cert"].strip()
    timeout = pip.get("timeout") or pip.get("default-timeout")
    if timeout:
        wanted["UV_HTTP_TIMEOUT"] = str(max(30, int(float(timeout))))
    if hosts := pip.get("trusted-host", "").split():
        wanted["UV_INSECURE_HOST"] = " ".join(hosts)
    if pip.get("proxy"):
        wanted["ALL_PROXY"] = pip["proxy"].strip()
    return {name: value for name, value in wanted.items() if not environment.get(name)}


def has_cpu_torch(links: str) -> bool:
    """Say whether a local folder among ``UV_FIND_LINKS`` holds a CPU build of torch."""
    folders = [Path(_local(link)) for link in links.split(",") if link]
    return any(
        name.name.startswith("torch-") and ("+cpu" in name.name or "%2Bcpu" in name.name)
        for folder in folders
        if folder.is_dir()
        for name in folder.iterdir()
    )


def _local(link: str) -> str:
    return unquote(urlparse(link).path) if link.startswith("file:") else link


def _usable(url: str) -> bool:
    """Leave out folders that are not there: pip warns about them, uv stops."""
    return not url.startswith("file:") or Path(_local(url)).is_dir()
