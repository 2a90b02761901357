"""A sentence that is word for word one of ours is answered with what it belongs to."""

from __future__ import annotations

import pytest
from knowledge_helpers import make_owner

from knowledge.wordings import Wordings, said
from nlu.lexicon import Lexicon
from nlu.normalize import normalize

SERVICES = [make_owner("swj-01", "水费缴纳", "水费咋交", "去香港要什么")]
ENTRIES = [make_owner("qa-gaj-021", "港澳通行证怎么办？", "110", "去香港要什么")]


@pytest.mark.parametrize(
    ("text", "kind", "owner"),
    [
        ("水费缴纳！", "service", "swj-01"),
        ("水费咋交", "service", "swj-01"),  # as it was written, though it is understood as 水费怎么交
        ("港澳通行证怎么办", "qa", "qa-gaj-021"),
        ("110", "qa", "qa-gaj-021"),
    ],
)
def test_whose_it_is(lexicon: Lexicon, text: str, kind: str, owner: str) -> None:
    found = Wordings(SERVICES, ENTRIES).owner(normalize(text, lexicon))
    assert found is not None
    assert (found[0], found[1].id) == (kind, owner)


@pytest.mark.parametrize("text", ["去香港要什么", "水费", "港澳通行证怎么办理", "？？"])
def test_what_two_share_or_nobody_said_is_nobodys(lexicon: Lexicon, text: str) -> None:
    assert Wordings(SERVICES, ENTRIES).owner(normalize(text, lexicon)) is None


def test_punctuation_is_not_said() -> None:
    assert said(" ETC，怎么办？_") == "etc怎么办"


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("我要上访，工地老板拖着工资不给", "xfj-01"),
        ("老板不给工资，我要上访", "xfj-01"),
        ("我要上访，去哪里", None),  # a question asks how, it does not begin
        ("我要上访", None),  # a sentence of its own is ``owner``'s
        ("工地老板拖着工资不给，上访", None),
    ],
)
def test_a_wish_with_its_reason(lexicon: Lexicon, text: str, owner: str | None) -> None:
    wordings = Wordings([make_owner("xfj-01", "在线信访申报", "我要上访", "上访")], ENTRIES)
    found = wordings.wished(normalize(text, lexicon))
    assert (found[1].id if found is not None else None) == owner
