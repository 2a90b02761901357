"""The action server process: ``python -m actions.server``; loopback only."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor

from actions.connectors.client import Connectors
from actions.dialogue.assistant import Assistant
from actions.dialogue.rasa_actions import ACTIONS, Bound
from actions.engine.declarations import Declarations
from actions.engine.engine import Engine
from actions.settling import keep_settling
from actions.tidying import keep_tidy
from actions.tracking.settings import WatchSettings
from actions.tracking.watcher import Watcher
from knowledge.client import KnowledgeClient
from nlu.lexicon import Lexicon
from wenban import logs
from wenban.settings import get_settings


def make_assistant() -> Assistant:
    settings = get_settings()
    knowledge = KnowledgeClient(settings.knowledge_url)
    declarations = Declarations(knowledge)
    return Assistant(
        knowledge, declarations, Engine(declarations, Connectors(settings.sandbox, settings.connector_urls))
    )


def make_executor(assistant: Assistant) -> ActionExecutor:
    Bound.assistant = assistant
    executor = ActionExecutor()
    for action in ACTIONS:
        executor.register_action(action())
    return executor


def main() -> None:
    settings = get_settings()
    logs.configure("actions")
    Lexicon.default().warm_up()
    assistant = make_assistant()
    app = create_app(make_executor(assistant))

    @app.after_server_start  # type: ignore[untyped-decorator]
    async def warm(*_: Any) -> None:
        await asyncio.wait_for(assistant.warm_up(), 5)

    @app.after_server_start  # type: ignore[untyped-decorator]
    async def settle(server: Any, *_: Any) -> None:
        server.add_task(keep_settling(assistant.engine.connectors))

    @app.after_server_start  # type: ignore[untyped-decorator]
    async def tidy(server: Any, *_: Any) -> None:
        server.add_task(keep_tidy(), name="tidying")

    @app.after_server_start  # type: ignore[untyped-decorator]
    async def watch(server: Any, *_: Any) -> None:
        watching = WatchSettings()
        if watching.enabled:
            server.add_task(Watcher(assistant.engine.connectors, watching).run(), name="watcher")

    app.run(host="127.0.0.1", port=settings.actions_port, single_process=True, access_log=False)


if __name__ == "__main__":
    main()
