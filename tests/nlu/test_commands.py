"""Commands of the spoken dialogue, "更多" and "第二个": tables."""

from __future__ import annotations

import pytest

from nlu.acts import Situation, judge
from nlu.commands import command, position, wants_more
from tests.nlu.tables import NOW


@pytest.mark.parametrize(
    ("said", "act"),
    [
        ("再说一遍", "repeat"), ("请你再说一遍。", "repeat"), ("没听清，再念一遍吧", "repeat"), ("重复一遍", "repeat"),
        ("说一遍我填的", "review"), ("念一下我填的", "review"), ("看看我填了啥", "review"),
        ("上一步", "go_back"), ("回到上一步", "go_back"), ("退一步", "go_back"),
        ("停", "stop"), ("停一下", "stop"), ("别念了", "stop"),
        ("慢一点", "slower"), ("说慢点行不", "slower"), ("快一点", "faster"),
        ("大声点", "louder"), ("声音大一点", "louder"), ("大点声", "louder"),
        ("停水了吗", None), ("停电", None), ("慢性病怎么报销", None), ("快递丢了", None), ("上一年的社保", None),
        ("更多", None),
    ],
)  # fmt: skip
def test_commands(said: str, act: str | None) -> None:
    assert command(said) == act


@pytest.mark.parametrize("said", ["更多", "还要更多", "换一批", "看后面的", "再来几个"])
def test_more_is_asked_for_anywhere(said: str) -> None:
    assert wants_more(said, offered=False)


@pytest.mark.parametrize("said", ["还有吗", "还有别的吗", "接着念", "后面呢", "都不是", "还有啥", "更多更多", "抗更多"])
def test_reading_on_only_where_there_is_more(said: str) -> None:
    assert wants_more(said, offered=True)
    assert not wants_more(said, offered=False)


@pytest.mark.parametrize("said", ["还有号吗", "更多的钱去哪了", "继续办", "还有几天到期"])
def test_other_sentences_do_not_turn_the_page(said: str) -> None:
    assert not wants_more(said, offered=True)


@pytest.mark.parametrize(
    ("said", "count", "strictly", "at"),
    [
        ("第二个", 3, False, 1), ("第二笔。", 3, False, 1), ("2", 3, False, 1), ("2", 3, True, None),
        ("三号", 3, True, None), ("第三个", 3, True, 2), ("第四个", 3, True, None), ("最后一个", 3, True, 2),
    ],
)  # fmt: skip
def test_places(said: str, count: int, strictly: bool, at: int | None) -> None:
    assert position(said, count, strictly) == at


DATE = {"phase": "filling", "type": "date"}


def offer(*labels: str, do: str = "card") -> dict[str, object]:
    return {"choices": [{"label": one, "payload": {"do": do}} for one in labels], "start": 0, "shown": 3, "read": 3}


@pytest.mark.parametrize(
    ("desk", "said", "act"),
    [
        ({"offer": offer("去缴费", "怎么办")}, "第二个", "choose"),
        ({"offer": offer("去缴费", "怎么办")}, "去缴费", "choose"),
        ({}, "第二个", "choose"),  # is told that there is nothing to choose
        ({"offer": offer("甲", "乙", "丙", "丁")}, "还有吗", "repeat"),
        ({"offer": offer("甲", "乙", "丙")}, "还有吗", "ask"),
        ({}, "更多", "repeat"),
        ({"offer": offer("今天", "明天", do="field"), "awaiting": DATE}, "第二个", "inform"),
        ({"offer": offer("甲", "乙"), "awaiting": DATE}, "三号", "inform"),
        ({"awaiting": {"phase": "filling", "type": "phone"}}, "上一步", "go_back"),
        ({"awaiting": {"phase": "confirm"}}, "说一遍我填的", "review"),
        ({"awaiting": {"phase": "confirm"}}, "大声点", "louder"),
    ],
)  # fmt: skip
def test_the_act_with_something_on_offer(desk: dict[str, object], said: str, act: str) -> None:
    assert judge({"ask": 0.5, "inform": 0.3}, said, Situation.of(desk), NOW)[0] == act


def test_a_button_reads_on() -> None:
    assert judge({}, "", Situation(), NOW, {"do": "more"}) == ("repeat", 1.0)
