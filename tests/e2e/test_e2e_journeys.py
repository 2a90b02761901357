"""What citizens come for, from the first sentence to the receipt, on the real system."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from citizen import BOOKING, ID_NO, OTHER_ID_NO, OTHER_PHONE, PHONE, Citizen
from harness import System

pytestmark = pytest.mark.e2e
TOMORROW = (date.today() + timedelta(days=1)).isoformat
AFTER = (date.today() + timedelta(days=2)).isoformat


def test_progress_of_a_social_security_card(citizen: Citizen) -> None:
    citizen.say("俺娘的社保卡做到哪一步了")
    assert citizen.turn["service_id"] == "rsj-04"
    assert citizen.status == "form"
    citizen.say("受理编号SBK20261018006")
    assert citizen.status == "answered"
    assert "社会保障卡申领" in citizen.text
    assert "寄送" in citizen.text


def test_progress_with_the_number_in_the_sentence(citizen: Citizen) -> None:
    citizen.say("单号SBK20261020003到哪一步了")
    assert "社会保障卡申领" in citizen.text
    assert citizen.slots["receipt_no"] == "SBK20261020003"


def test_an_unknown_number_is_not_invented(citizen: Citizen) -> None:
    citizen.say("俺娘的社保卡做到哪一步了", "受理编号SBK20991231999")
    assert "没有查到" in citizen.text


def test_how_to_pay_for_water(citizen: Citizen) -> None:
    citizen.say("水费咋交")
    assert citizen.status == "answered"
    assert citizen.turn["service_id"] == "zjj-07"
    assert {"answer", "service"} & set(citizen.types)
    assert citizen.turn["sources"]
    assert any(choice["payload"]["do"] == "start" for choice in citizen.choices)


def test_a_word_in_doubt_is_asked_about_and_the_reading_answered(citizen: Citizen) -> None:
    """ "shbx" may be social insurance: the citizen is asked, and a press says it for them."""
    citizen.say("shbx咋交")
    readings = [choice for choice in citizen.choices if choice["payload"]["do"] == "say"]
    assert readings, citizen.text
    assert "您是不是想说" in citizen.text
    citizen.press(readings[0]["label"])
    assert citizen.status in ("answered", "clarify", "form")


def test_related_questions_stand_below_a_service(citizen: Citizen) -> None:
    citizen.say("社保卡补办")
    assert [choice for choice in citizen.choices if choice["payload"]["do"] == "entry"], citizen.choices


def test_an_appointment_from_one_sentence_to_the_receipt(citizen: Citizen) -> None:
    citizen.say(BOOKING)
    assert citizen.turn["service_id"] == "wjw-05"
    wanted = {"hospital": "人民医院", "department": "骨科", "date": TOMORROW(), "period": "上午"}
    assert citizen.slots == wanted
    assert citizen.awaiting == "name"
    citizen.say("王秀兰", ID_NO, PHONE)
    assert citizen.status == "confirm"
    assert citizen.receipts() == []
    review = citizen.reply["messages"][-1]
    assert ID_NO not in citizen.text
    assert all(row["edit"] for row in review["rows"])
    citizen.press("确认提交")
    assert citizen.status == "done"
    assert citizen.receipt.startswith("GH")
    assert citizen.receipts() == [citizen.receipt]
    citizen.press("查看进度")
    assert "已约好" in citizen.text
    citizen.say("我刚约的那个成了没")
    assert "已约好" in citizen.text


def test_an_appointment_with_buttons_only(citizen: Citizen) -> None:
    citizen.take(payload={"do": "start", "service_id": "wjw-05"})
    for label in ("人民医院", "眼科", "明天", "下午"):
        citizen.press(label)
    for field, value in (("name", "李建国"), ("id_no", OTHER_ID_NO), ("phone", OTHER_PHONE)):
        assert citizen.awaiting == field
        citizen.take(payload={"do": "field", "field": field, "value": value})
    citizen.press("确认提交")
    assert citizen.receipt.startswith("GH")


def test_an_appointment_can_be_cancelled_with_its_button(citizen: Citizen) -> None:
    receipt = citizen.book("周国强")
    citizen.say("把刚才挂的号取消了吧")
    assert receipt in citizen.text
    citizen.press("确定取消")
    assert "已经取消" in citizen.text


def test_water_bill_query_and_payment(citizen: Citizen) -> None:
    citizen.take(payload={"do": "start", "service_id": "zjj-06"}).say("10023345")
    assert "2笔没交" in citizen.text
    citizen.say("交水费")
    assert citizen.turn["service_id"] == "zjj-07"
    citizen.say("户号10023345")
    assert citizen.awaiting == "bills"
    citizen.say("都交")
    assert citizen.status == "confirm"
    assert "合计" in citizen.text
    citizen.say("对，就这么着，交吧")
    assert citizen.receipt.startswith("JF")
    again = Citizen(str(citizen.http.base_url))
    again.take(payload={"do": "start", "service_id": "zjj-07"}).say("10023345")
    assert "没有要交的账单" in again.text
    for sentence in ("好的", "行", "谢谢"):
        again.say(sentence)
        assert "连不上" not in again.text, f"{sentence}: the form was left open with nothing in it"


def test_water_bills_are_looked_up_in_one_sentence(citizen: Citizen) -> None:
    citizen.say("帮我查查水费欠多少，户号10023345")
    assert citizen.turn["service_id"] == "zjj-06"
    assert "2笔没交" in citizen.text


def test_a_complaint_over_several_turns(citizen: Citizen) -> None:
    citizen.say("我要反映问题，路灯坏了没人修")
    assert citizen.turn["service_id"] == "cgj-04"
    if citizen.status == "answered":
        citizen.press("去上报")
    answers = {
        "problem": "路灯不亮", "place": "兰山区通达路和沂蒙路路口", "event_date": "昨天", "event_time": "晚上九点",
        "phone": PHONE,
    }  # fmt: skip
    for _ in range(len(answers)):
        if citizen.status != "form":
            break
        assert citizen.awaiting in answers, citizen.text
        citizen.say(answers[citizen.awaiting])
    assert citizen.status == "confirm", citizen.text
    assert citizen.slots["event_date"] == (date.today() - timedelta(days=1)).isoformat()
    citizen.say("确认")
    assert citizen.receipt.startswith("CG")
    assert "兰山区" in citizen.text


def test_a_rating_after_a_matter(citizen: Citizen) -> None:
    receipt = citizen.book("孙丽")
    citizen.say("给你们打五分")
    assert citizen.slots["rating"] == 5
    assert "谢谢" in citizen.text
    citizen.say("给你们打一分")
    assert "出了点问题" not in citizen.text
    assert receipt in citizen.receipts()


def test_a_rating_by_its_buttons(citizen: Citizen) -> None:
    citizen.say("我要评价")
    citizen.press("不满意")
    assert citizen.slots["rating"] == 2
    assert "对不起" in citizen.text


def test_a_correction_changes_only_what_it_names(citizen: Citizen) -> None:
    citizen.say(BOOKING, "我叫王秀兰，手机号13900001234", "不对，尾号是四三二一")
    assert citizen.slots["phone"] == "13900004321"
    citizen.say(ID_NO)
    assert citizen.status == "confirm"
    citizen.say("等一下，改成后天下午，别的不动")
    assert citizen.status == "confirm"
    assert citizen.slots == {
        "hospital": "人民医院", "department": "骨科", "date": AFTER(), "period": "下午", "name": "王秀兰",
        "id_no": ID_NO, "phone": "13900004321",
    }  # fmt: skip
    citizen.press("不办了")
    assert citizen.status == "cancelled"


def test_a_digression_comes_back_to_the_same_question(citizen: Citizen) -> None:
    citizen.say(BOOKING)
    before = citizen.slots
    for question in ("挂号要带身份证吗", "水费咋交", "周六下不下雨", "异地就医怎么备案"):
        citizen.say(question)
        assert {"answer", "service", "result"} & set(citizen.types), f"{question}: {citizen.text}"
        if citizen.awaiting != "name":
            citizen.say("接着办刚才那个挂号")
        assert citizen.awaiting == "name", question
        assert citizen.slots == before, question
    citizen.say("王秀兰")
    assert citizen.slots == before | {"name": "王秀兰"}


def test_back_and_review_in_a_form(citizen: Citizen) -> None:
    citizen.say(BOOKING, "王秀兰")
    assert citizen.awaiting == "id_no"
    citizen.say("上一步")
    assert citizen.awaiting == "name"
    assert "name" not in citizen.slots
    citizen.say("上一步")
    assert citizen.awaiting == "period"
    citizen.press("下午")
    citizen.say("我刚才都填了啥")
    assert "人民医院" in citizen.text
    assert citizen.awaiting == "name"


def test_cancel_keeps_nothing(citizen: Citizen) -> None:
    citizen.say(BOOKING, "王秀兰", "算了不约了")
    assert citizen.status == "cancelled"
    assert "没有提交" in citizen.text
    citizen.say("给我约个献血，后天")
    assert citizen.turn["service_id"] == "wjw-06"
    assert not {"name", "hospital", "department"} & set(citizen.slots)
    assert citizen.receipts() == []


def test_another_matter_parks_the_first(citizen: Citizen) -> None:
    citizen.say(BOOKING, "王秀兰")
    before = citizen.slots
    citizen.say("先交水费吧")
    assert citizen.turn["service_id"] == "zjj-07", citizen.text
    assert "name" not in citizen.slots
    citizen.say("10031120", "都交", "确认")
    assert citizen.receipt.startswith("JF")
    citizen.press("接着办")
    assert citizen.turn["service_id"] == "wjw-05"
    assert citizen.slots == before
    assert citizen.awaiting == "id_no"


def test_a_parked_matter_is_resumed_by_its_name(citizen: Citizen) -> None:
    citizen.say(BOOKING)
    citizen.take(payload={"do": "start", "service_id": "zjj-07"})
    citizen.say("接着办挂号")
    assert citizen.turn["service_id"] == "wjw-05"
    assert citizen.awaiting == "name"
    assert citizen.slots["department"] == "骨科"


def test_three_failures_offer_a_person(citizen: Citizen) -> None:
    citizen.say(BOOKING, "王秀兰", *["371302198503120027"] * 3)
    assert citizen.awaiting == "id_no"
    citizen.press("转人工")
    assert "12345" in citizen.text
    citizen.say(ID_NO)
    assert citizen.slots["id_no"] == ID_NO
    assert citizen.awaiting == "phone"


def test_a_department_that_is_down_loses_nothing(citizen: Citizen, fault: Callable[..., None]) -> None:
    citizen.say(BOOKING, "赵磊", ID_NO, PHONE)
    assert citizen.status == "confirm"
    fault(connector="hospital", operation="book", mode="down", times=3)
    citizen.say("确认")
    assert citizen.status == "error"
    assert "连不上" in citizen.text
    assert citizen.slots["name"] == "赵磊"
    fault()
    citizen.say("再试一次")
    assert citizen.receipt.startswith("GH")


def test_a_payment_department_that_is_down_says_so(citizen: Citizen, fault: Callable[..., None]) -> None:
    citizen.take(payload={"do": "start", "service_id": "zjj-07"})
    fault(connector="water", operation="quote", mode="down", times=50)
    citizen.say("10031120")
    assert "连不上" in citizen.text
    fault()
    citizen.say("再试一次")
    assert citizen.awaiting == "bills"
    assert citizen.slots["account_no"] == ["10031120"]


def test_a_repeated_request_is_answered_once(citizen: Citizen) -> None:
    citizen.say(BOOKING, "陈静", ID_NO, PHONE)
    first = citizen.post(text="确认", client_id="c-1").json()
    again = citizen.post(text="确认", client_id="c-1").json()
    assert first == again
    assert len(citizen.receipts()) == 1


def test_two_conversations_do_not_see_each_other(system: System) -> None:
    one, other = Citizen(system.url), Citizen(system.url)
    one.say(BOOKING, "王秀兰")
    other.say("接着办刚才那个")
    assert other.slots == {}
    assert "挂号" not in other.text
    one.say(ID_NO, PHONE, "确认")
    receipt = one.receipt
    for sentence in ("我刚约的那个成了没", "我都办过啥", "把刚才挂的号取消了吧", "我刚才都填了啥"):
        other.say(sentence)
        assert receipt not in str(other.reply), sentence
        assert "王秀兰" not in str(other.reply), sentence
    assert len(other.history()) == 10
    assert receipt not in str(other.history())
    assert one.id not in str(other.history())
