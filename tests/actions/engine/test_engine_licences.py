"""Materials by electronic licence: fetched with consent, for the right person, and the form goes on without them."""

from __future__ import annotations

from typing import Any

import pytest
from engine_world import ID_NO, MOTHER, PHONE, Talk, World, citizen

from actions.connectors.contract import Ask, LicenceAsk
from wenban.citizens import CitizenRecord
from wenban.consents import Consent, ConsentRepository
from wenban.database import session_scope

SCHOOL, AID, POWER, PERMIT = "jyj-03", "ybj-06", "dl-03", "spj-03"


@pytest.fixture(autouse=True)
def _known(world: World) -> None:
    with session_scope() as session:
        session.add(CitizenRecord(id=1, key="k1", subject="s-1", name="王秀兰", level=3, profile={}))
    world.agreed(1, SCHOOL, AID, POWER, PERMIT)


async def enrol(world: World, **who: Any) -> Talk:
    """Fill the enrolment of a child up to its materials."""
    talk = world.talk(**who) if who else world.talk()
    await talk.open(SCHOOL)
    for answer in ("小学", "王小雨", "371302201912011015"):
        await talk.say(answer)
    return talk


async def agree(talk: Talk, yes: bool = True) -> Talk:
    return await talk.press("field", field="agree_licence", value="yes" if yes else "no")


@pytest.fixture
def asked(world: World, monkeypatch: pytest.MonkeyPatch) -> list[LicenceAsk]:
    """What the keeper of licences is asked."""
    asks: list[LicenceAsk] = []
    connector = world.connectors.get("licence")
    original = connector.licences

    async def licences(ask: LicenceAsk) -> Any:
        asks.append(ask)
        return await original(ask)

    monkeypatch.setattr(connector, "licences", licences)
    return asks


async def test_a_licence_stands_for_what_would_be_uploaded(world: World, asked: list[LicenceAsk]) -> None:
    talk = await enrol(world, **citizen(3))
    assert talk.asked == "agree_licence"
    assert "居民户口簿" in talk.text
    assert "同意吗" in talk.text
    assert asked == [], "nothing is fetched before a yes"
    await agree(talk)
    assert talk.status == "confirm", "户口簿 and 住房证明 are both there: nothing is left to ask for"
    assert "您的居民户口簿、居民身份证已有电子证照，不用再上传" in talk.text
    rows = {row.label: row.value for row in talk.last.rows}
    assert rows["电子证照"] == "您的居民户口簿、居民身份证已有电子证照，不用再上传"
    assert rows["数据共享"] == "您的不动产权证书部门之间能核到，不用再上传"
    assert "材料齐了" in rows["预审"]
    (ask,) = asked
    assert (ask.holder.id_no, ask.purpose, ask.citizen) == (ID_NO, "公立中小学入学报名", {"subject": "s-1", "level": 3})
    with session_scope() as session:
        row = session.query(Consent).filter_by(kind="licence").one()
        assert (row.citizen_id, row.how, row.what, str(row.id)) == (1, "pressed", ask.kinds, ask.consent)
        assert "同意吗" in row.text


async def test_the_department_gets_references_and_no_files(world: World, submitted: list[Ask]) -> None:
    talk = await agree(await enrol(world, **citizen(3)))
    await talk.say("确认", "confirm")
    assert talk.status == "done"
    assert "还缺" not in talk.text
    (ask,) = submitted
    assert ask.attachments == []
    assert {ref.kind: ref.covers for ref in ask.licences}["居民户口簿"] == ["户口簿"]
    assert all(ID_NO not in ref.reference and "王秀兰" not in ref.holder for ref in ask.licences)


async def test_a_department_believes_genuine_references_only(world: World) -> None:
    talk = await agree(await enrol(world, **citizen(3)))
    talk.values["materials"] = "没有"
    for ref in talk.matter.licences:
        ref["reference"] = ref["reference"][:-1] + "X"
    await talk.say("我填了什么", "review")
    rows = {row.label: row.value for row in talk.last.rows}
    assert "户口簿" in rows["预审"]


async def test_without_consent_upload_as_ever(world: World, asked: list[LicenceAsk]) -> None:
    talk = await agree(await enrol(world, **citizen(3)), yes=False)
    assert talk.asked == "materials"
    assert "请自己交材料" in talk.text
    assert talk.last.field is not None
    assert talk.last.field.upload
    assert asked == []
    with session_scope() as session:
        assert session.query(Consent).filter_by(kind="licence").all() == []


