"""Slips of recognisers, and what must be left alone."""

from __future__ import annotations

import pytest

from nlu.lexicon import Lexicon
from voice.evaluation.reading import errors, reading
from voice.hearing import commands
from voice.hearing.spoken import mend
from voice.hearing.transcript import transcribe


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("去平易线怎么走", "去平邑县怎么走"), ("我家在蓝灵县", "我家在兰陵县"), ("居南县的医院", "莒南县的医院"),
        ("能不能报销马。", "能不能报销吗？"), ("我要交水费我要交水费", "我要交水费"),
        ("请问在哪里办。请问在哪里办呢。", "请问在哪里办。"),
        ("户号是100-28户号是100-28户号是100-28", "户号是100-28"), ("请到16号窗口请到16号窗口请到1", "请到16号窗口"),
    ],
)  # fmt: skip
def test_slips(heard: str, meant: str) -> None:
    assert mend(heard, Lexicon.default()) == meant


@pytest.mark.parametrize(
    "said",
    [
        "我住在南山去年搬的", "平邑县和沂水县", "我的电话是12341234", "尾号8888", "对对对", "第一个", "我要查社保",
        "骑马", "12341234", "一二三四一二三四", "我在北京路", "今天天气怎么样。明天天气怎么样。",
        "先交水费。再交电费。", "",
    ],
)  # fmt: skip
def test_what_is_right_stays(said: str) -> None:
    assert mend(said, Lexicon.default()) == said


@pytest.mark.parametrize(
    ("heard", "text", "uncertain", "suggestion"),
    [
        ("确认提交。", "确认提交", False, None), ("第1个", "第一个", False, None),
        ("衰人工", "转人工", False, None), ("说以便我甜的。", "说一遍我填的", False, None),
        ("都叫了吧？", "都交了吧", False, None), ("我要教水费", "我要交水费", False, None),
        ("确认疲教", "确认疲教", True, "确认提交"), ("记一个", "记一个", True, "第一个"),
    ],
)  # fmt: skip
def test_what_is_said_again_and_again(heard: str, text: str, uncertain: bool, suggestion: str | None) -> None:
    done = transcribe(heard, 0.6 if not uncertain else 0.9)
    assert (done.text, done.uncertain, done.suggestion) == (text, uncertain, suggestion)


@pytest.mark.parametrize("said", ["我要查水费", "明天早上", "不对吧", "我的电话", "一个"])
def test_other_short_sentences_are_no_commands(said: str) -> None:
    assert commands.same(said) is None
    assert commands.near(said) is None


def test_readings() -> None:
    assert reading("水费是35.6元。") == reading("水費是三十五元六角")
    assert reading("2026年11月25日") == reading("二零二六年十一月二十五日")
    assert reading("电话12345") == reading("电话幺二三四五") == "电话一二三四五"
    assert errors("交水费", "交水废") == (1, 3)
    assert errors("交水费", "") == (3, 3)


def test_a_place_that_was_heard_by_its_sound_is_certain() -> None:
    done = transcribe("我在蒙英县", 0.9)
    assert (done.text, done.heard, done.uncertain) == ("我在蒙阴县", "我在蒙英县", False)
