"""Load the content files into the database; a broken file is reported with its name and reason, the others go on."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import yaml
from pydantic import ValidationError
from sqlalchemy.orm import Session

from knowledge.declaration import QaFile, ServiceDeclaration
from knowledge.repository import DepartmentRepository, EntryRepository, ServiceRepository

CONTENT = Path(__file__).parent / "content"


@dataclass
class SeedReport:
    services: int = 0
    entries: int = 0
    changed: int = 0
    problems: list[str] = field(default_factory=list)


def read_services(folder: Path) -> tuple[list[ServiceDeclaration], list[str]]:
    """Read every declaration under ``folder``; return the good ones and, a line each, what is wrong with the others."""
    services, problems = [], []
    for path in sorted(folder.glob("*.yaml")):
        try:
            services.append(ServiceDeclaration.model_validate(_load(path)))
        except (ValidationError, yaml.YAMLError) as error:
            problems.append(describe(path, error))
    return services, problems


def seed(session: Session, content: Path = CONTENT) -> SeedReport:
    """Bring services up to date with their files and add Q&A entries that are not there yet."""
    report = SeedReport()
    services, report.problems = read_services(content / "services")
    repository = ServiceRepository(session)
    for service in services:
        report.changed += repository.save(service, "seed")
        report.services += 1
    entries = EntryRepository(session)
    departments = DepartmentRepository(session)
    for path in sorted((content / "qa").glob("*.yaml")):
        try:
            document = QaFile.model_validate(_load(path))
        except (ValidationError, yaml.YAMLError) as error:
            report.problems.append(describe(path, error))
            continue
        department = departments.ensure(path.stem, document.department)
        for entry in document.entries:
            report.changed += entries.seed(entry, department.id, document.source, document.sample)
            report.entries += 1
    return report


def _load(path: Path) -> object:
    # The C loader is about eight times as fast; the content is some hundred files.
    return yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def describe(path: Path, error: Exception) -> str:
    """Say in one line what is wrong with a file: name, line or key, reason."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "document"
        return f"{path.name}: {where}: {first['msg']}"
    mark = getattr(error, "problem_mark", None)
    line = f" line {mark.line + 1}" if mark else ""
    return f"{path.name}:{line} {getattr(error, 'problem', error)}"
