"""Check that no text, however odd, breaks the package."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.entities import FIELD_TYPES, extract, parse_as
from nlu.lexicon import Lexicon
from nlu.normalize import normalize
from tests.nlu.tables import NOW

_CHARS = (
    "零一二三四五六七八九十百千万亿点半年月日号周上下个天前后到的，。、… 0123456789"
    "-/:.Xx鲁Q叫我是不块元毛户人路街口区县"
)
_WORDS = "身份证 尾号 腊月 正月 国庆 节后 礼拜 公积金 设保卡 sbk shebaoka 最后一位 百分之 大厅"
_PIECES = st.sampled_from([*_CHARS, *_WORDS.split()])
_TEXTS = st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=25).map("".join))
_EXPECTED = st.sampled_from(
    [None, "date", "event_date", "person", "phone", "id_no", "account", "amount", "time", "rating"]
)


@settings(max_examples=600, deadline=None)
@given(_TEXTS, _EXPECTED)
def test_extract_never_raises_and_spans_fit(text: str, expect: str | None) -> None:
    for entity in extract(text, NOW, expect=expect):
        assert 0 <= entity.start < entity.end <= len(text)
        assert entity.text == text[entity.start : entity.end]


@settings(max_examples=400, deadline=None)
@given(_TEXTS)
def test_normalize_never_raises(text: str) -> None:
    result = normalize(text, Lexicon.default())
    for one in [*result.corrections, *result.candidates]:
        assert 0 <= one.start < one.end <= len(result.cleaned)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(FIELD_TYPES), _TEXTS)
def test_parse_never_raises(kind: str, text: str) -> None:
    parsed = parse_as(kind, text, NOW, options=["兰山区", "河东区"])
    assert parsed.value is not None or parsed.problem


def test_long_messages_stay_cheap(lexicon: Lexicon) -> None:
    for text in (
        "一" * 10_000,
        "13" * 5_000,
        "设保卡，" * 2_500,
        "a" * 10_000,
        "周" * 10_000,
        "东路和" * 3_000,
        "。" * 10_000,
    ):
        start = time.perf_counter()
        normalize(text, lexicon)
        extract(text, NOW)
        assert time.perf_counter() - start < 2
