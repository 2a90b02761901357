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
        ("services/bad-02.yaml", "id: bad-02\n", "bad-02.yaml: line 1: name: Field required"),
        ("services/bad-03.yaml", "", "bad-03.yaml: line 1: document:"),
        ("qa/bad.yaml", "department: 某局\nentries: [{id: qa-bad-001}]\n", "bad.yaml: line 2: entries.0.question"),
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


def test_the_line_of_a_wrong_value_is_named(session: Session, content: Path) -> None:
    path = content / "services" / "rsj-04.yaml"
    lines = path.read_text("utf-8").splitlines()
    number = next(n for n, line in enumerate(lines, 1) if line.startswith("kind:"))
    path.write_text("\n".join("kind: 查寻" if line.startswith("kind:") else line for line in lines), "utf-8")
    report = seed(session, content)
    assert report.problems[0].startswith(f"rsj-04.yaml: line {number}: kind: ")
    path.write_bytes("id: rsj-04\nname: 社".encode("gbk"))
    assert seed(session, content).problems == ["rsj-04.yaml: line 2: not UTF-8"]


def test_a_file_under_another_name_is_refused(session: Session, content: Path) -> None:
    _write(content / "services" / "rsj-05.yaml", service_document())
    assert "the file's name says rsj-05" in seed(session, content).problems[0]


def test_a_department_under_two_prefixes_is_refused_and_the_others_go_on(session: Session, content: Path) -> None:
    seed(session, content)
    _write(content / "services" / "abc-01.yaml", service_document(id="abc-01"))
    _write(content / "services" / "zzz-01.yaml", service_document(id="zzz-01", department="别的局"))
    report = seed(session, content)
    assert ["belongs to services with another prefix" in problem for problem in report.problems] == [True]
    assert {service.id for service in ServiceRepository(session).all()} >= {"zzz-01"}


def test_a_removed_service_file_takes_it_down_and_back(session: Session, content: Path) -> None:
    path = content / "services" / "rsj-04.yaml"
    text = path.read_text("utf-8")
    seed(session, content)
    before = publication_version(session)
    path.unlink()
    assert seed(session, content).withdrawn == 1
    assert ServiceRepository(session).all() == []
    assert publication_version(session) > before
    assert seed(session, content).withdrawn == 0
    path.write_text(text, "utf-8")
    assert seed(session, content).changed == 1
    assert [service.id for service in ServiceRepository(session).all()] == ["rsj-04"]


def test_a_broken_file_leaves_what_was_there(session: Session, content: Path) -> None:
    seed(session, content)
    (content / "services" / "rsj-04.yaml").write_text("id: [", "utf-8")
    (content / "qa" / "rsj.yaml").write_text("department: 市人社局\nentries: 3\n", "utf-8")
    report = seed(session, content)
    assert (len(report.problems), report.withdrawn) == (2, 0)
    assert [service.id for service in ServiceRepository(session).all()] == ["rsj-04"]
    assert [entry.id for entry in EntryRepository(session).published()] == ["qa-rsj-001"]


def test_a_changed_question_is_taken_until_staff_change_it(session: Session, content: Path) -> None:
    seed(session, content)
    before = publication_version(session)
    _write(content / "qa" / "rsj.yaml", {"department": "市人社局", "entries": [qa_document(answer="十日前。")]})
    assert seed(session, content).changed == 1
    entries = EntryRepository(session)
    assert entries.get("qa-rsj-001").answer == "十日前。"
    assert publication_version(session) > before
    entries.update("qa-rsj-001", entries.get("qa-rsj-001").version, "li", answer="问李科长。")
    _write(content / "qa" / "rsj.yaml", {"department": "市人社局", "entries": [qa_document(answer="五日前。")]})
    report = seed(session, content)
    assert (report.changed, report.kept) == (0, ["qa-rsj-001"])
    assert entries.get("qa-rsj-001").answer == "问李科长。"


def test_a_removed_question_is_taken_down_unless_it_is_staffs(session: Session, content: Path) -> None:
    documents = [qa_document(), qa_document(id="qa-rsj-002", question="还有什么")]
    _write(content / "qa" / "rsj.yaml", {"department": "市人社局", "entries": documents})
    seed(session, content)
    entries = EntryRepository(session)
    entries.update("qa-rsj-002", entries.get("qa-rsj-002").version, "li", answer="别的。")
    _write(content / "qa" / "rsj.yaml", {"department": "市人社局", "entries": []})
    assert seed(session, content).withdrawn == 1
    assert [entry.id for entry in entries.published()] == ["qa-rsj-002"]


def test_what_staff_have_made_of_a_service_is_kept(session: Session, content: Path) -> None:
    seed(session, content)
    ServiceRepository(session).withdraw("rsj-04", "li")
    _write(content / "services" / "rsj-04.yaml", service_document(fee="10元"))
    report = seed(session, content)
    assert report.kept == ["rsj-04"]
    assert ServiceRepository(session).all() == []


def test_the_citys_own_folder_comes_after_ours(session: Session, content: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    _write(own / "services" / "rsj-04.yaml", service_document(fee="免费"))
    _write(own / "services" / "rsj-99.yaml", service_document(id="rsj-99"))
    report = seed(session, [content, own, tmp_path / "nowhere"])
    assert report.services == 2
    assert ServiceRepository(session).get("rsj-04").declaration["fee"] == "免费"
