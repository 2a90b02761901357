from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from wenban import modelstore
from wenban.modelstore import Model, ModelFile, ModelUnavailable, ensure

RIGHT = b"weights"


class Handler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A hub on this machine; returns the folder that a file of model ``some/model`` is put into."""
    folder = tmp_path / "hub" / "some" / "model" / "resolve" / "main"
    folder.mkdir(parents=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(tmp_path / "hub")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.delenv("WENBAN_MODELS", raising=False)
    yield folder
    server.shutdown()
    server.server_close()


@pytest.fixture
def model() -> Model:
    file = ModelFile("onnx/model.onnx", hashlib.sha256(RIGHT).hexdigest(), "onnx/model.onnx")
    return Model("toy", "test", "MIT", True, "some/model", (), (file,))


def put(folder: Path, data: bytes) -> None:
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    (folder / "onnx" / "model.onnx").write_bytes(data)


def test_the_hub_is_used(model: Model, hub: Path) -> None:
    put(hub, RIGHT)
    said: list[str] = []
    folder = ensure(model, said.append)
    assert (folder / "onnx" / "model.onnx").read_bytes() == RIGHT
    assert said[-1] == "toy: installed from hub some/model"


def test_progress_is_told_while_a_model_comes(model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modelstore, "TELL_EVERY", 0.05)
    said: list[str] = []
    assert modelstore.being_fetched(model) is None
    with modelstore.progress(model, tmp_path, said.append):
        assert modelstore.being_fetched(model) == "begun"
        (tmp_path / "half").write_bytes(b"x" * 2_600_000)
        deadline = time.monotonic() + 5
        while "toy: 3 MB so far" not in said:
            assert time.monotonic() < deadline, said
            time.sleep(0.02)
        assert modelstore.being_fetched(model) == "3 MB so far"
    assert modelstore.being_fetched(model) is None


def test_a_local_folder_comes_first(model: Model, hub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "local" / "toy", RIGHT)
    monkeypatch.setenv("WENBAN_MODELS", str(tmp_path / "local"))
    said: list[str] = []
    ensure(model, said.append)
    assert "local folder" in said[-1]


def test_a_wrong_copy_is_refused_and_the_next_source_tried(
    model: Model, hub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "local" / "toy", b"tampered")
    put(hub, RIGHT)
    monkeypatch.setenv("WENBAN_MODELS", str(tmp_path / "local"))
    assert (ensure(model) / "onnx" / "model.onnx").read_bytes() == RIGHT


def test_nothing_wrong_is_ever_installed(model: Model, hub: Path) -> None:
    put(hub, b"tampered")
    with pytest.raises(ModelUnavailable, match="SHA-256"):
        ensure(model)
    assert not model.installed()


def test_a_missing_file_is_told(model: Model, hub: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"hub some/model: .*404"):
        ensure(model)


def test_what_is_there_is_not_fetched_again(model: Model) -> None:
    put(model.folder, RIGHT)
    assert ensure(model, lambda line: pytest.fail(line)) == model.folder


def test_the_table_is_whole() -> None:
    for entry in modelstore.table().values():
        assert entry.licence
        assert entry.hub or entry.carriers
        assert all(len(file.sha256) == 64 for file in entry.files)
