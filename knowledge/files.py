"""Read the content files; what is wrong with one is said with file, line and reason, and the others go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from knowledge.declaration import QaFile, ServiceDeclaration

# The C loader is about eight times as fast; the content is some hundred files.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
UNREADABLE = (ValidationError, yaml.YAMLError, UnicodeDecodeError, OSError, ValueError)


@dataclass
class ContentFiles:
    """What stands in the folders. ``broken`` are the names (stems) of files that could not be taken."""

    services: dict[str, ServiceDeclaration] = field(default_factory=dict)
    questions: dict[str, QaFile] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


def read(folders: Sequence[Path]) -> ContentFiles:
    """Read ``services/*.yaml`` and ``qa/*.yaml`` of every folder; a file of a later folder replaces its namesake."""
    found = ContentFiles()
    for path in _files(folders, "services"):
        try:
            service = ServiceDeclaration.model_validate(load(path))
            if service.id != path.stem:
                raise ValueError(f"line {line_of(path, ('id',))}: id is {service.id}, the file's name says {path.stem}")
            found.services[service.id] = service
        except UNREADABLE as error:
            found.broken.add(path.stem)
            found.problems.append(describe(path, error))
    for path in _files(folders, "qa"):
        try:
            found.questions[path.stem] = QaFile.model_validate(load(path))
        except UNREADABLE as error:
            found.broken.add(path.stem)
            found.problems.append(describe(path, error))
    return found


def _files(folders: Sequence[Path], kind: str) -> list[Path]:
    named = {path.name: path for folder in folders for path in sorted((folder / kind).glob("*.yaml"))}
    return [named[name] for name in sorted(named)]


def load(path: Path) -> object:
    """Return a YAML file's document."""
    return yaml.load(path.read_text("utf-8"), Loader=LOADER)  # noqa: S506  # a safe loader


def describe(path: Path, error: Exception) -> str:
    """Say in one line what is wrong with a file: name, line, key, reason."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "document"
        return f"{path.name}: line {line_of(path, first['loc'])}: {where}: {first['msg']}"
    if isinstance(error, UnicodeDecodeError):
        return f"{path.name}: line {error.object[: error.start].count(10) + 1}: not UTF-8"
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return f"{path.name}: line {mark.line + 1}: {getattr(error, 'problem', error)}"
    return f"{path.name}: {error}"


def line_of(path: Path, place: Sequence[int | str]) -> int:
    """Return the line of the key at ``place``, or of the nearest thing around it that is there."""
    node = yaml.compose(path.read_text("utf-8"), Loader=LOADER)
    line = 1
    for part in place:
        if isinstance(node, yaml.MappingNode):
            pairs = [pair for pair in node.value if pair[0].value == str(part)]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            pairs = [(node.value[part], node.value[part])]
        else:
            break
        if not pairs:
            break
        line, node = pairs[0][0].start_mark.line + 1, pairs[0][1]
    return line
