"""Each table is swept by its own rule: what is due goes, what is not due or still under way stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from actions.models import CallbackRequest, MatterRecord
from actions.tidying import tidy
from api.models import CitizenSession, Conversation, RelativeRecord
from wenban import crypto, plugins
from wenban.attachments import Attachment
from wenban.citizens import CitizenRecord, SavedValue
from wenban.cli import app
from wenban.consents import Consent
from wenban.database import Base, get_engine, session_scope
from wenban.materials import KeptMaterial
from wenban.ratings import Rating, Rectification
from wenban.retention import RetentionSettings, sweep
from wenban.settings import get_settings
from wenban.tracking import Notice, TrackedMatter

NOW = dt.datetime(2026, 11, 22, 12)
LONG_AGO, YESTERDAY = NOW - dt.timedelta(days=5000), NOW - dt.timedelta(days=1)
CITIZEN = {"subject": "s", "name": "王秀兰", "level": 2, "profile": {}}
TRACKED = {"kind": "application", "service_id": "a-1", "service_name": "x", "connector": "apply", "receipt_no": "R",
           "message": "", "steps": [], "lines": []}  # fmt: skip
MATTER = {"service_id": "a-1", "service_name": "x", "connector": "apply", "operation": "o", "fields": {}}
FILE = {"name": "a.jpg", "media_type": "image/jpeg", "size": 3, "content": b"abc"}
CONSENT = {"who": "d", "kind": "sensitive", "what": ["id_no"], "service_id": "a-1", "purpose": "x", "version": "1",
           "text": "t", "how": "given"}  # fmt: skip


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("WENBAN_HOME", str(tmp_path))
    for cached in (get_settings, get_engine, crypto._cipher):
        cached.cache_clear()
    plugins.import_models()
    Base.metadata.create_all(get_engine())
    yield
    get_engine().dispose()
    for cached in (get_settings, get_engine, crypto._cipher):
        cached.cache_clear()


def pairs(at: dt.datetime, tag: str) -> list[Any]:
    """One row of each table as old as ``at``."""
    return [
        Conversation(id=tag, last_at=at),
        Notice(key=tag, citizen_id=1, conversation_id=tag, kind="status", service_id="a-1", receipt_no="R", title="t",
               text="x", created_at=at),
        TrackedMatter(key=tag, citizen_id=1, conversation_id=tag, finished=True, updated_at=at, **TRACKED),
        MatterRecord(key=tag, conversation_id=tag, status="done", updated_at=at, **MATTER),
        CallbackRequest(key=tag, conversation_id=tag, details={}, receipt_no=tag, status="closed", created_at=at),
        Attachment(id=tag, conversation_id=tag, matter_key="m", sha256="0", created_at=at, **FILE),
        KeptMaterial(id=tag, citizen_id=1, kind="证明", service_name="x", used_at=at, **FILE),
        SavedValue(citizen_id=1, name=tag, label="l", value="v", service_name="x", used_at=at),
        Consent(withdrawn_at=at, agreed_at=at, **CONSENT | {"who": tag}),
        Rating(about=tag, stars=5, created_at=at),
        CitizenSession(token_hash=tag, citizen_id=1, level=2, csrf="c", expires_at=at),
    ]  # fmt: skip


SWEPT = {
    "conversations", "notices", "tracked_matters", "matters", "callback_requests", "attachments", "kept_materials",
    "saved_values", "consents", "ratings", "citizen_sessions",
}  # fmt: skip


def counts(session: Session) -> dict[str, int]:
    return {name: session.query(Base.metadata.tables[name]).count() for name in SWEPT}


def test_what_is_old_goes_and_what_is_new_stays() -> None:
    with session_scope() as session:
        session.add(CitizenRecord(id=1, key="k", seen_at=NOW, **CITIZEN))
        session.flush()
        session.add_all([*pairs(LONG_AGO, "old"), *pairs(YESTERDAY, "new")])
    with session_scope() as session:
        gone = sweep(session, moment=NOW)
    assert set(gone) == SWEPT
    with session_scope() as session:
        left = counts(session)
        assert left.pop("citizen_sessions") == 0, "both had ended"
        assert set(left.values()) == {1}
        assert session.get(Conversation, "new") is not None
        assert sweep(session, moment=NOW) == {}


def test_what_is_under_way_stays_however_old() -> None:
    with session_scope() as session:
        session.add(CitizenRecord(id=1, key="k", seen_at=LONG_AGO, **CITIZEN))
        session.flush()
        session.add_all([
            TrackedMatter(key="t", citizen_id=1, conversation_id="c", finished=False, updated_at=LONG_AGO, **TRACKED),
            MatterRecord(key="m", conversation_id="c", status="pending", updated_at=LONG_AGO, **MATTER),
            CallbackRequest(key="b", conversation_id="c", details={}, receipt_no="HD", created_at=LONG_AGO),
            Attachment(id="f", conversation_id="c", sha256="0", created_at=LONG_AGO, **FILE),
            Consent(agreed_at=LONG_AGO, citizen_id=1, **CONSENT),
        ])  # fmt: skip
        rating = Rating(about="r", stars=1, created_at=LONG_AGO)
        session.add(rating)
        session.flush()
        session.add(Rectification(rating_id=rating.id, due_on=NOW.date()))
    with session_scope() as session:
        assert sweep(session, moment=NOW) == {}


def test_a_citizen_who_has_not_been_seen_goes_with_all_that_is_theirs() -> None:
    with session_scope() as session:
        session.add(CitizenRecord(id=1, key="k", seen_at=LONG_AGO, **CITIZEN))
        session.flush()
        session.add_all([
            SavedValue(citizen_id=1, name="n", label="l", value="v", service_name="x", used_at=NOW),
            KeptMaterial(id="k", citizen_id=1, kind="证明", service_name="x", used_at=NOW, **FILE),
            Conversation(id="c", citizen_id=1, last_at=NOW),
            RelativeRecord(citizen_id=1, person={}, relation="子女", basis="guardian", status="agreed", evidence={}),
            Consent(agreed_at=NOW, citizen_id=1, **CONSENT),
        ])  # fmt: skip
    with session_scope() as session:
        assert sweep(session, moment=NOW) == {"citizens": 1}
    with session_scope() as session:
        for table in (SavedValue, KeptMaterial, Conversation, RelativeRecord):
            assert session.query(table).count() == 0, table
        assert session.query(Consent).one().citizen_id is None, "the proof stays, without a name"


def test_a_consent_of_a_relative_that_has_ended_takes_what_was_kept() -> None:
    with session_scope() as session:
        session.add(CitizenRecord(id=1, key="k", seen_at=NOW, **CITIZEN))
        session.flush()
        session.add_all([
            RelativeRecord(id=4, citizen_id=1, person={}, relation="父亲", basis="consent", status="agreed",
                           evidence={}, expires_at=YESTERDAY),
            KeptMaterial(id="k", citizen_id=1, relative_id=4, kind="证明", service_name="x", used_at=NOW, **FILE),
            KeptMaterial(id="o", citizen_id=1, relative_id=0, kind="证明", service_name="x", used_at=NOW, **FILE),
        ])  # fmt: skip
    with session_scope() as session:
        assert sweep(session, moment=NOW) == {"relatives": 1, "kept_materials": 1}


def test_periods_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENBAN_KEEP_NOTICE_DAYS", "7")
    with session_scope() as session:
        for tag, days in (("in", 6), ("out", 8)):
            session.add(
                Notice(key=tag, citizen_id=1, conversation_id="c", kind="status", service_id="a-1", receipt_no="R",
                       title="t", text="x", created_at=NOW - dt.timedelta(days=days))
            )  # fmt: skip
    with session_scope() as session:
        assert sweep(session, RetentionSettings(), NOW) == {"notices": 1}


def test_the_command_and_the_running_system_sweep() -> None:
    with session_scope() as session:
        session.add(Conversation(id="old", last_at=LONG_AGO))
    said = CliRunner().invoke(app, ["tidy"])
    assert (said.exit_code, said.output) == (0, "conversations: 1 deleted\n")
    assert "Nothing was due" in CliRunner().invoke(app, ["tidy"]).output
    assert tidy() == {}
