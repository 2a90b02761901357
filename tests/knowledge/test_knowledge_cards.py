"""Check what a citizen reads of a service and of an entry."""

from __future__ import annotations

from typing import Any

import pytest
from knowledge_helpers import fill, service_document
from sqlalchemy.orm import Session

from knowledge.cards import entry_card, service_card, service_summary
from knowledge.declaration import ServiceDeclaration
from knowledge.repository import EntryRepository, ServiceRepository
from knowledge.schemas import ServiceCard


def card(session: Session, **changes: Any) -> ServiceCard:
    services = ServiceRepository(session)
    services.save(ServiceDeclaration.model_validate(service_document(**changes)), "seed")
    session.flush()
    return service_card(services.get("rsj-04"))


@pytest.mark.parametrize(
    ("changes", "badges"),
    [
        ({"fee": "免费", "time_limit": "5个工作日"}, ["免费", "5个工作日"]),
        ({"fee": "工本费二十元", "time_limit": "以部门公布的时间为准"}, []),
        ({"fee": "不收费", "time_limit": "从受理之日起三十个工作日内办结"}, ["免费"]),
        ({"fee": "免费", "time_limit": "即时", "identity_level": 2}, ["需实名", "免费", "即时"]),
        ({"fee": "免费", "time_limit": "即时", "identity_level": 4}, ["需高级实名", "免费", "即时"]),
    ],
)
def test_badges_say_only_what_is_short_and_sure(session: Session, changes: dict[str, Any], badges: list[str]) -> None:
    assert card(session, **changes).badges == badges


def test_what_can_be_fetched_is_not_asked_for(session: Session) -> None:
    materials = [
        {"name": "身份证", "source": "本人提供", "note": "原件"},
        {"name": "户口簿", "source": "电子证照"},
        {"name": "参保记录", "source": "数据共享"},
    ]
    sections = {section.heading: section for section in card(session, materials=materials).sections}
    assert sections["要带什么"].items == ["身份证（原件）", "户口簿、参保记录：可用电子证照或由部门核验，不用交复印件"]


def test_empty_sections_are_left_out(session: Session) -> None:
    shown = card(session, steps=["申请", "审核", "领卡"])
    headings = [section.heading for section in shown.sections]
    assert "依据" not in headings
    assert "要带什么" not in headings
    assert next(section for section in shown.sections if section.heading == "怎么办").ordered
    assert shown.transactional is False


def test_summary_and_entry(session: Session) -> None:
    fill(session)
    session.flush()
    summary = service_summary(ServiceRepository(session).get("swj-01"))
    assert (summary.name, summary.department, summary.kind) == ("水费缴纳", "市水务集团", "缴费")
    entry = entry_card(EntryRepository(session).get("qa-rsj-001"))
    assert (entry.question, entry.source.kind, entry.source.sample) == ("养老金什么时候发？", "qa", True)
    assert entry.related == []
