"""Separate consent for sensitive data: told, asked where we would fill it in, recorded, refused without a trace."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from engine_world import HOSPITAL, ID_NO, PHONE, WATER_BILLS, World, citizen

from actions.engine import consenting
from actions.engine.context import TurnInput
from actions.engine.yesno import said
from wenban.attachments import Attachment, AttachmentRepository
from wenban.citizens import CitizenRecord
from wenban.consents import Consent, ConsentRepository
from wenban.database import session_scope
from wenban.settings import get_settings

BOOKING = "明天上午去人民医院挂个骨科"
CHILD = {"id": 5, "name": "王子轩", "relation": "子女", "id_no": "371302201503011014", "phone": "13900001234",
         "basis": "guardian", "agreed_at": "2026-11-01T08:00:00"}  # fmt: skip


@pytest.fixture(autouse=True)
def _known(world: World) -> None:
    with session_scope() as session:
        session.add(CitizenRecord(id=1, key="digest-1", subject="s-1", name="王秀兰", level=2, profile={}))


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("WENBAN_CONSENT_ASK", "always")
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


def consents() -> list[Consent]:
    with session_scope() as session:
        return list(session.query(Consent).order_by(Consent.id))


async def test_what_we_would_fill_waits_for_a_yes(world: World) -> None:
    talk = world.talk(**citizen())
    await talk.open(HOSPITAL, BOOKING)
    assert talk.asked == "agree_sensitive"
    assert "id_no" not in talk.values
    assert (talk.values["name"], talk.values["phone"]) == ("王秀兰", PHONE)
    assert "您的身份证号，属于敏感信息，只用来办这件事" in talk.text
    await talk.say("同意")
    assert talk.status == "confirm"
    assert talk.values["id_no"] == ID_NO
    (row,) = consents()
    assert (row.citizen_id, row.who, row.kind, row.service_id, row.how) == (
        1,
        "digest-1",
        "sensitive",
        HOSPITAL,
        "said",
    )
    assert "id_no" in row.what
    assert row.withdrawn_at is None
    assert "身份证号" in row.text
    await talk.say("确认", "confirm")
    assert talk.status == "done"
    assert len(consents()) == 1, "agreed once is recorded once"
    again = world.talk(**citizen())
    await again.open(HOSPITAL, "后天下午去人民医院挂个内科")
    assert again.status == "confirm", "and not asked again for the same service"
    other = world.talk(**citizen())
    await other.open("rsj-05")
    assert other.asked == "agree_sensitive", "another purpose is another consent"


async def test_a_consent_that_was_taken_back_is_asked_for_again(world: World) -> None:
    world.agreed(1, HOSPITAL)
    with session_scope() as session:
        assert ConsentRepository(session).withdraw(1) == 1
    talk = world.talk(**citizen())
    await talk.open(HOSPITAL, BOOKING)
    assert talk.asked == "agree_sensitive"


async def test_new_wording_is_agreed_to_anew(world: World) -> None:
    world.agreed(1, HOSPITAL)
    with session_scope() as session:
        session.query(Consent).one().version = "2020-01"
    talk = world.talk(**citizen())
    await talk.open(HOSPITAL, BOOKING)
    assert talk.asked == "agree_sensitive"


@pytest.mark.parametrize("pressed", [True, False])
async def test_a_refusal_ends_and_keeps_nothing(world: World, pressed: bool) -> None:
    talk = world.talk(**citizen())
    await talk.open("ybj-06")
    with session_scope() as session:
        file_id = AttachmentRepository(session).add("conversation", "a.jpg", "image/jpeg", b"\xff\xd8\xff").id
    talk.matter.files[file_id] = "诊断证明"
    if pressed:
        await talk.press("field", field="agree_sensitive", value="no")
    else:
        await talk.say("不同意")
    assert talk.desk.matter is None
    assert talk.desk.parked == []
    assert talk.status == "cancelled"
    assert "没有提交任何内容" in talk.text
    assert consents() == []
    assert world.records() == []
    with session_scope() as session:
        assert session.query(Attachment).all() == []


async def test_a_correction_at_the_question_is_no_refusal(world: World) -> None:
    talk = world.talk(**citizen())
    await talk.open(HOSPITAL, BOOKING)
    await talk.say("时间不是明天，改成后天", "correct")
    assert talk.asked == "agree_sensitive"
    assert talk.values["date"] == "2026-11-20"
    await talk.say("我不是想看骨科，想看内科，不用挂骨科了", "inform")
    assert talk.desk.matter is not None, "a long sentence with a no in it refuses nothing"


@pytest.mark.parametrize(
    ("words", "act", "meant"),
    [
        ("同意", "inform", True), ("好的", "inform", True), ("行", "inform", True), ("可以的", "inform", True),
        ("确认", "confirm", True), ("用它吧", "inform", True), ("还用上次的", "inform", True),
        ("不同意", "inform", False), ("不用", "deny", False), ("我不想给身份证号", "cancel", False),
        ("重新上传", "inform", False), ("不", "inform", False), ("我自己传", "inform", False),
        ("我叫王秀兰", "inform", None), ("改成后天", "correct", None), ("这是啥意思", "ask", None),
    ],
)  # fmt: skip
def test_yes_no_and_neither(words: str, act: str, meant: bool | None) -> None:
    turn = TurnInput("c", words, act, datetime(2026, 11, 18))
    assert said(turn, "agree_sensitive") is meant


async def test_a_number_that_is_typed_is_given(world: World) -> None:
    talk = world.talk(**citizen())
    await talk.open(HOSPITAL, BOOKING)
    await talk.say(f"我的身份证是{ID_NO}")
    assert talk.status == "confirm", "typed at the question: given"
    await talk.say("确认", "confirm")
    (row,) = consents()
    assert (row.how, row.what) == ("given", ["health", "id_no"])


async def test_who_is_not_signed_in_is_told_and_the_record_names_the_conversation(world: World) -> None:
    talk = world.talk()
    await talk.open(HOSPITAL)
    await talk.say("人民医院")
    assert talk.asked == "department"
    assert "健康情况、身份证号，属于敏感信息" in talk.text
    for answer in ("骨科", "明天", "上午", "王秀兰", ID_NO, PHONE):
        await talk.say(answer)
        assert "敏感" not in talk.text, "told once"
    assert talk.status == "confirm"
    await talk.say("确认", "confirm")
    (row,) = consents()
    assert (row.citizen_id, row.who) == (None, "conversation:conversation")
    assert row.how == "given"


async def test_everything_in_one_sentence_is_told_at_the_review(world: World) -> None:
    talk = world.talk()
    await talk.open(HOSPITAL, f"{BOOKING}，我叫王秀兰，身份证{ID_NO}，电话{PHONE}")
    assert talk.status == "confirm"
    assert "提交就表示单独同意使用" in talk.text


async def test_a_look_up_is_recorded_too_and_what_is_not_sensitive_is_not(world: World) -> None:
    talk = world.talk()
    await talk.open(WATER_BILLS, "查水费，户号10023345")
    assert talk.status == "answered"
    assert consents() == []


async def test_a_child_under_fourteen(world: World) -> None:
    talk = world.talk(**citizen(acting_for=CHILD))
    await talk.open(HOSPITAL, "明天上午去人民医院挂个儿科")
    assert talk.asked == "agree_sensitive"
    assert "不满 14 岁" in talk.text
    assert "监护人单独同意" in talk.text
    await talk.press("field", field="agree_sensitive", value="yes")
    assert talk.values["id_no"] == CHILD["id_no"]
    (row,) = consents()
    assert (row.relative_id, row.for_name) == (5, "王子轩")
    assert "minor" in row.what


def test_whose_number_it_is_decides() -> None:
    today = date(2026, 11, 18)
    assert consenting.is_child("371302201503011014", today)
    assert not consenting.is_child("371302200808082011", today)
    assert not consenting.is_child("nonsense", today)


@pytest.mark.usefixtures("always")
async def test_a_city_may_have_everybody_asked_first(world: World) -> None:
    talk = world.talk()
    await talk.open(HOSPITAL, "明天上午去人民医院")
    assert talk.asked == "agree_sensitive", "before the first sensitive question"
    await talk.say("好的")
    assert talk.asked == "department"
    for answer in ("骨科", "王秀兰", ID_NO, PHONE):
        await talk.say(answer)
    assert talk.status == "confirm"
    await talk.say("确认", "confirm")
    assert talk.status == "done"
    refused = world.talk()
    await refused.open(HOSPITAL, "明天上午去人民医院")
    await refused.say("不同意")
    assert refused.desk.matter is None


async def test_names_in_the_record_are_encrypted(world: World) -> None:
    talk = world.talk(**citizen(acting_for=CHILD))
    await talk.open(HOSPITAL, "明天上午去人民医院挂个儿科")
    await talk.press("field", field="agree_sensitive", value="yes")
    with session_scope() as session:
        rows = session.connection().exec_driver_sql("select * from consents").all()
    assert len(rows) == 1
    assert CHILD["name"] not in str(rows)
