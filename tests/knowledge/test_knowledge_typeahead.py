"""Check the typeahead."""

from __future__ import annotations

import pytest

from knowledge.typeahead import Typeahead, make_line

TYPEAHEAD = Typeahead(
    [
        make_line("社保卡补办", "service", "rsj-04"),
        make_line("补社保卡", "service", "rsj-04"),
        make_line("社保缴费查询", "service", "rsj-01"),
        make_line("水费缴纳", "service", "swj-01"),
        make_line("ETC办理", "service", "jtj-01"),
        make_line("社保卡丢了怎么办？", "qa", "qa-rsj-001"),
    ]
)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("社保卡", "rsj-04"),
        ("sbk", "rsj-04"),
        ("SBK", "rsj-04"),
        ("shebaoka", "rsj-04"),
        ("she bao ka", "rsj-04"),
        ("sbjf", "rsj-01"),
        ("缴纳", "swj-01"),
        ("etc", "jtj-01"),
        ("丢了", "qa-rsj-001"),
        ("jiaofei", "rsj-01"),  # full pinyin of the middle
    ],
)
def test_finds(typed: str, first: str) -> None:
    assert TYPEAHEAD.suggest(typed, 5)[0].id == first


def test_one_line_an_owner_and_services_before_questions() -> None:
    found = TYPEAHEAD.suggest("社保卡", 5)
    assert [suggestion.id for suggestion in found] == ["rsj-04", "qa-rsj-001"]
    assert found[0].text == "社保卡补办"


def test_limit_and_nothing() -> None:
    assert len(TYPEAHEAD.suggest("社", 2)) == 2
    assert TYPEAHEAD.suggest("  ", 5) == []
    assert TYPEAHEAD.suggest("火星", 5) == []
