"""Cases, complaints, applications, ratings: they move with time and are found again."""

from __future__ import annotations

import pytest

WANG = {"name": "王秀兰", "id_no": "371302198503120021"}


def steps(status: dict) -> str:
    return " ".join(f"{s['name']}:{s['state']}" for s in status["steps"])


@pytest.mark.parametrize("fields", [WANG, {"receipt_no": "SBK20261012001"}])
async def test_a_social_security_card(desk, fields):
    found = (await desk("cases").query("ss_card", **fields)).json()
    assert found["items"][0]["data"] == {"receipt_no": "SBK20261012001", "status": "制卡"}
    assert "“制卡”" in found["message"]


async def test_property_by_person_and_by_either_receipt(desk):
    cases = desk("cases")
    mine = (await cases.query("property", **WANG)).json()
    assert {i["id"] for i in mine["items"]} == {"20261028015", "20261103008"}
    assert "查到2件" in mine["message"]
    for receipt, stage in (("20261103007", "送达"), ("20261103008", "决定")):
        one = (await cases.query("property", receipt_no=receipt)).json()
        assert one["items"][0]["data"]["status"] == stage


async def test_who_has_no_case_is_told_so(desk):
    cases = desk("cases")
    wrong = await cases.query("ss_card", name="李四", id_no=WANG["id_no"])
    assert wrong.status_code == 404
    assert wrong.json()["code"] == "not_found"
    assert (await cases.query("ss_card", name="李四", id_no="371302198503120022")).json()["field"] == "id_no"
    assert (await cases.query("property", receipt_no="20990101001")).json()["field"] == "receipt_no"


@pytest.mark.parametrize("connector", ["cases", "complaint"])
async def test_the_seeded_petition_is_known_at_both_counters(desk, connector):
    status = (await desk(connector).status("XF20261008")).json()
    assert status["status"] == "调查处理"
    assert "孙德福" not in str(status)


async def test_a_report_moves_and_is_routed(desk, clock):
    complaint = desk("complaint")
    report = {
        "problem": "乱倒建筑垃圾",
        "place": "罗庄区湖东路与文化路路口北",
        "phone": "13900004567",
        "anonymous": True,
    }
    accepted = (await complaint.submit("report", **report)).json()
    assert accepted["receipt_no"].startswith("CG2026")
    assert "罗庄区城市管理部门" in accepted["message"]
    receipt = accepted["receipt_no"]
    assert steps((await complaint.status(receipt)).json()) == "受理:now 转办:todo 处理:todo 办结:todo"
    clock.move(0.6)
    assert steps((await complaint.status(receipt)).json()) == "受理:done 转办:now 处理:todo 办结:todo"
    clock.move(5)
    done = (await complaint.status(receipt)).json()
    assert done["status"] == "办结"
    assert not done["cancellable"]
    assert "湖东路" not in str(done), "whoever guesses a number learns no more than the stage"


async def test_the_same_report_twice(desk):
    complaint = desk("complaint")
    report = {"problem": "路灯不亮", "place": "沂南县张庄镇", "phone": "13900004567"}
    first = (await complaint.submit("report", **report)).json()["receipt_no"]
    second = await complaint.submit("report", **(report | {"problem": "路灯 不亮！"}))
    assert second.status_code == 409
    assert second.json()["code"] == "already_done"
    assert first in second.json()["message"]
    assert second.json()["alternatives"][0]["value"] == first
    other = await complaint.submit("report", **(report | {"phone": "13900004568"}))
    assert other.status_code == 200, "another citizen may report the same"


@pytest.mark.parametrize(
    ("place", "office"),
    [
        ("莒南县", "莒南县信访部门"),
        ("张庄镇东头", "沂南县信访部门"),
        ("村里", "市信访局"),
        ("高新区", "临沂高新技术产业开发区信访部门"),
    ],
)
async def test_a_petition_goes_to_the_county_that_the_place_names(desk, place, office):
    petition = {"problem": "征地款未发放", "place": place, "name": "孙德福", "phone": "13900005678"}
    assert (await desk("complaint").submit("petition", **petition)).json()["field"] == "id_no"
    accepted = await desk("complaint").submit("petition", **petition, id_no="371323195608071316")
    assert {"label": "受理单位", "value": office} in accepted.json()["lines"]


async def test_an_application_is_told_at_once_what_is_missing(desk, clock):
    apply = desk("apply")
    form = {**WANG, "phone": "13900001234"}
    quote = (await apply.quote("medical_aid", **form, materials="有发票和银行卡，没有诊断证明")).json()
    assert [i["title"] for i in quote["items"]] == ["诊断证明"]
    taken = (await apply.submit("medical_aid", **form, materials="只有发票")).json()
    assert taken["status"] == "待补正"
    assert "诊断证明、银行账户" in taken["message"]
    receipt = taken["receipt_no"]
    clock.move(4)
    assert (await apply.status(receipt)).json()["status"] == "待补正", "it waits for the citizen"
    part = (await apply.submit("supplement", receipt_no=receipt, materials="诊断证明")).json()
    assert part["status"] == "待补正"
    whole = (await apply.submit("supplement", receipt_no=receipt, materials="银行卡号")).json()
    assert (whole["status"], whole["receipt_no"]) == ("已受理", receipt)
    clock.move(1.5)
    assert steps((await apply.status(receipt)).json()) == "受理:done 审查:now 决定:todo 送达:todo"
    assert (await apply.submit("supplement", receipt_no=receipt, materials="都有")).json()["field"] == "receipt_no"
    assert (await apply.submit("medical_aid", **form, materials="都有")).json()["code"] == "already_done"


@pytest.mark.parametrize(
    ("operation", "extra"),
    [
        ("ebt_card", {}),
        ("bus_code_open", {}),
        ("maternity", {"materials": "都有"}),
        ("electricity", {"business": "更名过户", "place": "兰山区", "materials": "房产证"}),
        ("radiation_worker", {"materials": "都齐了"}),
        ("permit", {"business": "新办", "detail": "食品经营许可", "materials": "都有"}),
        ("invoice", {"amount": 3000, "payer": "某某公司", "materials": ["合同"]}),
        (
            "school_entry",
            {"school_stage": "小学", "child_name": "王小雨", "child_id_no": "371302201905180021", "materials": "都有"},
        ),
    ],
)
async def test_every_application_is_accepted(desk, operation, extra):
    answer = await desk("apply").submit(operation, **WANG, phone="13900001234", **extra)
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "已受理"


async def test_who_may_not_apply_is_told_why(desk):
    child = {"school_stage": "小学", "child_name": "王秀兰", "child_id_no": WANG["id_no"], "materials": "都有"}
    answer = await desk("apply").submit("school_entry", **WANG, phone="13900001234", **child)
    assert answer.status_code == 403
    assert answer.json()["code"] == "not_eligible"


async def test_a_matter_is_rated_once_and_a_bad_rating_is_followed_up(desk):
    rating = desk("rating")
    good = (await rating.submit("submit", rating=5, receipt_no=None, conversation_id="c-1")).json()
    assert good["status"] == "已收到"
    assert (await rating.submit("submit", rating=4, conversation_id="c-1")).json()["code"] == "already_done"
    bad = (await rating.submit("submit", rating=2, receipt_no="JF202611180001", reason="太慢")).json()
    assert {"label": "整改", "value": "已登记整改"} in bad["lines"]
    assert (await rating.status(bad["receipt_no"])).json()["status"] == "登记"
    assert (await rating.submit("submit", rating=6, conversation_id="c-2")).json()["field"] == "rating"
    assert (await rating.submit("submit", rating=3)).json()["field"] == "receipt_no"
