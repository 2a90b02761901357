"""Where what is to be said is cut: soon, at a natural place, never inside a number or a name."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.ear import for_ear
from voice.ear.numerals import NUMERAL
from voice.ear.pieces import FIRST, REST, pieces, syllables

TABLES = Path(__file__).parent / "tables"


def column(name: str, place: int) -> list[str]:
    lines = (TABLES / name).read_text("utf-8").splitlines()
    return [line.split("\t")[place].replace("\\n", "\n") for line in lines if line and not line.startswith("#")]


SPOKEN = [spoken for text in (*column("ear.tsv", 0), *column("round_trip.tsv", 1)) if (spoken := for_ear(text))]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("您好，请问办什么？", ["您好，请问办什么？"]),
        ("请到兰陵县社会保险中心办理。", ["请到兰陵县", "社会保险中心办理。"]),
        ("老人去世以后丧葬费怎么领。", ["老人去世以后丧葬费", "怎么领。"]),
        ("您的手机号13805391276已经登记好了。", ["您的手机号幺三八，", "零五三九，幺二七六已经登记好了。"]),
        ("请于2026年11月25日前到政务服务大厅办理。", ["请于二零二六年", "十一月二十五日前", "到政务服务大厅办理。"]),
        ("违章可以打12328或12345投诉。", ["违章可以打幺二三二八", "或幺二三四五投诉。"]),
        ("住建部门正在对您反映的路灯不亮一事进行核实处理请您耐心等待。",
         ["住建部门", "正在对您反映的", "路灯不亮一事进行核实处理", "请您耐心等待。"]),
    ],
)  # fmt: skip
def test_cut(text: str, cut: list[str]) -> None:
    assert pieces(for_ear(text)) == cut


def test_nothing_is_lost_and_the_first_piece_is_short() -> None:
    long = []
    for sentences in SPOKEN:
        cut = pieces(sentences)
        assert "".join(cut) == "".join(sentences)
        long += [cut[0]] if syllables(cut[0]) > FIRST else []
    assert all(re.fullmatch(rf"共?[{NUMERAL}元角分人件台平。]+", piece) for piece in long), long  # one number


def test_no_number_is_cut() -> None:
    inside = re.compile(rf"[{NUMERAL}幺点]$")
    for sentences in SPOKEN:
        cut = pieces(sentences)
        for one, two in pairwise(cut):
            assert not (inside.search(one) and two[0] in NUMERAL + "幺点"), (one, two)
            assert not one.endswith("百分之")
            assert syllables(two) >= 1


def test_later_pieces_may_be_longer() -> None:
    sentence = ["请您带好身份证户口簿和两张照片到户籍所在地的政务服务大厅综合受理窗口提出书面申请。"]
    assert len(pieces(sentence, after=30)) == 1
    sizes = [syllables(piece) for piece in pieces(sentence)]
    assert len(sizes) > 1
    assert sizes[0] <= FIRST
    assert all(size >= REST for size in sizes)
    slow = [syllables(piece) for piece in pieces(sentence, rate=0.6)]
    assert slow[0] <= 0.6 * FIRST


@settings(max_examples=200, deadline=2000)
@given(st.text(alphabet="您好请到中心办理一二三十年月日元点百分之的，。ABC 或", max_size=90), st.integers(0, 60))
def test_any_text(text: str, after: int) -> None:
    sentences = for_ear(text)
    assert "".join(pieces(sentences, after)) == "".join(sentences)
