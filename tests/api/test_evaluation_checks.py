"""Check that each check passes what is right, and above all fails what is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from evaluation_replies import human, played, question, reply

from api.evaluation.forbidden import RULES
from api.evaluation.report import judge

A, B = "wjw-05", "kjj-03"
CONFIRM = reply("confirm", service_id=A, awaiting="confirm", slots={"name": "王秀兰"})
DONE = reply("done", service_id=A, receipt="GH1", act="confirm", slots={"name": "王秀兰"})
FILLED = reply(service_id=A, slots={"name": "王秀兰", "date": "2026-11-23"}, awaiting="phone")
LESS = reply(service_id=A, slots={"name": "王秀兰"}, awaiting="date")
OTHER = reply(service_id=B, slots={"people": 3}, awaiting="date", act="start")
ASIDE = reply("answered", service_id="qxj-01", act="ask")


def verdicts(*turns: tuple[dict[str, Any] | None, dict[str, Any]]) -> list[bool | None]:
    return [finding.passed for finding in judge(played(*turns), len(turns) - 1)]


@pytest.mark.parametrize(
    ("expected", "right", "wrong"),
    [
        ({"intent": "fill"}, reply(act="fill"), reply(act="correct")),
        ({"intent": "correct"}, reply(act="correct"), reply(act="fill")),
        ({"intent": "digress"}, reply(act="ask"), reply(act="fill")),
        ({"intent": "ask"}, reply(act="ask"), reply(act="start")),
        ({"intent": "confirm"}, reply(act="confirm"), reply(act=None)),
        ({"service_id": A}, reply(service_id=A), reply(service_id=B)),
        ({"service_id": A}, reply(service_id=A), reply()),
        ({"slots": {"date": "<tomorrow>"}}, FILLED, LESS),
        ({"slots": {"date": "<today>"}}, reply(slots={"date": "2026-11-22"}), FILLED),
        ({"must_ask": ["phone", "name"]}, FILLED, LESS),
        ({"must_ask": ["date"]}, reply(messages=[question("date")]), FILLED),
        ({"must_ask": ["confirm"]}, CONFIRM, FILLED),
        ({"must_ask": ["human"]}, reply("no_answer", [human()]), reply("no_answer")),
        ({"must_ask": ["human"]}, reply("handoff"), reply("answered")),
        ({"must_ask": ["service"]}, reply("clarify"), FILLED),
        (
            {"must_ask": ["operator"]},
            reply(
                "clarify",
                [
                    {
                        "type": "choices",
                        "text": "哪家？",
                        "choices": [{"label": f"{n}充值", "payload": {}} for n in ("移动", "联通")],
                    }
                ],
            ),
            reply("clarify"),
        ),
        ({"status": ["done"]}, DONE, FILLED),
        ({"says": ["好的", "行"]}, FILLED, reply(messages=[{"type": "text", "text": "不知道"}])),
    ],
)
def test_must_be(expected: dict[str, Any], right: dict[str, Any], wrong: dict[str, Any]) -> None:
    assert verdicts((right, expected)) == [True]
    assert verdicts((wrong, expected)) == [False]
    assert verdicts((None, expected)) == [False]


Turns = list[tuple[dict[str, Any], dict[str, Any]]]
AFTER_LOSS: Turns = [(FILLED, {}), (OTHER, {}), (LESS, {})]
OF_A = {**question("phone"), "service_id": A}
BILL = {"account_no": "10011", "months": ["2026-10"]}
PAID = reply("done", service_id="zjj-07", receipt="JF1", slots={"account_no": ["10011", "10022"], "bills": [BILL]})
PAID_NUMBER = reply("done", service_id="yd-02", receipt="JF2", slots={"phone": "13900002222", "amount": 30})


@pytest.mark.parametrize(
    ("rule", "right", "wrong"),
    [
        # (the turns before, the reply) of a conversation that keeps the rule and of one that breaks it
        ("submit", ([FILLED], CONFIRM), ([FILLED], DONE)),
        ("submit", ([CONFIRM], DONE), ([CONFIRM], {**DONE, "turn": {**DONE["turn"], "act": "fill"}})),
        ("ask:date", ([], FILLED), ([], LESS)),
        ("ask:date", ([], FILLED), ([], reply(asks=["date", "phone"]))),
        ("ask:date", ([], FILLED), ([], reply(messages=[question("date")]))),
        ("ask:service", ([], FILLED), ([], reply("clarify"))),
        ("accept:date", ([LESS], LESS), ([LESS], FILLED)),
        ("accept:date", ([FILLED], FILLED), ([], FILLED)),
        ("accept:date=<tomorrow>", ([], reply(slots={"date": "2026-11-24"})), ([], FILLED)),
        ("overwrite:name", ([FILLED], LESS), ([FILLED], reply(service_id=A, slots={"name": "李四"}))),
        ("overwrite:date", ([FILLED], FILLED), ([FILLED], LESS)),
        ("drop_slots", ([LESS], FILLED), ([FILLED], LESS)),
        ("carry_slots", ([FILLED], OTHER), ([FILLED], reply(service_id=B, slots={"date": "2026-11-23"}))),
        (
            "carry_slots:date",
            ([FILLED], reply(service_id=B, slots={"name": "王秀兰"})),
            ([FILLED], reply(service_id=B, slots={"date": "2026-11-23"})),
        ),
        ("restart", ([FILLED], FILLED), ([FILLED], reply(service_id=A, awaiting="hospital"))),
        ("restart", ([FILLED, ASIDE], FILLED), ([FILLED, ASIDE], reply(service_id=A))),
        ("start_service", ([FILLED, ASIDE], FILLED), ([ASIDE], FILLED)),
        ("start_service", ([DONE], reply("answered", service_id=A)), ([DONE], reply(service_id=A))),
        ("start_service", ([DONE], reply("confirm", service_id=A)), ([DONE], CONFIRM)),
        ("start_service", ([FILLED], reply(service_id=B, messages=[OF_A])), ([], reply(service_id=B, messages=[OF_A]))),
        ("start_service", ([], reply(service_id="desk-01", awaiting="phone")), ([], OTHER)),
        (f"service:{B}", ([], FILLED), ([], OTHER)),
        ("multi_ask", ([], FILLED), ([], reply(asks=["name", "phone"]))),
        ("multi_ask", ([], FILLED), ([], reply(messages=[question("name"), question("phone")]))),
        ("multi_ask", ([], FILLED), ([], reply(messages=[question("name", "您叫什么？身份证号多少？")]))),
        ("cancel", ([], ASIDE), ([], reply("cancelled"))),
        ("cancel_all", ([], FILLED), ([], reply("cancelled"))),
        (
            "pay:10022",
            ([], PAID),
            ([], reply("done", receipt="JF9", slots={"bills": [{**BILL, "account_no": "10022"}]})),
        ),
        ("pay:13900002222", ([], reply("confirm", slots={"phone": "13900002222"})), ([], PAID_NUMBER)),
        ("pay_again", ([PAID_NUMBER], PAID), ([PAID], {**PAID, "turn": {**PAID["turn"], "receipt": "JF3"}})),
        ("human", ([], reply("no_answer", [human()])), ([], reply("handoff"))),
    ],
)
def test_must_not(rule: str, right: tuple[list[Any], Any], wrong: tuple[list[Any], Any]) -> None:
    for (earlier, last), verdict in ((right, True), (wrong, False)):
        assert verdicts(*((body, {}) for body in earlier), (last, {"must_not": [rule]})) == [verdict]


def test_every_kind_is_tested() -> None:
    marks = test_must_not.pytestmark[0].args[1]  # type: ignore[attr-defined]
    assert {rule.split(":")[0] for rule, _, _ in marks} == set(RULES)


@pytest.mark.parametrize("rule", ["drop_slots", f"overwrite:{A}", "overwrite:date"])
def test_a_matter_put_aside_must_come_back_whole(rule: str) -> None:
    aside, expected = (OTHER, {"must_not": [rule]}), {"service_id": A}
    for back, verdict in ((FILLED, True), (LESS, False), (reply("answered"), False)):
        conversation = played((FILLED, {}), aside, (back, expected))
        assert [finding.passed for finding in judge(conversation, 1)] == [verdict]


def test_a_confirmation_counts_only_if_the_citizen_gave_one() -> None:
    """The system took "改后天" for a yes: that is submitting without confirmation."""
    conversation = played((CONFIRM, {}), (DONE, {"intent": "correct", "must_not": ["submit"]}))
    assert [f.passed for f in judge(conversation, 1) if f.kind == "must_not.submit"] == [False]
