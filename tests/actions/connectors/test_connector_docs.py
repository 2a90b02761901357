"""What docs/connectors.md tells a city's developer is true: the document is current, the example works."""

from __future__ import annotations

import asyncio
import runpy
from datetime import date, timedelta

import pytest
import yaml

from actions.connectors.client import ConnectorError
from actions.connectors.contract import Ask
from actions.connectors.openapi import document
from wenban.paths import ROOT

TOMORROW = (date.today() + timedelta(days=1)).isoformat()


def test_the_openapi_document_is_current():
    written = yaml.safe_load((ROOT / "docs" / "connector.openapi.yaml").read_text("utf-8"))
    assert written == document(), "run: python -m actions.connectors.openapi > docs/connector.openapi.yaml"


@pytest.fixture
async def canteen(connect, tmp_path, monkeypatch):
    monkeypatch.setenv("CANTEEN_DB", str(tmp_path / "canteen.db"))
    namespace = runpy.run_path(str(ROOT / "deploy" / "example_department" / "canteen.py"))
    yield await connect("canteen", to=namespace["app"], prefix="")
    namespace["db"].close()


async def test_the_example_is_a_connector(canteen):
    ask = Ask(fields={"date": TOMORROW, "name": "王秀兰"})
    assert (await canteen.quote("meal", ask)).message == "还有40个座位。"
    first = await canteen.submit("meal", ask, "k")
    assert await canteen.submit("meal", ask, "k") == first
    assert (await canteen.status(first.receipt_no)).status == "已预约"
    with pytest.raises(ConnectorError) as conflict:
        await canteen.submit("meal", Ask(fields={"date": TOMORROW}), "k")
    assert conflict.value.problem.code == "conflict"
    with pytest.raises(ConnectorError) as past:
        await canteen.submit("meal", Ask(fields={"date": "2020-01-01"}), "k2")
    assert past.value.problem.field == "date"


async def test_the_example_gives_each_seat_once(canteen):
    async def one(n: int) -> str:
        try:
            return (await canteen.submit("meal", Ask(fields={"date": TOMORROW}), f"k{n}")).receipt_no
        except ConnectorError as error:
            return error.problem.code

    answers = await asyncio.gather(*(one(n) for n in range(60)))
    assert answers.count("full") == 20
    assert len(set(answers)) == 41
