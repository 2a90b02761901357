"""Have Rasa, in its own environment, train a pipeline on examples and hear others."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nlu.evaluation.intents import Example, Heard
from wenban.paths import ROOT
from wenban.processes import base_environment, rasa_environment
from wenban.settings import Settings

OURS = ROOT / "bot" / "config.yml"
IN_CONTEXT = "ContextualAct"  # judges acts of ours in a conversation: nothing to do with other people's intents


class RasaFailed(Exception):
    """Rasa's environment is missing or Rasa ended with an error; the message ends with what it said last."""


@dataclass(frozen=True)
class Run:
    heard: list[Heard]
    train_seconds: float
    train_cpu_seconds: float
    load_seconds: float


def pipeline_only(config: dict[str, Any]) -> dict[str, Any]:
    """Return `config` with the components that understand one message, without policies."""
    kept = [part for part in config["pipeline"] if part["name"].rpartition(".")[2] != IN_CONTEXT]
    return {"recipe": config.get("recipe", "default.v1"), "language": config.get("language", "zh"), "pipeline": kept}


def training_data(examples: Sequence[Example]) -> dict[str, Any]:
    """Return Rasa's JSON training data, in which, unlike in its YAML, no character of a text means anything."""
    return {"rasa_nlu_data": {"common_examples": [{"text": one.text, "intent": one.intent} for one in examples]}}


def train_and_hear(train: Sequence[Example], test: Sequence[Example], settings: Settings, config: Path = OURS) -> Run:
    """Train on `train` with the pipeline of `config`, then parse every utterance of `test` one by one.

    Raises:
        RasaFailed: if there is no Rasa, or it failed.
    """
    if not settings.rasa_python.exists():
        raise RasaFailed(f"{settings.rasa_python} is missing: Rasa's environment is made by `make run`")
    with tempfile.TemporaryDirectory(prefix="wenban-eval-nlu-") as name:
        folder = Path(name)
        _write(folder / "nlu.json", training_data(train))
        _write(folder / "test.json", [one.text for one in test])
        (folder / "config.yml").write_text(
            yaml.safe_dump(pipeline_only(yaml.safe_load(config.read_text("utf-8"))), allow_unicode=True), "utf-8"
        )
        # Nothing else runs meanwhile: every core for training. A fresh cache, or Rasa would skip what it knows.
        environment = {**base_environment(settings), **rasa_environment(settings), "RASA_CACHE_DIRECTORY": name}
        environment.pop("OMP_NUM_THREADS", None)
        done = subprocess.run(
            [str(settings.rasa_python), "-m", "nlu.rasa.measure", name],
            cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        answer = folder / "heard.json"
        if done.returncode or not answer.exists():
            said = (done.stdout + done.stderr).strip().splitlines()[-15:]
            raise RasaFailed("\n".join(["Rasa could not train or use the pipeline:", *said]))
        result = json.loads(answer.read_text("utf-8"))
    return Run([Heard(**one) for one in result.pop("heard")], **result)


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
