"""Text for the ear: the listening table, and what must hold for any text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.ear import for_ear
from voice.ear.numerals import cardinal, number
from voice.ear.sentences import LONGEST

TABLE = Path(__file__).parent / "tables" / "ear.tsv"
ROWS = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
SPOKEN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffffA-Za-z，。！？；：、 ]+")


def test_the_table_is_large() -> None:
    assert len(ROWS) >= 300
    assert len({row[0] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(("written", "spoken"), ROWS, ids=[row[0][:40] for row in ROWS])
def test_listening_table(written: str, spoken: str) -> None:
    assert "|".join(for_ear(written.replace("\\n", "\n"))) == spoken


def test_what_is_spoken_stays_as_it_is() -> None:
    for _, spoken in ROWS:
        once = spoken.split("|") if spoken else []
        assert for_ear("".join(once)) == once


@pytest.mark.parametrize(
    ("digits", "words"),
    [
        ("0", "零"), ("10", "十"), ("11", "十一"), ("20", "二十"), ("100", "一百"), ("101", "一百零一"),
        ("110", "一百一十"),
        ("200", "两百"), ("222", "两百二十二"), ("1000", "一千"), ("1001", "一千零一"), ("1010", "一千零一十"),
        ("2002", "两千零二"), ("10000", "一万"), ("20000", "两万"), ("12000", "一万两千"), ("100010", "十万零一十"),
        ("1000000", "一百万"), ("2000002", "两百万零二"), ("100000000", "一亿"), ("200000000", "两亿"),
        ("120003000", "一亿两千万三千"), ("1000000000000", "一万亿"),
    ],
)  # fmt: skip
def test_cardinals(digits: str, words: str) -> None:
    assert cardinal(digits) == words


def test_numbers_with_signs_and_decimals() -> None:
    assert number("-1,234.50") == "负一千两百三十四点五零"
    assert number("0.05") == "零点零五"


def test_long_text_is_cut_at_pauses() -> None:
    sentences = for_ear("请先登录平台，" * 60 + "再办理。")
    assert all(len(sentence) <= LONGEST for sentence in sentences)
    assert "".join(sentences).count("登录平台") == 60


@pytest.mark.parametrize("nothing", ["", "   ", "\n\n", "😀😀", "***", "---", "。。。", "<br>", "()", "\u200b\u0000"])
def test_nothing_to_say(nothing: str) -> None:
    assert for_ear(nothing) == []


MESSY = st.text(
    alphabet=st.one_of(
        st.sampled_from("0123456789.,:：-~～—/%°¥元个人月日年时分第号路室（）()[]*#_`|<>&+=×“”《》\n \tABZaz鲁Q电话"),
        st.characters(codec="utf-8"),
    ),
    max_size=120,
)


@settings(max_examples=400, deadline=1000)
@given(MESSY)
def test_any_text_becomes_words(text: str) -> None:
    for sentence in for_ear(text):
        assert SPOKEN.fullmatch(sentence), sentence
        assert len(sentence) <= LONGEST
        assert sentence.strip("，。！？；：、 ")


@pytest.mark.parametrize("hostile", ["1-" * 2000, "(" * 3000, "*" * 3000, "1:" * 2000, "<a" * 2000,
                                     "1," * 2000, "[" * 2000, "9" * 3000, "A1-" * 1500, "`" * 2000,
                                     "www." * 800, "_a" * 2000, "/" * 3000])  # fmt: skip
@pytest.mark.timeout(30)
def test_hostile_text_is_quick(hostile: str) -> None:
    for_ear(hostile)
