"""What the ``wenban`` command uses of the packages above it, by name: the kernel itself imports none of them."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

MODELS = (
    "wenban.citizens",
    "wenban.tracking",
    "wenban.ratings",
    "wenban.attachments",
    "wenban.consents",
    "wenban.materials",
    "knowledge.models",
    "actions.models",
    "api.models",
)  # modules whose tables Alembic migrates

# Sub-commands that other packages bring: name -> (module:attribute of a Typer application, help).
COMMANDS: dict[str, tuple[str, str]] = {
    "eval": ("wenban.evaluations:app", "Measure: services, search, nlu, speech, dialogues."),
    "webhook": ("api.space.command:app", "Print the token with which a department tells us that a matter has moved."),
    "calibrate": ("knowledge.calibration_command:app", "Fit the probabilities to the catalogue."),
    "connector": ("actions.connectors.conformance.command:app", "Departments that are connected over HTTP."),
    "import": ("knowledge.exchange:import_app", "Read Q&A entries from a spreadsheet."),
    "export": ("knowledge.exchange:export_app", "Write Q&A entries to a spreadsheet."),
}

# Evaluations, each a file with a Typer application of one command: ``wenban eval NAME``; listed once it is there.
EVALUATIONS: dict[str, tuple[str, str]] = {
    "services": ("knowledge.evaluation.services_command:app", "Is the right service found?"),
    "search": ("knowledge.evaluation.search_command:app", "Is the right answer found, in any corpus?"),
    "nlu": ("nlu.evaluation.command:app", "Is an utterance's intent recognised?"),
    "speech": ("voice.evaluation.command:app", "Is what our voice says heard again?"),
    "dialogues": ("api.evaluation.command:app", "Are whole conversations carried through?"),
    "functions": ("api.evaluation.functions_command:app", "Which functions of the public rubric are there?"),
    "all": ("wenban.measuring.command:app", "Everything, written into docs/evaluation.md."),
}


def available(target: str) -> bool:
    """Say whether the module of ``module:attribute`` is there, importing no more than its parents."""
    try:
        return importlib.util.find_spec(target.partition(":")[0]) is not None
    except ModuleNotFoundError:
        return False


def load(target: str) -> Any:
    """Return ``module:attribute``."""
    module, _, attribute = target.partition(":")
    return getattr(importlib.import_module(module), attribute)


def import_models() -> None:
    """Import every module that declares tables, so that ``Base.metadata`` is complete."""
    for module in MODELS:
        if available(module):
            importlib.import_module(module)
