"""Train Rasa's model when something that it depends on has changed, and only then."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

from wenban import logfiles, paths
from wenban.processes import base_environment, rasa_environment
from wenban.settings import Settings

SUFFIXES = {".py", ".yml", ".yaml", ".json", ".txt", ".tsv", ".csv"}
# The dialogue side (domain, rules) and the understanding side (nlu/, the encoder) of the model.
SOURCES = ("bot/config.yml", "bot/domain.yml", "bot/domain", "bot/data", "bot/requirements.lock", "nlu")
ENCODER = ("wenban/sentence_onnx.py", "wenban/models.toml")


class TrainingFailed(Exception):
    """Rasa did not make a model; the message ends with what it said last."""


def inputs() -> Iterator[Path]:
    """Yield every file that the model depends on."""
    for source in (*SOURCES, *ENCODER):
        path = paths.ROOT / source
        if path.is_file():
            yield path
        else:
            yield from sorted(p for p in path.rglob("*") if p.is_file() and p.suffix in SUFFIXES)


def digest() -> str:
    """Return one digest of names and contents."""
    total = hashlib.sha256()
    for path in inputs():
        total.update(path.relative_to(paths.ROOT).as_posix().encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _kept(model: Path) -> Path:
    return model.with_name(model.name + ".digest")


def up_to_date(settings: Settings) -> bool:
    model = settings.rasa_model
    return model.exists() and _kept(model).exists() and _kept(model).read_text() == digest()


def train(settings: Settings) -> None:
    """Train and put the model in place; what Rasa prints goes to ``logs/train.log``.

    Raises:
        TrainingFailed: if Rasa ended with an error.
    """
    model, now = settings.rasa_model, digest()
    domain = next(name for name in ("bot/domain", "bot/domain.yml") if (paths.ROOT / name).exists())
    name = model.name.removesuffix(".tar.gz")
    command = [
        str(settings.rasa_python), "-m", "rasa", "train", "--force",  # its own cache does not see inside nlu/
        "--config", "bot/config.yml", "--domain", domain, "--data", "bot/data",
        "--out", str(model.parent), "--fixed-model-name", f"{name}-new",
    ]  # fmt: skip
    environment = {**base_environment(settings), **rasa_environment(settings)}
    with logfiles.open_append("train") as log:
        done = subprocess.run(
            command, cwd=paths.ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False
        )
    made = model.with_name(f"{name}-new.tar.gz")
    if done.returncode or not made.exists():
        raise TrainingFailed("\n".join(["Rasa could not train the model:", *logfiles.tail("train", 15)]))
    made.replace(model)
    _kept(model).write_text(now)
