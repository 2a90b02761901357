"""Check the rehearsal around loading Rasa's model; that it warms a real one is seen in the end-to-end suite."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from wenban.rasa_main import load_warm


def test_an_agent_without_a_model_is_left_alone() -> None:
    agent = SimpleNamespace(processor=None)

    async def load(path: str) -> Any:
        assert path == "models"
        return agent

    assert asyncio.run(load_warm(load)("models")) is agent


def test_a_failed_rehearsal_is_said_and_does_not_stop_the_server(capsys: pytest.CaptureFixture[str]) -> None:
    class Store:
        async def get_or_create_tracker(self, *_: object, **__: object) -> None:
            raise OSError("the store is gone")

    agent = SimpleNamespace(processor=object(), tracker_store=Store())

    async def load() -> Any:
        return agent

    assert asyncio.run(load_warm(load)()) is agent
    assert "the store is gone" in capsys.readouterr().err
