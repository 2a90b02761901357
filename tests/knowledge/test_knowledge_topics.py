"""A bare word is asked back about; anything more is searched for."""

from __future__ import annotations

import numpy as np
import pytest
from knowledge_helpers import make_owner

from knowledge.ranked import Ranked
from knowledge.topics import Topic, candidates_of, topic_of
from knowledge.units import Owner, Unit
from nlu.lexicon import Lexicon


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("医保", Topic("医保")),
        ("身份证。", Topic("身份证")),
        ("我想问一下医保的事", Topic("医保")),
        ("你好，公积金", Topic("公积金")),
        ("退休", Topic("退休")),
        ("查证书", Topic("证书", "查询")),
        ("查一下证书", Topic("证书", "查询")),
        ("预约疫苗", Topic("疫苗", "预约")),
    ],
)
def test_a_topic(lexicon: Lexicon, text: str, topic: Topic) -> None:
    assert topic_of(text, lexicon) == topic


@pytest.mark.parametrize(
    "text",
    ["水费咋交", "医保卡里还剩多少钱", "水", "", "12345", "北京的医保怎么报销", "我想问一下", "etc", "医保局的电话"],
)
def test_no_topic(lexicon: Lexicon, text: str) -> None:
    assert topic_of(text, lexicon) is None


def matter(owner_id: str, name: str, *aliases: str) -> Owner:
    units = [Unit(name, owner_id, "name"), *(Unit(alias, owner_id, "alias") for alias in aliases)]
    return Owner(owner_id, name, "查询", owner_id, tuple(units))


def ranked(*owners: Owner) -> Ranked:
    shares = [0.5 / 2**i for i in range(len(owners))]
    return Ranked(list(owners), shares, np.zeros((len(owners), 1)), ["" for _ in owners])


SERVICES = ranked(
    matter("ybj-01", "医保个人账户余额查询"),
    matter("swju-03", "居民社保缴费", "医保缴费"),
    matter("ybj-03", "医疗机构查询"),
    matter("ybj-05", "医保异地就医备案"),
)
ENTRIES = ranked(make_owner("qa-1", "医保局电话是多少？"), make_owner("qa-2", "社保卡怎么办？"))


def test_matters_first_and_one_question() -> None:
    found = candidates_of(Topic("医保"), SERVICES, ENTRIES)
    assert [one.id for one in found] == ["ybj-01", "swju-03", "qa-1"]


def test_only_matters_where_nothing_is_asked_about_it() -> None:
    assert [one.id for one in candidates_of(Topic("查询"), SERVICES, ranked())] == ["ybj-01", "ybj-03"]


def test_a_verb_leaves_matters_of_its_kind_by_title() -> None:
    assert [one.id for one in candidates_of(Topic("医保", "查询"), SERVICES, ENTRIES)] == ["ybj-01", "ybj-05"]
    assert candidates_of(Topic("医保", "缴费"), SERVICES, ENTRIES) == []
