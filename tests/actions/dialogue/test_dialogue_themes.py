"""一件事: begun in words, step by step with what is known already, progress in the conversation."""

from __future__ import annotations

import pytest
from dialogue_world import SHELF, Stage, service

from actions.dialogue.rasa_actions import FIELD, FORM

ID_NO, PHONE = "371302198503120021", "13900001234"


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("我要生孩子了", "newborn"),
        ("新生儿出生一件事", "newborn"),
        ("家里老人去世了，要办哪些手续", "farewell"),
        ("俺想开个饭店，咋办", "open-business"),
        ("孩子该上学了", "school"),
        ("买了套二手房，水电气过户", "utilities"),
        ("快退休了都要办啥", "retirement"),
    ],
)
async def test_a_theme_is_begun_in_words(stage: Stage, text: str, theme: str) -> None:
    await stage.hear(text, "start").run("action_start")
    assert stage.turn["note"] == f"theme:{theme}", stage.text
    message = stage.messages[0]
    assert [section["heading"] for section in message["sections"]] == ["只要准备一次", "要办的事"]
    assert stage.desk["theme"]["id"] == theme


@pytest.mark.parametrize(
    "text", ["孩子要上学报名", "买二手房要交多少税", "要退休了，养老金查一下", "挂个号", "办结婚证要几张照片"]
)
async def test_one_matter_is_no_theme(stage: Stage, text: str) -> None:
    stage.search.found = [service("wjw-05")]
    await stage.hear(text, "ask").run("action_answer")
    assert stage.desk["theme"] is None


async def test_the_chain_asks_for_everything_once(stage: Stage) -> None:
    await stage.hear("我要生孩子了", "start").run("action_start")
    first = next(p for p in stage.buttons if p["do"] == "start")
    assert first["service_id"] == "wjw-05"
    await stage.hear("", "start", **first).run("action_start")
    stage.in_form().hear(f"人民医院产科，后天上午，我叫王秀兰，身份证{ID_NO}，手机{PHONE}", "inform")
    await stage.run(f"validate_{FORM}")
    await stage.run(f"action_ask_{FORM}_{FIELD}")
    assert stage.turn["status"] == "confirm", stage.text
    await stage.hear("确认", "confirm").run(f"validate_{FORM}")
    await stage.run("action_perform")
    assert stage.turn["receipt"]
    assert "办好 1 件" in stage.text
    assert "出生医学证明" in stage.text
    stage.loop = {}
    await stage.hear("出生证领到了", "chitchat").run("action_decline")
    assert "办好 2 件" in stage.text
    await stage.hear("", "start", **next(p for p in stage.buttons if p["do"] == "theme")).run("action_start")
    assert "办好 3 件" in stage.text
    following = next(p for p in stage.buttons if p["do"] == "start")
    assert following["service_id"] == "swju-03"
    await stage.hear("", "start", **following).run("action_start")
    values = stage.desk["matter"]["values"]
    assert values["name"] == "王秀兰"
    assert values["id_no"] == ID_NO, "asked for a second time"


async def test_where_one_stands_and_the_end(stage: Stage) -> None:
    await stage.hear("要结婚了", "start").run("action_start")
    await stage.hear("下一件是啥", "ask").run("action_answer")
    assert "婚姻登记预约" in stage.text
    for _ in range(5):
        await stage.hear("", "start", **next(p for p in stage.buttons if p["do"] == "theme")).run("action_start")
    assert "都办完了" in stage.text
    assert stage.desk["theme"] is None


async def test_a_strange_button_is_told(stage: Stage) -> None:
    await stage.hear("", "start", do="theme", value="no-such").run("action_start")
    assert "过期" in stage.text
    await stage.hear("", "start", do="theme", value="done:x").run("action_start")
    assert "过期" in stage.text


def test_the_ten_themes_name_services_that_exist() -> None:
    from knowledge.seed import CONTENT

    themes = SHELF.all()
    assert len(themes) == 10
    known = {path.stem for path in (CONTENT / "services").glob("*.yaml")}
    assert {step.service for theme in themes.values() for step in theme.steps if step.service} <= known
