"""Check the checker of content files on files with each fault, and on our own content."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from knowledge_helpers import qa_document, service_document

from knowledge.content_check import check


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("services", "qa"):
        (tmp_path / folder).mkdir()
    put(tmp_path / "services" / "rsj-04.yaml", service_document())
    return tmp_path


def put(path: Path, document: object) -> None:
    path.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")


def test_sound_content_is_counted(root: Path) -> None:
    problems, counts = check([], root)
    assert problems == []
    assert (counts["services"], counts["aliases"], counts["entries"]) == (1, 4, 0)


def test_faults_are_named(root: Path) -> None:
    put(root / "services" / "rsj-05.yaml", service_document("rsj-06"))
    (root / "services" / "rsj-07.yaml").write_text("name: [", "utf-8")
    put(root / "services" / "rsj-08.yaml", {"id": "rsj-08"})
    problems, _ = check([], root)
    assert [problem.split(":")[0] for problem in problems] == ["rsj-05.yaml", "rsj-07.yaml", "rsj-08.yaml"]
    assert "rsj-06" in problems[0]
    assert check(["swj"], root)[0] == [], "only the files asked for"


def test_one_wording_belongs_to_one_subject(root: Path) -> None:
    put(root / "services" / "rsj-04.yaml", service_document(variants=["社保卡丢了咋整"]))
    put(root / "services" / "rsj-05.yaml", service_document("rsj-05", variants=["社保卡丢了咋整？"]))
    problems, _ = check([], root)
    assert len(problems) == 1
    assert "rsj-04" in problems[0]
    assert "rsj-05" in problems[0]


def test_an_entry_twice(root: Path) -> None:
    from knowledge.content_check import CONTENT

    sample = yaml.safe_load(next((CONTENT / "qa").glob("*.yaml")).read_text("utf-8"))
    put(root / "qa" / "rsj.yaml", {**sample, "entries": [qa_document(), qa_document("qa-rsj-002")]})
    problems, counts = check([], root)
    assert counts["entries"] == 2
    assert any("养老金什么时候发" in problem for problem in problems)
