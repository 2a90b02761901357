"""Bring the content files into the database: the files rule until staff change something, then staff do.

- A service or an entry that only files have written follows its file: a changed file changes it, a removed file takes
  it down, a file that comes back puts it up again.
- What staff have edited, published or withdrawn since is theirs: the file no longer touches it, and that is said.
- A broken file leaves everything of it as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from knowledge import files
from knowledge.declaration import QaFile, ServiceDeclaration
from knowledge.files import ContentFiles
from knowledge.repository import SEED, DepartmentRepository, EntryRepository, ServiceRepository
from knowledge.themes import read_themes
from wenban import paths

CONTENT = Path(__file__).parent / "content"


@dataclass
class SeedReport:
    """``kept`` are ids whose file differs from what staff have made of them."""

    services: int = 0
    entries: int = 0
    themes: int = 0
    changed: int = 0
    withdrawn: int = 0
    kept: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def folders() -> list[Path]:
    """Return where content stands: what ships with the product, and the city's own in the data directory."""
    return [CONTENT, paths.home() / "content"]


def read_services(folder: Path) -> tuple[list[ServiceDeclaration], list[str]]:
    """Read every declaration under ``folder``; return the good ones and, a line each, what is wrong with the others."""
    found = files.read([folder.parent])
    return list(found.services.values()), found.problems


def seed(session: Session, content: Path | Sequence[Path] | None = None) -> SeedReport:
    """Bring services and Q&A entries up to date with their files."""
    where = folders() if content is None else [content] if isinstance(content, Path) else content
    found = files.read(where)
    report = SeedReport(problems=found.problems)
    themes, problems = read_themes(list(where))
    report.problems += problems
    report.themes = len(themes)
    _services(session, found, report)
    _entries(session, found, report)
    return report


def _services(session: Session, found: ContentFiles, report: SeedReport) -> None:
    repository = ServiceRepository(session)
    writers = repository.writers()
    for service in found.services.values():
        report.services += 1
        if writers.get(service.id, SEED) != SEED:
            if repository.differs(service):
                report.kept.append(service.id)
            continue
        try:
            with session.begin_nested():
                report.changed += repository.save(service, SEED)
        except IntegrityError:
            report.problems.append(
                f"{service.id}.yaml: department: {service.department!r} belongs to services with another prefix"
            )
    for service_id, writer in writers.items():
        if writer == SEED and service_id not in found.services and service_id not in found.broken:
            report.withdrawn += repository.withdraw(service_id, SEED)


def _entries(session: Session, found: ContentFiles, report: SeedReport) -> None:
    repository = EntryRepository(session)
    departments = DepartmentRepository(session)
    known = repository.everything()
    named: set[str] = set()
    for prefix, document in found.questions.items():
        named |= {entry.id for entry in document.entries}
        report.entries += len(document.entries)
        try:
            with session.begin_nested():
                departments.ensure(prefix, document.department)
        except IntegrityError:
            report.problems.append(f"{prefix}.yaml: department: {document.department!r} belongs to another prefix")
            continue
        _file(repository, prefix, document, report)
    for entry_id, entry in known.items():
        of_broken_file = entry.department_id in found.broken
        if entry.updated_by == SEED and entry.status == "published" and entry_id not in named and not of_broken_file:
            repository.withdraw(entry_id, SEED)
            report.withdrawn += 1


def _file(repository: EntryRepository, prefix: str, document: QaFile, report: SeedReport) -> None:
    for entry in document.entries:
        outcome = repository.seed(entry, prefix, document.source, document.sample)
        report.changed += outcome == "changed"
        if outcome == "kept":
            report.kept.append(entry.id)
