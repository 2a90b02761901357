"""Who asks: levels in both modes, prefill, acting for somebody else, and what is remembered for next time."""

from __future__ import annotations

from typing import Any

import pytest
from engine_world import HOSPITAL, ID_NO, MOTHER, MUSEUM, PHONE, STREET, WATER, WATER_BILLS, Talk, World, citizen

from actions.connectors.contract import Ask
from actions.engine.context import TurnInput
from actions.engine.profile import asker
from actions.models import MatterRecord
from wenban.citizens import CitizenRecord, SavedValueRepository
from wenban.database import session_scope
from wenban.identity import get_identity_settings
from wenban.tracking import TrackingRepository

BOOKING = "明天上午去人民医院挂个骨科"


@pytest.fixture(autouse=True)
def _known(world: World) -> None:
    row = {"subject": "s-1", "name": "王秀兰", "level": 2, "profile": {}}
    with session_scope() as session:
        session.add_all([CitizenRecord(id=1, key="k1", **row), CitizenRecord(id=2, key="k2", **row)])
    world.agreed(1, HOSPITAL)


@pytest.fixture
def enforced(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("WENBAN_IDENTITY_REQUIRED", "enforce")
    get_identity_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_identity_settings.cache_clear()


# 0: 市政设施 needs none; the others as their files declare.
NEEDS = {"cgj-01": 0, STREET: 1, HOSPITAL: 2, WATER: 3}


@pytest.mark.usefixtures("enforced")
@pytest.mark.parametrize("service_id", NEEDS)
@pytest.mark.parametrize("level", [0, 1, 2, 3, 4])
async def test_the_level_matrix(world: World, service_id: str, level: int) -> None:
    declaration = await world.engine.declarations.get(service_id)
    assert declaration is not None
    assert declaration.identity_level == NEEDS[service_id]
    talk = world.talk(**citizen(level)) if level else world.talk()
    await talk.open(service_id)
    assert (talk.status == "auth_required") is (level < NEEDS[service_id])
    if level < NEEDS[service_id]:
        button = next(payload for payload in talk.buttons if payload["do"] == "sign_in")
        assert button["value"] == str(NEEDS[service_id])
        assert "接着办" in talk.text


@pytest.mark.parametrize("service_id", NEEDS)
async def test_nothing_is_demanded_unless_the_city_says_so(world: World, service_id: str) -> None:
    talk = world.talk()
    await talk.open(service_id)
    assert talk.status != "auth_required"


@pytest.mark.usefixtures("enforced")
async def test_step_up_in_the_middle_loses_nothing(world: World) -> None:
    talk = world.talk()
    await talk.open(HOSPITAL, BOOKING)
    assert talk.status == "auth_required"
    await talk.say("我叫王秀兰")  # typed while sign-in is asked for
    assert (talk.status, talk.values["name"]) == ("auth_required", "王秀兰")
    before = dict(talk.values)
    talk.citizen = citizen(1, profile={})
    await talk.say("电话" + PHONE)
    assert talk.status == "auth_required"
    assert "您现在是" in talk.text
    talk.citizen = citizen(2)
    await talk.go_on()
    assert talk.status == "confirm"
    assert before.items() <= talk.values.items()
    assert talk.values["id_no"] == ID_NO
    assert "已用您的实名信息" in talk.text


@pytest.mark.usefixtures("enforced")
async def test_a_session_that_ends_at_the_review_submits_nothing(world: World) -> None:
    talk = world.talk(**citizen())
    await talk.open(HOSPITAL, BOOKING)
    assert talk.status == "confirm"
    talk.citizen = None
    await talk.say("确认", "confirm")
    assert talk.status == "auth_required"
    assert world.records() == []
    talk.citizen = citizen()
    await talk.say("确认", "confirm")
    assert talk.status == "done"
    assert len(world.records()) == 1


async def test_an_anonymous_form_offers_to_sign_in(world: World) -> None:
    talk = world.talk()
    await talk.open(HOSPITAL, BOOKING)
    assert [payload["value"] for payload in talk.buttons if payload["do"] == "sign_in"] == ["2"]
    await talk.open(WATER_BILLS)
    assert not [payload for payload in talk.buttons if payload["do"] == "sign_in"], "there is nothing to fill"


async def test_prefill_says_what_it_filled_and_can_be_changed(world: World) -> None:
    talk = world.talk(**citizen())
    await talk.open(HOSPITAL, BOOKING)
    assert "已用您的实名信息填好" in talk.text
    assert f"{ID_NO[:6]}********{ID_NO[-4:]}" in talk.text
    await talk.say("电话改成15866012349", "correct")
    assert talk.values["phone"] == "15866012349"


@pytest.mark.parametrize("text", ["明天上午带我妈去人民医院看骨科", "给孩子挂明天上午人民医院的骨科"])
async def test_a_sentence_about_somebody_else_gets_no_name_of_ours(world: World, text: str) -> None:
    talk = world.talk(**citizen())
    await talk.open(HOSPITAL, text)
    assert not {"name", "id_no"} & set(talk.values)


async def test_another_name_takes_the_id_number_back(world: World) -> None:
    talk = world.talk(**citizen())
    await talk.open(HOSPITAL, BOOKING)
    assert talk.values["id_no"] == ID_NO
    await talk.say("就诊人改成张桂英", "correct")
    assert talk.values["name"] == "张桂英"
    assert "id_no" not in talk.values
    assert talk.asked == "id_no"


async def test_acting_for_a_relative_is_filled_said_and_recorded(world: World) -> None:
    talk = world.talk(**citizen(acting_for=MOTHER))
    await talk.open(HOSPITAL, BOOKING)
    assert (talk.values["name"], talk.values["id_no"]) == ("张桂英", MOTHER["id_no"])
    assert "您在替张桂英（母亲）办" in talk.text
    await talk.say("确认", "confirm")
    record = world.records()[0]
    assert record.citizen_id == 1
    kept = {name: MOTHER[name] for name in ("id", "name", "relation", "basis", "agreed_at")}
    assert record.acting_for == kept
    with session_scope() as session:
        tracked = TrackingRepository(session).matters(1, None)[0]
        assert (tracked.receipt_no, tracked.acting_for) == (talk.receipt, kept)
        assert SavedValueRepository(session).of(1) == []
        assert {row.value for row in SavedValueRepository(session).of(1, 7)} >= {MOTHER["id_no"]}


async def test_nobody_confirms_what_was_filled_for_another_person(world: World) -> None:
    talk = world.talk(**citizen())
    await talk.open(HOSPITAL, BOOKING)
    assert talk.status == "confirm"
    talk.citizen = citizen(acting_for=MOTHER)
    await talk.say("确认", "confirm")
    assert talk.status == "confirm", "shown again, with the mother's data"
    assert (talk.values["name"], talk.values["id_no"]) == ("张桂英", MOTHER["id_no"])
    assert world.records() == []
    await talk.say("确认", "confirm")
    assert world.records()[0].acting_for["name"] == "张桂英"  # type: ignore[index]


async def test_what_was_given_once_is_offered_again(world: World) -> None:
    await (await world.talk(**citizen()).open(WATER_BILLS, "查水费，户号10023345")).copy().open(WATER_BILLS)
    again = world.talk(**citizen())
    await again.open(WATER_BILLS)
    assert again.status == "answered"
    assert "10023345" in again.text
    assert "上次填过的" in again.text
    other = world.talk(**citizen(id=2))
    await other.open(WATER_BILLS)
    assert other.asked == "account_no", "somebody else's account is nobody's business"
    parents = world.talk(**citizen())
    await parents.open(WATER_BILLS, "查一下爸妈家的水费")
    assert parents.asked == "account_no"


async def test_who_asked_not_to_be_remembered_is_not(world: World) -> None:
    with session_scope() as session:
        session.get_one(CitizenRecord, 1).remember = False
    await world.talk(**citizen()).open(WATER_BILLS, "查水费，户号10023345")
    with session_scope() as session:
        assert SavedValueRepository(session).of(1) == []


async def test_a_stranger_s_number_is_not_kept_as_one_s_own(world: World) -> None:
    talk = world.talk(**citizen())
    text = "明天上午去人民医院挂个骨科，张桂英，身份证371322196309210046，电话13900002345"
    await talk.open(HOSPITAL, text)
    await talk.say("确认", "confirm")
    assert talk.status == "done"
    with session_scope() as session:
        assert SavedValueRepository(session).of(1) == []


async def test_departments_are_told_who_asks_but_not_the_profile(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Ask] = []
    connector = world.connectors.get("hospital")
    submit = connector.submit

    async def noting(operation: str, ask: Ask, key: str) -> Any:
        seen.append(ask)
        return await submit(operation, ask, key)

    monkeypatch.setattr(connector, "submit", noting)
    talk = world.talk(**citizen(acting_for=MOTHER))
    await talk.open(HOSPITAL, BOOKING)
    await talk.say("确认", "confirm")
    told = {"subject": "s-1", "level": 2, "acting_for": {"name": "张桂英", "relation": "母亲"}}
    assert [ask.citizen for ask in seen] == [told]
    anonymous = TurnInput("c", "", "start", talk._turn("", "start", {}).now)
    assert asker(anonymous) is None


async def test_the_profile_is_encrypted_at_rest(world: World) -> None:
    talk = world.talk(**citizen(acting_for=MOTHER))
    await talk.open(HOSPITAL, BOOKING)
    await talk.say("确认", "confirm")
    with session_scope() as session:
        for table in (MatterRecord.__tablename__, "tracked_matters", "saved_values", "citizens"):
            rows = session.connection().exec_driver_sql(f"select * from {table}").all()
            assert rows
            assert not [row for row in rows if "张桂英" in str(row) or MOTHER["id_no"] in str(row)]


async def test_an_anonymous_matter_is_tracked_for_its_conversation(world: World) -> None:
    talk = Talk(world.engine)
    await talk.open(MUSEUM)
    with session_scope() as session:
        assert TrackingRepository(session).matters(None, "conversation") == []
    talk = Talk(world.engine)
    await talk.open(HOSPITAL, f"{BOOKING}，王秀兰，身份证{ID_NO}，电话{PHONE}")
    await talk.say("确认", "confirm")
    with session_scope() as session:
        rows = TrackingRepository(session).matters(None, "conversation")
        assert [(row.kind, row.receipt_no) for row in rows] == [("appointment", talk.receipt)]
        assert rows[0].starts_at is not None
        assert TrackingRepository(session).matters(1, "another") == []
