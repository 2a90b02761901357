"""A system for the tests of the evaluation: replies as the real one gives them, and a transport that gives them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from api.evaluation.dates import resolve
from api.evaluation.dialogues import rule_of
from api.evaluation.heard import Exchange, Heard
from api.evaluation.script import Expect
from wenban.turns import Reply

TODAY = date(2026, 11, 22)


def reply(status: str = "form", messages: list[dict[str, Any]] | None = None, **turn: Any) -> dict[str, Any]:
    """Return the JSON of a reply; the product's own model makes sure that it is one."""
    body = {"messages": messages or [{"type": "text", "text": "好的。"}], "turn": {"status": status, **turn}}
    return Reply.model_validate(body).model_dump(mode="json")


def question(name: str, text: str = "请说一下？") -> dict[str, Any]:
    return {"type": "question", "text": text, "field": {"name": name, "label": name, "control": "text"}}


def human() -> dict[str, Any]:
    return {"type": "notice", "text": "要转人工吗", "choices": [{"label": "转人工", "payload": {"do": "human"}}]}


def played(*turns: tuple[dict[str, Any] | None, dict[str, Any]]) -> list[Exchange]:
    """Return exchanges of (reply, expectation)."""
    exchanges = []
    for number, (body, expected) in enumerate(turns, 1):
        expect = Expect(**resolve(expected, TODAY))
        rules = [rule_of(rule, TODAY) for rule in expect.must_not]
        heard = None if body is None else Heard(body)
        exchanges.append(Exchange(number, "话", expect, heard, "" if heard else "HTTP 500", must_not=rules))
    return exchanges


SCRIPT = {
    "id": "t1",
    "title": "试",
    "turns": [
        {"user": "约明天", "expect": {"slots": {"date": "<tomorrow>"}, "must_not": ["submit"]}},
        {"user": "查<receipt>", "expect": {"intent": "progress", "must_not": ["invent"]}},
    ],
}
FIRST = reply("done", receipt="YY7", slots={"date": "2026-11-23"})
SECOND = reply("answered", act="progress")


class FakeSystem:
    """Answers each message with the next of ``replies``; an exception or a status is an accident."""

    def __init__(self, *replies: Any) -> None:
        self.replies: Iterator[Any] = iter(replies)
        self.said: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/healthz":
            return httpx.Response(200)
        if request.url.path == "/v1/conversations":
            return httpx.Response(201, json={"conversation_id": "abc", "token": "t"})
        assert request.url.path == "/v1/conversations/abc/messages"
        self.said.append(json.loads(request.content))
        answer = next(self.replies)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer) if isinstance(answer, int) else httpx.Response(200, json=answer)


def write(path: Path, *rows: Any) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows) + "\n\n", "utf-8")
    return path
