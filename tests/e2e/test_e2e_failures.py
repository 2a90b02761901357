"""SIGKILL of each process: a true message, search where it can, and afterwards everything goes on."""

from __future__ import annotations

import pytest
from citizen import BOOKING, ID_NO, PHONE, SECRET_ID_NO, SECRET_PHONE, Citizen, sound
from harness import PROCESSES, System

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(420)]
QUESTION = "水费咋交"


def half_filled(system: System) -> tuple[Citizen, dict[str, str]]:
    citizen = Citizen(system.url).say(BOOKING, "王秀兰")
    assert citizen.awaiting == "id_no"
    return citizen, citizen.slots


def goes_on(citizen: Citizen, before: dict[str, str]) -> None:
    """The form asks what it asked, with the same values, and can be finished."""
    citizen.say("接着办刚才那个")
    assert citizen.awaiting == "id_no", citizen.text
    assert {name: citizen.slots.get(name) for name in before} == before
    citizen.say(ID_NO, PHONE)
    assert citizen.status == "confirm", citizen.text
    citizen.say("确认")
    assert citizen.receipt.startswith("GH")


def true_message(citizen: Citizen) -> None:
    assert "notice" in citizen.types, citizen.text
    assert "12345" in citizen.text
    assert citizen.receipts() == []


@pytest.mark.parametrize("name", ["rasa", "actions"])
def test_the_dialogue_is_away(system: System, name: str) -> None:
    citizen, before = half_filled(system)
    system.kill(name)
    citizen.say(QUESTION)
    true_message(citizen)
    assert "连不上" in citizen.text
    assert {"answer", "service"} & set(citizen.types), "search does not answer"
    assert citizen.turn["sources"]
    citizen.say("确认", f"我身份证{SECRET_ID_NO}，电话{SECRET_PHONE}")
    assert citizen.receipts() == []
    system.wait_ready(name)
    goes_on(citizen, before)


def test_the_search_is_away(system: System) -> None:
    citizen, before = half_filled(system)
    other = Citizen(system.url)
    system.kill("knowledge")
    other.say(QUESTION)
    assert "出了点问题" not in other.text
    assert {"answer", "service", "notice"} & set(other.types), other.text
    hits = other.http.get("/v1/search", params={"q": "水费"})
    assert hits.status_code == 200, hits.text
    assert "水费" in hits.text
    sound(other.http.get("/v1/suggest", params={"q": "水费"}), least=503)
    assert other.http.get("/").status_code == 200
    citizen.say(ID_NO)  # a form needs no search
    assert citizen.awaiting == "phone", citizen.text
    citizen.say("上一步")
    assert citizen.awaiting == "id_no"
    system.wait_ready("knowledge")
    other.say(QUESTION)
    assert other.turn["service_id"] == "zjj-07"
    goes_on(citizen, before)


def test_the_departments_are_away(system: System) -> None:
    citizen, _ = half_filled(system)
    citizen.say(ID_NO, PHONE)
    assert citizen.status == "confirm"
    before = citizen.slots
    system.kill("sandbox")
    citizen.say("确认")
    assert citizen.status == "error", citizen.text
    assert "连不上" in citizen.text
    assert citizen.slots == before
    citizen.say(QUESTION)
    assert {"answer", "service"} & set(citizen.types)
    system.wait_ready("sandbox")
    citizen.say("再试一次")
    assert citizen.receipt.startswith("GH")
    assert len(citizen.receipts()) == 1


def test_the_web_server_is_away(system: System) -> None:
    citizen, before = half_filled(system)
    system.kill("api")
    system.wait_ready("api")
    assert len(citizen.history()) == 4
    goes_on(citizen, before)


def test_a_receipt_survives_the_end_of_every_process(system: System) -> None:
    citizen = Citizen(system.url)
    receipt = citizen.book("刘洋")
    waiting, before = half_filled(system)
    for name in PROCESSES:
        system.kill(name)
    for name in PROCESSES:
        system.wait_ready(name)
    assert citizen.receipts() == [receipt]
    citizen.say(f"{receipt}到哪一步了")
    assert "已约好" in citizen.text
    goes_on(waiting, before)


def test_the_supervisor_says_how_it_is(system: System) -> None:
    said = system.wenban("status")
    assert system.url in said
    assert all(f"✓ {name}" in said for name in PROCESSES), said
