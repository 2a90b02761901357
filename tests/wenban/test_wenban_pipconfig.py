from __future__ import annotations

from pathlib import Path

from wenban.pipconfig import for_uv, has_cpu_torch, parse

LISTING = """
:env:.find-links='/wheels/env'
global.find-links='/wheels/global /wheels/more'
global.cert='/etc/ssl/ca.pem'
global.timeout='90'
install.index-url='https://mirror.example/simple'
global.index-url='https://other.example/simple'
freeze.all='true'
nonsense
"""


def test_the_environment_comes_before_the_command_before_the_global_section() -> None:
    pip = parse(LISTING)
    assert pip["find-links"] == "/wheels/env"
    assert pip["index-url"] == "https://mirror.example/simple"
    assert "all" not in pip


def test_everything_that_uv_has_a_name_for_is_handed_on() -> None:
    assert for_uv(parse(LISTING), {}) == {
        "UV_FIND_LINKS": "/wheels/env",
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "SSL_CERT_FILE": "/etc/ssl/ca.pem",
        "UV_HTTP_TIMEOUT": "90",
    }


def test_several_addresses_are_separated_as_uv_reads_them() -> None:
    pip = parse("global.find-links='\\n/a\\n/b'\nglobal.extra-index-url='https://one.example https://two.example'")
    variables = for_uv(pip, {})
    assert variables["UV_FIND_LINKS"] == "/a,/b"
    assert variables["UV_EXTRA_INDEX_URL"] == "https://one.example https://two.example"
    assert variables["UV_INDEX_STRATEGY"] == "unsafe-best-match"


def test_what_is_set_already_is_left_alone() -> None:
    variables = for_uv(parse(LISTING), {"UV_FIND_LINKS": "/mine", "UV_INDEX_URL": "https://mine.example"})
    assert "UV_FIND_LINKS" not in variables
    assert "UV_DEFAULT_INDEX" not in variables


def test_a_folder_that_is_not_there_is_left_out(tmp_path: Path) -> None:
    pip = {"extra-index-url": f"file://{tmp_path} file://{tmp_path}/missing"}
    assert for_uv(pip, {})["UV_EXTRA_INDEX_URL"] == f"file://{tmp_path}"
    assert for_uv({"extra-index-url": f"file://{tmp_path}/missing"}, {}) == {}


def test_nothing_configured_changes_nothing() -> None:
    assert for_uv(parse(""), {}) == {}


def test_a_cpu_build_of_torch_is_found(tmp_path: Path) -> None:
    assert not has_cpu_torch(str(tmp_path))
    assert not has_cpu_torch("")
    (tmp_path / "torch-2.13.0%2Bcpu-cp311-cp311-linux_x86_64.whl").touch()
    assert has_cpu_torch(f"/missing,{tmp_path}")
    assert has_cpu_torch(f"file://{tmp_path}")
