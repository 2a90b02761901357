"""Check the player and the file of dialogues, with a system that is a function."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from evaluation_replies import FIRST, SCRIPT, SECOND, FakeSystem, reply, write

from api.evaluation.dialogues import Player, Unreachable, reset_sandbox
from api.evaluation.script import BadScript, Script, load

Answer = Callable[[httpx.Request], httpx.Response]


def player(system: Answer, patience: float = 10.0) -> Player:
    http = httpx.Client(transport=httpx.MockTransport(system), base_url="http://test")
    return Player(http, patience, lambda: datetime(2026, 11, 22, 9), lambda _: None)


def test_plays() -> None:
    system = FakeSystem(FIRST, SECOND)
    first, second = player(system).play(Script.model_validate(SCRIPT))
    assert [(said["text"], said["mode"]) for said in system.said] == [("约明天", "standard"), ("查YY7", "standard")]
    assert first.expect.slots == {"date": "2026-11-23"}
    assert first.must_not == [("submit", "", "")]
    assert second.reply is not None
    assert second.reply.act == "progress"


@pytest.mark.parametrize("accident", [503, 429, httpx.ConnectError("down"), reply(note="dialogue_unavailable:empty")])
def test_waits_for_a_system_that_restarts(accident: Any) -> None:
    system = FakeSystem(accident, FIRST, SECOND)
    first, _ = player(system).play(Script.model_validate(SCRIPT))
    assert first.reply is not None
    assert first.reply.receipt == "YY7"
    assert not first.error


def test_loses_patience() -> None:
    system = FakeSystem(*[503] * 9)
    first, second = player(system, patience=6.0).play(Script.model_validate(SCRIPT))
    assert "503" in first.error
    assert "503" in second.error
    assert len(system.said) == 4


def test_says_why_a_turn_failed() -> None:
    first, second = player(FakeSystem(500, SECOND)).play(Script.model_validate(SCRIPT))
    assert "HTTP 500" in first.error
    assert not second.error


def test_unreachable() -> None:
    def dead(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(Unreachable, match="refused"):
        player(dead).check()
    assert player(dead, patience=0.0).play(Script.model_validate(SCRIPT))[0].error.startswith("ConnectError")


@pytest.mark.parametrize(("status", "expected"), [(200, "reset"), (404, "not reset")])
def test_reset(status: int, expected: str) -> None:
    http = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(status)), base_url="http://test")
    assert reset_sandbox(http).startswith(expected)


@pytest.mark.parametrize(
    "row",
    [
        "{",
        '{"id": "x"}',
        {"id": "x", "turns": [{"user": "a", "expect": {"slots": {"date": "<someday>"}}}]},
        {"id": "x", "turns": [{"user": "a", "expect": {"must_not": ["accept:date=<someday>"]}}]},
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, row: Any) -> None:
    path = write(tmp_path / "x.jsonl", SCRIPT, row)
    with pytest.raises(BadScript, match=r"x\.jsonl:2: "):
        load(path, date(2026, 11, 22))
