"""Check normalisation: what must change and what must not."""

import pytest

from nlu.lexicon import Lexicon
from nlu.normalize import normalize
from nlu.steps.dialect import to_plain
from tests.nlu.tables import table


@pytest.mark.parametrize(("text", "expected"), list(table("normalize", 2)))
def test_corrects(text: str, expected: str, lexicon: Lexicon) -> None:
    result = normalize(text, lexicon)
    assert result.original == text
    assert result.text == expected


@pytest.mark.parametrize("text", [row[0] for row in table("unchanged", 1)])
def test_leaves_alone(text: str, lexicon: Lexicon) -> None:
    result = normalize(text, lexicon)
    assert result.text == text
    assert result.corrections == []


@pytest.mark.parametrize(("text", "plain"), list(table("plain", 2)))
def test_maps_dialect(text: str, plain: str) -> None:
    assert to_plain(text) == plain


def test_keeps_the_text_beside_its_plain_form(lexicon: Lexicon) -> None:
    result = normalize("俺娘的社宝卡咋办", lexicon)
    assert result.text == "俺娘的社保卡咋办"
    assert result.plain == "我妈的社保卡怎么办"
    assert [(one.original, one.corrected) for one in result.corrections] == [("社宝卡", "社保卡")]


def test_suggests_when_unsure(lexicon: Lexicon) -> None:
    result = normalize("sb", lexicon)
    assert result.text == "sb"
    assert result.suggestion is not None
    assert result.suggestion.startswith("您是不是想说")
    assert "社保" in result.suggestion


def test_suggests_nothing_when_sure(lexicon: Lexicon) -> None:
    assert normalize("社保卡", lexicon).suggestion is None


def test_corrections_give_positions_in_the_cleaned_text(lexicon: Lexicon) -> None:
    result = normalize("呃，我的设保卡和工积金", lexicon)
    for one in result.corrections:
        assert result.cleaned[one.start : one.end] == one.original
    assert result.text == "我的社保卡和公积金"
