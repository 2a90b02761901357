"""Materials handed in before: offered to the same citizen for the same person and material, and never used unasked."""

from __future__ import annotations

import base64

import pytest
from engine_world import ID_NO, PHONE, Talk, World, citizen

from actions.connectors.contract import Ask
from wenban.attachments import Attachment, AttachmentRepository
from wenban.citizens import CitizenRecord
from wenban.database import session_scope
from wenban.materials import KeptMaterial, MaterialRepository

AID, RADIATION = "ybj-06", "wjw-03"
JPEG = b"\xff\xd8\xff\xe0 diagnosis"
FATHER = {"id": 7, "name": "刘长河", "relation": "父亲", "id_no": "371322196111050032", "phone": "13900002345",
          "basis": "consent", "agreed_at": "2026-11-01T08:00:00"}  # fmt: skip


@pytest.fixture(autouse=True)
def _known(world: World) -> None:
    with session_scope() as session:
        for number in (1, 2):
            session.add(CitizenRecord(id=number, key=f"k{number}", subject="s", name="王秀兰", level=1, profile={}))
    for number in (1, 2):
        world.agreed(number, AID, RADIATION)


def uploaded(content: bytes = JPEG) -> str:
    with session_scope() as session:
        return AttachmentRepository(session).add("conversation", "IMG_1.jpg", "image/jpeg", content).id


def kept() -> list[tuple[int, int, str]]:
    with session_scope() as session:
        return [(row.citizen_id, row.relative_id, row.kind) for row in session.query(KeptMaterial)]


async def hand_in(world: World, label: str = "诊断证明", told: bool = True) -> Talk:
    talk = world.talk(**citizen(1))
    await talk.open(AID)
    for answer in ("王秀兰", ID_NO, PHONE):
        if talk.asked != "materials":
            await talk.say(answer)
    assert talk.asked == "materials"
    await talk.press("attach", entry_id=uploaded(), value=label)
    assert ("提交后替您存着" in talk.text) is told
    await talk.press("confirm")
    assert talk.status == "done", talk.text
    return talk


async def test_what_was_handed_in_is_offered_and_used_with_a_yes(world: World, submitted: list[Ask]) -> None:
    await hand_in(world)
    assert kept() == [(1, 0, "诊断证明")]
    world.app.state.desk.store.reset()
    talk = world.talk(**citizen(1))
    await talk.open(AID)
    assert talk.asked == "use_again"
    with session_scope() as session:
        day = MaterialRepository(session).of(1)[0].uploaded_at
    assert f"上次交过的诊断证明（{day.month}月{day.day}日），还用它吗？" in talk.text
    assert [choice.label for choice in talk.last.choices] == ["用它", "重新上传"]
    assert talk.matter.files == {}, "nothing is used before a yes"
    await talk.press("field", field="use_again", value="yes")
    assert talk.asked == "materials", "the others are still asked for"
    assert "医疗费用票据、银行账户" in talk.last.text
    await talk.say("票据和银行卡都有")
    rows = {row.label: row.value for row in talk.last.rows}
    assert "材料齐了" in rows["预审"]
    await talk.say("确认", "confirm")
    assert talk.status == "done"
    assert [(file.label, base64.b64decode(file.content)) for file in submitted[-1].attachments] == [("诊断证明", JPEG)]
    assert kept() == [(1, 0, "诊断证明")], "used again is not kept twice"


@pytest.mark.parametrize(
    ("words", "used"), [("用它", True), ("还用上次的", True), ("重新上传", False), ("不用", False)]
)
async def test_yes_and_no_in_words(world: World, words: str, used: bool) -> None:
    await hand_in(world)
    talk = world.talk(**citizen(1))
    await talk.open(AID)
    await talk.say(words)
    assert bool(talk.matter.files) is used
    assert talk.asked == "materials"
    await talk.say("我再看看", "inform")
    assert "还用它吗" not in talk.text, "it is offered once"


async def test_a_new_file_takes_the_place_of_the_old_one(world: World) -> None:
    await hand_in(world)
    world.app.state.desk.store.reset()
    talk = world.talk(**citizen(1))
    await talk.open(AID)
    await talk.press("field", field="use_again", value="no")
    await talk.press("attach", entry_id=uploaded(b"\xff\xd8\xff newer"), value="医院的诊断证明")
    await talk.press("confirm")
    with session_scope() as session:
        (row,) = MaterialRepository(session).of(1)
        assert row.content == b"\xff\xd8\xff newer"


async def test_never_to_another_person(world: World) -> None:
    await hand_in(world)
    other = world.talk(**citizen(1, 2))
    await other.open(AID)
    assert other.asked == "materials"
    nobody = world.talk()
    await nobody.open(AID)
    for answer in ("王秀兰", ID_NO, PHONE):
        await nobody.say(answer)
    assert nobody.asked == "materials"


async def test_never_for_somebody_else_than_it_was_for(world: World) -> None:
    await hand_in(world)
    relative = world.talk(**citizen(1, acting_for=FATHER))
    await relative.open(AID)
    assert relative.asked == "materials", "the citizen's own is not the father's"
    stranger = world.talk(**citizen(1))
    await stranger.open(AID, "给我爸办医疗救助")
    for answer in ("刘长河", FATHER["id_no"], PHONE):
        if stranger.asked != "materials":
            await stranger.say(str(answer))
    assert stranger.asked == "materials"
    await stranger.press("attach", entry_id=uploaded(b"\xff\xd8\xff father's"), value="诊断证明")
    await stranger.press("confirm")
    assert stranger.status == "done"
    with session_scope() as session:
        assert [row.content for row in MaterialRepository(session).of(1)] == [JPEG], "a stranger's is not kept"


async def test_another_name_takes_the_files_back(world: World) -> None:
    await hand_in(world)
    talk = world.talk(**citizen(1))
    await talk.open(AID)
    await talk.press("field", field="use_again", value="yes")
    await talk.say("都有")
    assert talk.asked == "confirm"
    await talk.press("edit", field="name")
    await talk.say("刘长河")
    assert talk.matter.files == {}
    with session_scope() as session:
        waiting = session.query(Attachment).filter(Attachment.matter_key.is_(None)).all()
        assert waiting == [], "the copy is gone too"


async def test_what_nobody_can_tell_is_not_kept(world: World) -> None:
    await hand_in(world, "IMG_20261122", told=False)
    assert kept() == []


async def test_who_asked_not_to_be_remembered_keeps_nothing(world: World) -> None:
    with session_scope() as session:
        session.get_one(CitizenRecord, 1).remember = False
    await hand_in(world, told=False)
    assert kept() == []


async def test_nothing_is_in_the_clear(world: World) -> None:
    await hand_in(world)
    with session_scope() as session:
        row = session.connection().exec_driver_sql("select name, content from kept_materials").one()
        assert b"diagnosis" not in row[1]
        assert b"IMG" not in row[0]
