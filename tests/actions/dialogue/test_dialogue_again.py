"""After the receipt: the appointment is moved in words, materials are handed in, a forgotten form is told once."""

from __future__ import annotations

import time

import pytest
from dialogue_world import Stage, service

from actions.dialogue.rasa_actions import FIELD, FORM

FULL = "明天上午去人民医院挂骨科，我叫王秀兰，身份证371302198503120021，手机13900001234"


async def booked(stage: Stage) -> str:
    stage.search.found = [service("wjw-05")]
    await stage.open(FULL)
    await stage.hear("确认", "confirm").run(f"validate_{FORM}")
    await stage.run("action_perform")
    stage.loop = {}
    return str(stage.turn["receipt"])


@pytest.mark.parametrize(
    ("text", "act", "period"),
    [
        ("改到下午吧", "correct", "下午"),
        ("我后天去不了，改到大后天下午", "start", "下午"),
        ("能给改个时间不", "ask", None),
    ],
)
async def test_an_appointment_is_moved(stage: Stage, text: str, act: str, period: str | None) -> None:
    receipt = await booked(stage)
    stage.search.found = [service("zjj-07")]
    await stage.hear(text, act).run("action_unclear" if act == "correct" else "action_answer")
    await stage.in_form().run(f"action_ask_{FORM}_{FIELD}")
    matter = stage.desk["matter"]
    assert matter["service_id"] == "desk-02"
    assert matter["values"]["receipt_no"] == receipt
    if period is None:
        assert stage.turn["awaiting"] == "date"
        await stage.hear("大后天下午", "inform").run(f"validate_{FORM}")
        await stage.run(f"action_ask_{FORM}_{FIELD}")
    assert stage.turn["status"] == "confirm"
    await stage.hear("确认", "confirm").run(f"validate_{FORM}")
    await stage.run("action_perform")
    assert stage.turn["receipt"] == receipt, "the number stays"
    assert "已改好" in stage.text
    assert stage.world.count("seats") == 1, "the old place is free again"


async def test_it_can_be_moved_twice_and_then_cancelled(stage: Stage) -> None:
    receipt = await booked(stage)
    for text in ("改到下午吧", "再改到后天上午"):
        await stage.hear(text, "correct").run("action_unclear")
        await stage.in_form().run(f"action_ask_{FORM}_{FIELD}")
        assert stage.turn["status"] == "confirm", stage.text
        await stage.hear("确认", "confirm").run(f"validate_{FORM}")
        await stage.run("action_perform")
        stage.loop = {}
        assert stage.turn["receipt"] == receipt
    await stage.hear("把号退了吧", "cancel_matter").run("action_cancel_matter")
    await stage.hear("", "cancel_matter", do="cancel_matter", value=receipt).run("action_cancel_matter")
    assert stage.world.count("seats") == 0


async def test_nothing_is_moved_where_nothing_was_booked(stage: Stage) -> None:
    stage.search.found, stage.search.decision = [], "none"
    await stage.hear("改到后天吧", "correct").run("action_unclear")
    assert stage.desk["matter"] is None


async def test_the_buttons_of_the_receipt(stage: Stage) -> None:
    receipt = await booked(stage)
    move = next(p for p in stage.buttons if p.get("service_id") == "desk-02")
    await stage.hear("", "start", **move).run("action_start")
    await stage.in_form().run(f"action_ask_{FORM}_{FIELD}")
    assert stage.desk["matter"]["values"] == {"receipt_no": receipt}
    assert stage.turn["awaiting"] == "date"


async def test_a_forgotten_form_is_told_once(stage: Stage) -> None:
    stage.search.found = [service("wjw-05")]
    await stage.hear("挂个号", "start").run("action_start")
    stage.slots["desk"]["at"] = time.time() - 2 * 86400
    await stage.in_form().hear("人民医院", "inform").run(f"validate_{FORM}")
    assert "已经清掉" in stage.text
    assert stage.desk["matter"] is None
    stage.loop = {}
    stage.search.found = [service("zjj-07")]
    await stage.hear("水费咋交", "ask").run("action_answer")
    assert "已经清掉" not in stage.text


@pytest.mark.parametrize("text", ["我不同意", "不想给身份证"])
async def test_who_refuses_leaves_nothing(stage: Stage, text: str) -> None:
    stage.search.found = [service("wjw-05")]
    await stage.hear("明天上午去人民医院挂骨科，我叫王秀兰", "start").run("action_start")
    await stage.in_form().hear(text, "cancel").run("action_cancel")
    assert "清掉" in stage.text
    assert "王秀兰" not in str(stage.desk)


async def test_not_now_is_kept_for_later(stage: Stage) -> None:
    stage.search.found = [service("wjw-05")]
    await stage.hear("明天上午去人民医院挂骨科，我叫王秀兰", "start").run("action_start")
    await stage.in_form().hear("我再想想", "cancel").run("action_cancel")
    assert "留着" in stage.text
    stage.loop = {}
    await stage.hear("接着办挂号", "resume").run("action_resume")
    assert stage.desk["matter"]["values"]["name"] == "王秀兰"
