"""The sentences of ``texts.yaml``: one place for what citizens read."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from wenban.settings import get_settings


@lru_cache
def _table() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("texts.yaml").read_text("utf-8"))
    return document


def lookup(path: str) -> Any:
    """Return the node at a dotted path; a missing one is a programming error (KeyError)."""
    node: Any = _table()
    for part in path.split("."):
        node = node[part]
    return node


def say(path: str, **values: Any) -> str:
    """Return a sentence with its parts filled in; the city and the hotline are always known."""
    settings = get_settings()
    return str(lookup(path)).format(**{"city": settings.city, "hotline": settings.hotline, **values})
