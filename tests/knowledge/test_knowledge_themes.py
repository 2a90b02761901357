"""Theme files: checked strictly, read again when they change, one broken one does not keep the others out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.themes import ThemeShelf, read_themes

THEME: dict[str, Any] = {
    "id": "move", "name": "搬家一件事", "summary": "搬家要办的事。", "spoken": "搬家要办的事。", "audience": "搬家的人",
    "openings": ["搬家一件事", "要搬家", "搬新家"], "needs": ["身份证"],
    "steps": [{"service": "zjj-07"}, {"name": "改地址", "where": "派出所"}],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "themes").mkdir()
    write(tmp_path, THEME)
    return tmp_path


def write(folder: Path, theme: dict[str, Any], name: str = "") -> None:
    path = folder / "themes" / f"{name or theme['id']}.yaml"
    path.write_text(yaml.safe_dump(theme, allow_unicode=True, sort_keys=False), "utf-8")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"steps": [{"service": "zjj-07", "name": "x"}, {"service": "zjj-08"}]}, "either a 'service' or a 'name'"),
        ({"steps": [{"name": "改地址"}, {"service": "zjj-08"}]}, "says 'where'"),
        ({"opennings": []}, "opennings"),
        ({"id": "other"}, "the file's name says bad"),
    ],
)
def test_a_broken_theme_is_named(folder: Path, change: dict[str, Any], problem: str) -> None:
    write(folder, THEME | {"id": "bad"} | change, "bad")
    themes, problems = read_themes([folder])
    assert set(themes) == {"move"}
    assert len(problems) == 1
    assert problems[0].startswith("bad.yaml: ")
    assert problem in problems[0]


def test_the_longest_opening_decides(folder: Path) -> None:
    write(folder, THEME | {"id": "far", "openings": ["要搬家到外地", "搬外地", "去外地"]})
    shelf = ThemeShelf(lambda: [folder])
    assert shelf.opened_by("我们要搬家，到外地去住")
    found = shelf.opened_by("要搬家到外地了")
    assert found is not None
    assert found.id == "far"
    assert shelf.opened_by("交水费") is None


def test_a_changed_file_is_read_again(folder: Path) -> None:
    shelf = ThemeShelf(lambda: [folder])
    assert shelf.opened_by("乔迁") is None
    write(folder, THEME | {"openings": ["乔迁", "要搬家", "搬新家"]})
    os.utime(folder / "themes" / "move.yaml", (1, 1))
    assert shelf.opened_by("乔迁之喜") is not None
    (folder / "themes" / "move.yaml").unlink()
    assert shelf.all() == {}
