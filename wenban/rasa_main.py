"""Rasa's command line, started faster: ``python -m wenban.rasa_main run …``; runs in Rasa's environment.

Rasa loads its classifier with skops, which first imports every module of scikit-learn to list every estimator
that it would trust: half of the processor time until Rasa serves. The modules that Rasa's components have
imported by then are all that a model of theirs can hold, so only those are listed.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from typing import Any


def estimators(*_: Any, **__: Any) -> list[tuple[str, Any]]:
    """Stand in for ``sklearn.utils.all_estimators``: what is imported already."""
    base = importlib.import_module("sklearn.base").BaseEstimator
    loaded = [module for name, module in list(sys.modules.items()) if name.startswith("sklearn.") and module]
    found = {
        member for module in loaded for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, base) and member.__module__.startswith("sklearn.")
    }  # fmt: skip
    return [(member.__name__, member) for member in found]


def main() -> None:
    importlib.import_module("sklearn.utils").all_estimators = estimators  # type: ignore[attr-defined]
    sys.argv[0] = "rasa"
    importlib.import_module("rasa.__main__").main()


if __name__ == "__main__":
    main()
