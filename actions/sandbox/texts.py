"""What the departments say: ``texts/<department>.yaml``, with ``texts/common.yaml`` behind it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent


@cache
def document(folder: str, name: str) -> Any:
    """Return a YAML file of the sandbox, read once."""
    path = HERE / folder / f"{name}.yaml"
    return yaml.safe_load(path.read_text("utf-8")) if path.exists() else {}


def say(department: str, key: str, **values: Any) -> str:
    """Return a department's sentence, or the common one of that name; KeyError if there is neither."""
    table = document("texts", department)
    template = table[key] if key in table else document("texts", "common")[key]
    return str(template).format(**values)


def data(name: str) -> Any:
    """Return a data file of the sandbox."""
    return document("data", name)
