"""Check that content files come into the database, and that a broken one does not keep the others out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from knowledge_helpers import qa_document, service_document
from sqlalchemy.orm import Session

from knowledge.repository import EntryRepository, ServiceRepository, publication_version
from knowledge.seed import seed


def _write(path: Path, document: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    _write(folder / "services" / "rsj-04.yaml", service_document())
    _write(folder / "qa" / "rsj.yaml", {"department": "市人社局", "entries": [qa_document()]})
    return folder


def test_seeds_services_and_published_entries(session: Session, content: Path) -> None:
    report = seed(session, content)
    assert (report.services, report.entries, report.changed, report.problems) == (1, 1, 2, [])
    assert ServiceRepository(session).get("rsj-04").department.name == "市人社局"
    assert [entry.id for entry in EntryRepository(session).published()] == ["qa-rsj-001"]


def test_seeding_again_changes_nothing(session: Session, content: Path) -> None:
    seed(session, content)
    before = publication_version(session)
    assert seed(session, content).changed == 0
    assert publication_version(session) == before


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("services/bad-01.yaml", "id: bad-01\n  name: x\n", "bad-01.yaml: line 2"),
        ("services/bad-02.yaml", "id: bad-02\n", "bad-02.yaml: name: Field required"),
        ("services/bad-03.yaml", "", "bad-03.yaml: document:"),
        ("qa/bad.yaml", "department: 某局\nentries: [{id: qa-bad-001}]\n", "bad.yaml: entries.0.question"),
    ],
)
def test_a_broken_file_is_named_and_the_others_go_on(
    session: Session, content: Path, name: str, text: str, reason: str
) -> None:
    (content / name).write_text(text, "utf-8")
    report = seed(session, content)
    assert (report.services, report.entries) == (1, 1)
    assert len(report.problems) == 1
    assert report.problems[0].startswith(reason)


def test_what_staff_changed_survives(session: Session, content: Path) -> None:
    seed(session, content)
    entries = EntryRepository(session)
    entries.update("qa-rsj-001", entries.get("qa-rsj-001").version, "li", answer="每月十日前发放。")
    seed(session, content)
    assert entries.get("qa-rsj-001").answer == "每月十日前发放。"
    entries.withdraw("qa-rsj-001", "li")
    seed(session, content)
    assert entries.published() == []


def test_a_changed_service_file_is_taken(session: Session, content: Path) -> None:
    seed(session, content)
    _write(content / "services" / "rsj-04.yaml", service_document(fee="10元"))
    assert seed(session, content).changed == 1
    assert ServiceRepository(session).get("rsj-04").declaration["fee"] == "10元"
