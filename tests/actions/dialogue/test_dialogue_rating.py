"""好差评: five levels, reasons, words added later; a bad one opens a rectification; nothing is asked twice."""

from __future__ import annotations

from datetime import date

import pytest
from dialogue_world import Stage

from actions.dialogue.rasa_actions import FIELD, FORM
from wenban.database import session_scope
from wenban.ratings import Rating, RatingRepository, Rectification

FULL = "明天上午去人民医院挂骨科，我叫王秀兰，身份证371302198503120021，手机13900001234"


def ratings() -> list[Rating]:
    with session_scope() as session:
        return list(session.query(Rating))


def rectifications() -> list[Rectification]:
    with session_scope() as session:
        return list(session.query(Rectification))


async def booked(stage: Stage) -> str:
    from dialogue_world import service

    stage.search.found = [service("wjw-05")]
    await stage.hear(FULL, "start").run("action_start")
    await stage.in_form().run(f"action_ask_{FORM}_{FIELD}")
    await stage.hear("确认", "confirm").run(f"validate_{FORM}")
    await stage.run("action_perform")
    stage.loop = {}
    return str(stage.turn["receipt"])


async def test_five_levels_for_the_matter_that_was_done(stage: Stage) -> None:
    receipt = await booked(stage)
    payload = next(p for p in stage.buttons if p["do"] == "rate")
    await stage.hear("", "rate", **payload).run("action_rate")
    assert [p["value"] for p in stage.buttons] == ["5", "4", "3", "2", "1"]
    await stage.hear("", "rate", **stage.buttons[1]).run("action_rate")
    assert "谢谢" in stage.text
    assert [(r.about, r.stars, r.service_id) for r in ratings()] == [(receipt, 4, "wjw-05")]
    assert rectifications() == []


async def test_a_bad_rating_asks_why_once_and_opens_a_rectification(stage: Stage) -> None:
    await stage.hear("不满意", "rate").run("action_rate")
    reasons = [p for p in stage.buttons if p.get("field") == "reason"]
    assert len(reasons) == 6
    await stage.hear("", "rate", **reasons[0]).run("action_rate")
    assert [p for p in stage.buttons if p.get("field") == "reason"] == []
    await stage.hear("办个证跑了三趟，大厅的人爱答不理", "chitchat").run("action_decline")
    assert "记下了" in stage.text
    (rating,) = ratings()
    assert rating.reasons == ["等得太久", "材料或流程太繁琐", "态度不好"]
    assert rating.comment == "办个证跑了三趟，大厅的人爱答不理"
    (case,) = rectifications()
    assert case.status == "open"
    assert case.working_days_left(date.today()) == 15


async def test_a_reason_that_was_said_is_not_asked_for(stage: Stage) -> None:
    await stage.hear("差评，等得太久了", "rate").run("action_rate")
    assert [p for p in stage.buttons if p.get("field") == "reason"] == []
    (rating,) = ratings()
    assert (rating.stars, rating.reasons, rating.comment) == (2, ["等得太久"], "差评，等得太久了")


async def test_a_matter_is_rated_once_and_supplemented(stage: Stage) -> None:
    await stage.hear("给五分", "rate").run("action_rate")
    await stage.hear("给一分", "rate").run("action_rate")
    assert "已经评过" in stage.text
    assert [r.stars for r in ratings()] == [5]
    assert rectifications() == []
    await stage.hear("我要评价", "rate").run("action_rate")
    assert "已经评过" in stage.text, "asked for the level a second time"
    await stage.hear("", "rate", **stage.buttons[0]).run("action_rate")
    await stage.hear("声音再大点就好了", "louder").run("action_decline")
    assert ratings()[0].comment == "声音再大点就好了"


async def test_a_new_subject_is_not_a_supplement(stage: Stage) -> None:
    from dialogue_world import service

    await stage.hear("不满意", "rate").run("action_rate")
    stage.search.found = [service("zjj-07")]
    await stage.hear("水费咋交", "ask").run("action_answer")
    assert stage.turn["service_id"] == "zjj-07"
    await stage.hear("那算了吧，没意思", "chitchat").run("action_decline")
    assert ratings()[0].comment is None


async def test_a_question_is_not_a_supplement(stage: Stage) -> None:
    await stage.hear("两星", "rate").run("action_rate")
    stage.search.found, stage.search.decision = [], "none"
    await stage.hear("这边哪里能停车", "ask").run("action_answer")
    assert "记下了" not in stage.text
    assert ratings()[0].comment is None


async def test_at_the_end_a_rating_is_offered_once(stage: Stage) -> None:
    await stage.hear("谢谢啊", "thanks").run("action_farewell")
    assert stage.buttons == [], "nothing has happened yet that could be rated"
    await booked(stage)
    await stage.hear("谢谢啊", "thanks").run("action_farewell")
    (offer,) = stage.buttons
    await stage.hear("再见", "bye").run("action_farewell")
    assert stage.buttons == []
    await stage.hear("", "rate", **offer).run("action_rate")
    await stage.hear("", "rate", **stage.buttons[4]).run("action_rate")
    assert [r.about for r in ratings()] == ["conversation:conversation"]
    assert len(rectifications()) == 1


async def test_after_a_rating_nothing_is_offered(stage: Stage) -> None:
    await booked(stage)
    await stage.hear("非常满意", "rate").run("action_rate")
    await stage.hear("再见", "bye").run("action_farewell")
    assert stage.buttons == []


@pytest.mark.parametrize("about", ["GH1", "conversation:x"])
def test_two_presses_at_once_are_one_rating(stage: Stage, about: str) -> None:
    from sqlalchemy.exc import IntegrityError

    with session_scope() as session:
        RatingRepository(session).add(about, 1, date(2026, 11, 20))
    with pytest.raises(IntegrityError), session_scope() as session:
        RatingRepository(session).add(about, 5, date(2026, 11, 20))
    assert len(ratings()) == len(rectifications()) == 1