@pytest.mark.parametrize(("words", "fetched"), [("同意", True), ("可以", True), ("不同意", False), ("不用了", False)])
async def test_yes_and_no_in_words(world: World, asked: list[LicenceAsk], words: str, fetched: bool) -> None:
    talk = await enrol(world, **citizen(3))
    await talk.say(words)
    assert bool(asked) is fetched
    assert talk.asked == ("confirm" if fetched else "materials")


async def test_what_is_not_covered_is_still_asked_for(world: World) -> None:
    talk = world.talk(**citizen(3))
    await talk.open(AID)
    assert talk.asked == "agree_licence"
    await agree(talk)
    assert talk.asked == "materials"
    assert "医疗费用票据、诊断证明" in talk.last.text
    assert "银行账户" not in talk.last.text, "the social security card has one"
    await talk.say("票据和诊断证明都有")
    rows = {row.label: row.value for row in talk.last.rows}
    assert "材料齐了" in rows["预审"]
    assert "社会保障卡" in rows["电子证照"]


async def test_a_licence_that_is_not_there_is_said(world: World) -> None:
    lee = {"name": "周国强", "id_no": "371302197804152030", "phone": PHONE}
    talk = world.talk(**citizen(3, profile=lee, name="周国强"))
    await talk.open(AID)
    await agree(talk)
    assert "没有查到您的社会保障卡的电子证照" in talk.text
    assert talk.asked == "materials"
    assert "银行账户" in talk.last.text


async def test_the_keeper_is_down(world: World) -> None:
    world.fault("licence", "down", "licences", times=9)
    talk = await agree(await enrol(world, **citizen(3)))
    assert "电子证照现在连不上" in talk.text
    assert talk.asked == "materials", "the form goes on as it always did"
    await talk.say("都有")
    assert talk.status == "confirm"


async def test_who_is_not_signed_in_uploads_and_is_told_of_it(world: World, asked: list[LicenceAsk]) -> None:
    talk = await enrol(world)
    for answer in ("王秀兰", ID_NO, PHONE):
        await talk.say(answer)
    assert talk.asked == "materials"
    assert "登录并完成实名认证后，户口簿、住房证明可以用电子证照" in talk.text
    assert [payload["value"] for payload in talk.buttons if payload["do"] == "sign_in"] == ["2"]
    talk.citizen = citizen(3)
    await talk.go_on()
    assert talk.asked == "agree_licence", "after signing in the form goes on with the question"
    assert asked == []


async def test_a_level_that_is_too_low_fetches_nothing(world: World, asked: list[LicenceAsk]) -> None:
    talk = await enrol(world, **citizen(1))
    assert (talk.asked, asked) == ("materials", [])
    assert "实名认证" in talk.text


async def test_nobody_s_licences_for_another_person(world: World, asked: list[LicenceAsk]) -> None:
    talk = await enrol(world, **citizen(3))
    await talk.press("edit", field="name")
    await talk.say("张桂英")
    await talk.say("371322196309210046")
    assert talk.asked == "materials"
    grown = await enrol(world, **citizen(3, acting_for=MOTHER))
    assert grown.asked == "materials", "a relative's consent to be acted for is none to their licences"
    assert "调不了对方的电子证照" in grown.text
    assert asked == []


@pytest.mark.parametrize("change", ["name", "citizen"])
async def test_licences_go_with_the_person(world: World, change: str) -> None:
    talk = await agree(await enrol(world, **citizen(3)))
    assert talk.matter.licences
    if change == "name":
        await talk.press("edit", field="name")
        await talk.say("张桂英")
    else:
        talk.citizen = None
        await talk.say("确认", "confirm")
    assert talk.matter.licences == []
    assert "materials" not in talk.values, "what stood there because of the licences is asked for again"
    assert world.records() == []


async def test_doing_without_licences_at_the_review(world: World) -> None:
    talk = await agree(await enrol(world, **citizen(3)))
    button = next(payload for payload in talk.buttons if payload.get("field") == "agree_licence")
    await talk.press(**{key: button[key] for key in ("do", "field", "value")})
    assert talk.asked == "materials"
    assert talk.matter.licences == []


async def test_a_consent_stands_until_it_is_taken_back(world: World, asked: list[LicenceAsk]) -> None:
    await agree(await enrol(world, **citizen(3)))
    again = await enrol(world, **citizen(3))
    assert again.status == "confirm", "agreed before for this service, in these words"
    assert len(asked) == 2
    assert asked[0].consent == asked[1].consent
    with session_scope() as session:
        assert ConsentRepository(session).withdraw(1) >= 1
    world.agreed(1, SCHOOL)
    after = await enrol(world, **citizen(3))
    assert after.asked == "agree_licence"
    assert len(asked) == 2
