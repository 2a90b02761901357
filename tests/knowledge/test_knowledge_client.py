"""Check the client: what it asks for, and that every failure is one that callers know."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from knowledge.client import KnowledgeClient, KnowledgeUnavailable

RESOLUTION = {"text": "水费", "normalized": "水费", "decision": "none", "in_scope": 0.2}
Answer = Callable[[httpx.Request], httpx.Response]


def client_of(answer: Answer) -> KnowledgeClient:
    client = KnowledgeClient("http://knowledge")
    client._http = httpx.AsyncClient(base_url="http://knowledge", transport=httpx.MockTransport(answer))
    return client


async def test_questions_and_focus_are_passed_on() -> None:
    asked: list[dict[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(dict(request.url.params))
        return httpx.Response(200, json=RESOLUTION)

    client = client_of(answer)
    assert (await client.resolve("水费&电费")).decision == "none"
    await client.resolve("要带什么", focus="swj-01")
    assert asked == [{"text": "水费&电费"}, {"text": "要带什么", "focus": "swj-01"}]


async def test_explain() -> None:
    body = {"original": "水费", "cleaned": "水费", "plain": "水费", "resolution": RESOLUTION, "version": 3}
    client = client_of(lambda _: httpx.Response(200, json=body))
    assert (await client.explain("水费")).version == 3


async def test_what_is_not_there_is_none() -> None:
    client = client_of(lambda _: httpx.Response(404))
    assert await client.service("gone-01") is None
    assert await client.entry("qa-gone") is None
    assert await client.declaration("gone-01") is None


def _refused(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def _slow(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("slow", request=request)


@pytest.mark.parametrize(
    "answer",
    [_refused, _slow, lambda _: httpx.Response(500), lambda _: httpx.Response(200, text="<html>")],
    ids=["refused", "slow", "error", "no JSON"],
)
async def test_every_failure_is_one(answer: Answer) -> None:
    client = client_of(answer)
    for call in (
        client.resolve("水费"),
        client.explain("水费"),
        client.services(),
        client.hot(),
        client.entry("qa-a-1"),
    ):
        with pytest.raises(KnowledgeUnavailable):
            await call
    if answer is not _refused and answer is not _slow:
        return
    with pytest.raises(KnowledgeUnavailable):
        await client.record_unanswered("c", "水费", None)
