"""Check the statements on the knowledge tables."""

from __future__ import annotations

import datetime as dt

import pytest
from knowledge_helpers import fill, service_document
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from knowledge.declaration import ServiceDeclaration
from knowledge.models import AuditRecord, Publication, UnansweredQuery
from knowledge.repository import (
    EntryRepository,
    NotFound,
    ServiceRepository,
    StaleVersion,
    UnansweredRepository,
    publication_version,
)
from wenban.database import session_scope

TODAY = dt.date(2026, 3, 10)


@pytest.fixture
def entries(session: Session) -> EntryRepository:
    fill(session)
    return EntryRepository(session)


def _draft(entries: EntryRepository, **fields: object) -> str:
    values = {"question": "居住证怎么办？", "answer": "去派出所。", "spoken": "去派出所。", "department_id": "rsj"}
    return entries.create("li", ["办居住证", " 办居住证 ", ""], ["rsj-04"], **{**values, **fields}).id


def _actions(session: Session, target: str) -> list[tuple[str, str]]:
    rows = session.scalars(select(AuditRecord).where(AuditRecord.target_id == target).order_by(AuditRecord.id))
    return [(row.actor, row.action) for row in rows]


def test_a_draft_is_not_seen_until_it_is_published(entries: EntryRepository) -> None:
    entry_id = _draft(entries)
    assert entry_id not in {entry.id for entry in entries.published()}
    entries.publish(entry_id, "wang")
    assert entry_id in {entry.id for entry in entries.published()}
    entries.withdraw(entry_id, "wang")
    assert entry_id not in {entry.id for entry in entries.published()}


def test_variants_are_trimmed_and_once_each(entries: EntryRepository) -> None:
    entry = entries.get(_draft(entries))
    assert [variant.text for variant in entry.variants] == ["办居住证"]
    assert [service.id for service in entry.services] == ["rsj-04"]


@pytest.mark.parametrize(
    ("since", "until", "seen"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (TODAY + dt.timedelta(1), None, False),
        (None, TODAY - dt.timedelta(1), False),
        (TODAY - dt.timedelta(1), TODAY + dt.timedelta(1), True),
    ],
)
def test_validity_dates(entries: EntryRepository, since: dt.date | None, until: dt.date | None, seen: bool) -> None:
    entry_id = _draft(entries, valid_from=since, valid_to=until)
    entries.publish(entry_id, "wang")
    assert (entry_id in {entry.id for entry in entries.published(TODAY)}) is seen


def test_the_second_of_two_editors_is_told(entries: EntryRepository) -> None:
    entry_id = _draft(entries)
    version = entries.get(entry_id).version
    entries.update(entry_id, version, "li", answer="去派出所窗口。")
    with pytest.raises(StaleVersion):
        entries.update(entry_id, version, "wang", answer="去街道。")
    assert entries.get(entry_id).answer == "去派出所窗口。"


def test_two_sessions_cannot_both_save(engine: Engine) -> None:
    with session_scope(engine) as first:
        fill(first)
        entry_id = _draft(EntryRepository(first))
    with session_scope(engine) as mine:
        version = EntryRepository(mine).get(entry_id).version
        with session_scope(engine) as theirs:
            EntryRepository(theirs).update(entry_id, version, "wang", answer="去街道。")
        with pytest.raises(StaleVersion):
            EntryRepository(mine).update(entry_id, version, "li", answer="去派出所窗口。")
        mine.rollback()


def test_every_change_is_audited_with_before_and_after(entries: EntryRepository) -> None:
    entry_id = _draft(entries)
    entries.update(entry_id, entries.get(entry_id).version, "wang", question="居住证如何办？", variants=["新说法"])
    entries.publish(entry_id, "zhao")
    entries.withdraw(entry_id, "zhao")
    assert _actions(entries.session, entry_id) == [
        ("li", "create"),
        ("wang", "update"),
        ("zhao", "publish"),
        ("zhao", "withdraw"),
    ]
    query = select(AuditRecord).where(AuditRecord.target_id == entry_id, AuditRecord.action == "update")
    change = entries.session.scalars(query).one()
    assert change.before is not None
    assert change.after is not None
    assert (change.before["question"], change.after["question"]) == ("居住证怎么办？", "居住证如何办？")
    assert change.after["variants"] == ["新说法"]


def test_the_version_moves_with_what_citizens_see_only(entries: EntryRepository) -> None:
    session = entries.session
    start = publication_version(session)
    entry_id = _draft(entries)
    entries.update(entry_id, entries.get(entry_id).version, "li", answer="改。")
    assert publication_version(session) == start
    entries.publish(entry_id, "li")
    published = publication_version(session)
    assert published > start
    entries.update(entry_id, entries.get(entry_id).version, "li", answer="再改。")
    changed = publication_version(session)
    assert changed > published
    entries.withdraw(entry_id, "li")
    assert publication_version(session) > changed


def test_saving_the_same_service_twice_changes_nothing(session: Session) -> None:
    services = ServiceRepository(session)
    assert services.save(ServiceDeclaration.model_validate(service_document()), "seed")
    session.flush()
    before = publication_version(session)
    assert not services.save(ServiceDeclaration.model_validate(service_document()), "seed")
    assert publication_version(session) == before
    assert services.save(ServiceDeclaration.model_validate(service_document(fee="10元")), "seed")
    assert services.get("rsj-04").declaration["fee"] == "10元"


def test_what_is_not_there(session: Session) -> None:
    assert publication_version(session) == 0
    with pytest.raises(NotFound):
        EntryRepository(session).get("qa-none")
    with pytest.raises(NotFound):
        ServiceRepository(session).get("none-01")


def test_staff_can_look_for_entries(entries: EntryRepository) -> None:
    entry_id = _draft(entries, question="百分之5%是多少？")
    assert [e.id for e in entries.list(status="draft")[0]] == [entry_id]
    assert [e.id for e in entries.list(q="5%")[0]] == [entry_id]
    assert entries.list(q="_")[1] == 0  # a wildcard of SQL is only a character
    assert [e.id for e in entries.list(q="退休金哪天发")[0]] == ["qa-rsj-001"]  # by a variant
    assert entries.list(department="gjj")[1] == 0
    assert entries.list(limit=1)[1] == 2


def test_unanswered_questions_are_encrypted_at_rest(session: Session) -> None:
    unanswered = UnansweredRepository(session)
    unanswered.add("c1", "火星移民怎么办", [], 0.1)
    session.flush()
    rows, total = unanswered.list()
    assert (rows[0].text, total) == ("火星移民怎么办", 1)
    raw = session.connection().exec_driver_sql(f"select text from {UnansweredQuery.__tablename__}").scalar_one()
    assert "火星".encode() not in (raw if isinstance(raw, bytes) else str(raw).encode())
    assert session.scalars(select(Publication)).all() == []
