"""Rasa's command line, started faster and warm: ``python -m wenban.rasa_main run …``; runs in Rasa's environment.

Rasa loads its classifier with skops, which first imports every module of scikit-learn to list every estimator
that it would trust: half of the processor time until Rasa serves. The modules that Rasa's components have
imported by then are all that a model of theirs can hold, so only those are listed.

A model that was just loaded takes most of a second for its first message. Rasa rehearses one before it says that it
serves, so that no citizen pays for it.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Awaitable, Callable
from typing import Any

REHEARSAL = "rehearsal"


def estimators(*_: Any, **__: Any) -> list[tuple[str, Any]]:
    """Stand in for ``sklearn.utils.all_estimators``: what is imported already."""
    base = importlib.import_module("sklearn.base").BaseEstimator
    loaded = [module for name, module in list(sys.modules.items()) if name.startswith("sklearn.") and module]
    found = {
        member for module in loaded for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, base) and member.__module__.startswith("sklearn.")
    }  # fmt: skip
    return [(member.__name__, member) for member in found]


async def rehearse(agent: Any) -> None:
    """Understand a message and read a conversation once; nothing is stored and no action runs."""
    if agent.processor is None:
        return  # no model: Rasa says so itself
    tracker = await agent.tracker_store.get_or_create_tracker(REHEARSAL, append_action_listen=True)
    message = importlib.import_module("rasa.core.channels.channel").UserMessage("您好，怎么交水费？")
    await agent.processor.parse_message(message, tracker)
    agent.processor.predict_next_with_tracker(tracker)


def load_warm(load: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Return ``rasa.core.agent.load_agent`` with a rehearsal behind it."""

    async def loaded(*arguments: Any, **named: Any) -> Any:
        agent = await load(*arguments, **named)
        try:
            await rehearse(agent)
        except Exception as error:  # the rehearsal is no condition of serving
            print(f"rehearsal failed: {error!r}", file=sys.stderr, flush=True)
        return agent

    return loaded


def main() -> None:
    importlib.import_module("sklearn.utils").all_estimators = estimators  # type: ignore[attr-defined]
    if sys.argv[1:2] == ["run"]:
        agents = importlib.import_module("rasa.core.agent")
        agents.load_agent = load_warm(agents.load_agent)  # type: ignore[attr-defined]
    sys.argv[0] = "rasa"
    importlib.import_module("rasa.__main__").main()


if __name__ == "__main__":
    main()
