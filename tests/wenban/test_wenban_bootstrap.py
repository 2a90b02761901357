from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from wenban import environments, interpreter, locks
from wenban.environments import InstallError
from wenban.progress import Steps


def test_python_311_is_found() -> None:
    check = "import sys; print(*sys.version_info[:2])"
    found = subprocess.run([interpreter.find(), "-c", check], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["3", "11"]


def test_without_python_311_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "_works", lambda python: False)
    monkeypatch.setattr(interpreter, "_apt_can_help", lambda: False)
    with pytest.raises(InstallError, match=r"apt-get install python3\.11"):
        interpreter.find()


def test_bootstrap_imports_nothing_that_has_to_be_installed() -> None:
    root = environments.ROOT
    code = "import wenban.bootstrap, wenban.browser, sys; print('site-packages' in str(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(root)!r}); {code}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "False"


def test_a_stamp_follows_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environments, "ROOT", tmp_path)
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        (tmp_path / name).write_text(name)
    before = environments.wanted(environments.MAIN, dev=False)
    assert environments.wanted(environments.MAIN, dev=True) != before
    (tmp_path / "requirements.lock").write_text("other")
    assert environments.wanted(environments.MAIN, dev=False) != before
    assert environments.stamp(tmp_path / "missing") == {}


def test_a_failing_command_says_what_to_do() -> None:
    with pytest.raises(InstallError, match="make room") as broken:
        environments._run([sys.executable, "-c", "import sys; sys.exit('no such thing')"], {})
    assert "no such thing" in str(broken.value)


def test_a_network_fault_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    mark = tmp_path / "mark"
    code = (
        "import pathlib, sys; m = pathlib.Path(sys.argv[1]); again = m.exists(); m.touch();"
        " again or sys.exit('operation timed out')"
    )
    environments._run([sys.executable, "-c", code, str(mark)], {})
    with pytest.raises(InstallError, match="online"):
        environments._run([sys.executable, "-c", "import sys; sys.exit('operation timed out')"], {})


def test_a_lock_names_no_build_and_no_cuda() -> None:
    resolved = "# by uv\ncuda-toolkit==13\nnumpy==2.1\nnvidia-nccl-cu13==2\ntorch==2.13.0+cpu\ntriton==3\n"
    assert locks.clean(resolved) == "numpy==2.1\ntorch==2.13.0\n"


def test_steps_are_numbered_and_told_once() -> None:
    out = io.StringIO()
    steps = Steps(3, done=1, out=out)
    with steps.step("Database"):
        steps.note("up to date")

    def fail() -> None:
        with steps.step("Training"):
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert out.getvalue() == "[2/3] Database: up to date\n[3/3] Training: failed\n"
