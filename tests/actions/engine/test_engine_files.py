"""Files in a form: taken up, sent with the submission, forgotten when the form is given up."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from engine_world import PHONE, STREET, WATER, Talk, World

from actions.connectors.contract import Ask
from actions.engine import attaching
from wenban.attachments import Attachment, AttachmentRepository
from wenban.database import session_scope

JPEG = b"\xff\xd8\xff\xe0 photo"


def uploaded(conversation: str = "conversation") -> str:
    with session_scope() as session:
        return AttachmentRepository(session).add(conversation, "IMG_1.jpg", "image/jpeg", JPEG).id


def stored() -> list[Attachment]:
    with session_scope() as session:
        return list(session.query(Attachment))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, world: World) -> list[Ask]:
    """What the departments get with a submit."""
    asks: list[Ask] = []
    original = type(world.connectors.get("complaint")).submit

    async def submit(self: Any, operation: str, ask: Ask, key: str) -> Any:
        asks.append(ask)
        return await original(self, operation, ask, key)

    monkeypatch.setattr(type(world.connectors.get("complaint")), "submit", submit)
    return asks


async def test_a_photo_goes_with_the_report(talk: Talk, sent: list[Ask]) -> None:
    await talk.open(STREET)
    assert talk.last.field is not None
    assert talk.last.field.upload
    file_id = uploaded()
    await talk.press("attach", entry_id=file_id)
    assert "IMG_1" in talk.text
    assert talk.asked == "problem", "the form goes on where it was"
    for answer in ("路灯不亮", "兰山区通达路和沂蒙路路口", "昨天", "晚上九点", PHONE):
        if talk.asked != "confirm":
            await talk.say(answer)
    assert talk.asked == "confirm"
    assert any(row.value == "1个文件" for row in talk.last.rows)
    await talk.press("confirm")
    assert talk.status == "done"
    (ask,) = sent
    assert [(a.name, base64.b64decode(a.content)) for a in ask.attachments] == [("IMG_1.jpg", JPEG)]
    assert [row.matter_key is not None for row in stored()] == [True]


async def test_materials_are_handed_in_as_files(talk: Talk, sent: list[Ask]) -> None:
    await talk.open("ybj-06")
    for answer in ("王秀兰", "371302198503120021", PHONE):
        await talk.say(answer)
    assert talk.asked == "materials"
    await talk.press("attach", entry_id=uploaded(), value="诊断证明")
    assert talk.asked == "confirm"
    rows = {row.label: row.value for row in talk.last.rows}
    assert "医疗费用票据" in rows["预审"]
    assert "诊断证明" not in rows["预审"], "what was uploaded is not missing"
    await talk.press("edit", field="materials")
    await talk.press("attach", entry_id=uploaded(), value="结算单")
    await talk.press("attach", entry_id=uploaded(), value="银行卡")
    assert talk.asked == "confirm"
    await talk.press("confirm")
    assert [a.label for a in sent[0].attachments] == ["诊断证明", "结算单", "银行卡"]
    assert "还缺" not in talk.text


async def test_files_of_others_and_files_that_are_not_wanted(talk: Talk) -> None:
    await talk.open(STREET)
    await talk.press("attach", entry_id=uploaded("another-conversation"))
    assert "没有找到" in talk.text
    assert talk.matter.files == {}
    await talk.press("attach", entry_id="x")
    assert "没有找到" in talk.text
    await talk.open(WATER)
    await talk.press("attach", entry_id=uploaded())
    assert "不用上传" in talk.text


async def test_a_form_that_is_given_up_leaves_no_file(talk: Talk) -> None:
    await talk.open(STREET)
    await talk.press("attach", entry_id=uploaded())
    matter = talk.put_down()
    assert matter is not None
    attaching.drop(matter, "conversation")
    assert stored() == []
