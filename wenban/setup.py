"""What ``wenban setup`` does between installing and starting: models, database, content, Rasa's model."""

from __future__ import annotations

import subprocess
import sys

from wenban import crypto, logfiles, modelstore, paths, plugins, training
from wenban.progress import Steps
from wenban.settings import get_settings

STEPS = 4
Report = list[str]


def run(steps: Steps) -> Report:
    """Do what is not done yet; return remarks for the operator, a line each."""
    remarks: Report = []
    fetch_models(steps)
    prepare_database(steps)
    load_content(steps, remarks)
    train(steps)
    return remarks


def fetch_models(steps: Steps) -> None:
    wanted = [model for model in modelstore.table().values() if model.required]
    with steps.step("Models"):
        if all(model.installed() for model in wanted):
            steps.note("up to date")
        for model in wanted:
            modelstore.ensure(model)


def prepare_database(steps: Steps) -> None:
    from wenban import migrations

    with steps.step("Database"):
        paths.home().mkdir(parents=True, exist_ok=True)
        crypto.encrypt("")  # makes the data key, which Rasa's tracker store needs too
        if not migrations.upgrade():
            steps.note("up to date")


def load_content(steps: Steps, remarks: Report) -> bool:
    """Bring the content files into the database; return whether every one could be read."""
    from wenban.database import session_scope

    with steps.step("Services and questions"):
        with session_scope() as session:
            report = plugins.load("knowledge.seed:seed")(session)
        remarks += [f"Content not loaded: {problem}" for problem in report.problems]
        if report.kept:
            remarks.append(f"Left as staff have it, though the file differs: {', '.join(report.kept)}")
        counted = f"{report.services} services, {report.entries} questions"
        moved = [f"{report.changed} changed"] * bool(report.changed)
        moved += [f"{report.withdrawn} taken down"] * bool(report.withdrawn)
        steps.note(", ".join([counted, *moved]) if moved else f"up to date ({counted})")
    return not report.problems


def train(steps: Steps) -> None:
    settings = get_settings()
    with steps.step("Training the dialogue model"):
        if training.up_to_date(settings):
            steps.note("up to date")
            return
        index = start_indexing()
        try:
            training.train(settings)
        finally:
            if index:
                index.wait()


def start_indexing() -> subprocess.Popen[bytes] | None:
    """Encode the catalogue beside the training, on the other core; if it fails, the search process does it itself."""
    if any((paths.home() / "cache").glob("vectors-*")):
        return None
    with logfiles.open_append("index") as log:
        command = [sys.executable, "-m", "wenban", "reindex"]
        return subprocess.Popen(command, cwd=paths.ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
