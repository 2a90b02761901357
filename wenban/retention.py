"""How long personal data are kept: one rule a table, periods that a city sets."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import ColumnElement, delete, exists, or_, select
from sqlalchemy.orm import Session

from wenban import paths, trackers
from wenban.citizens import CitizenRecord, SavedValue, now
from wenban.consents import Consent
from wenban.far_tables import CALLBACKS, CONVERSATIONS, FILES, MATTERS, RELATIVES, SESSIONS
from wenban.materials import KeptMaterial
from wenban.ratings import OPEN, Rating, Rectification
from wenban.tracking import Notice, TrackedMatter


class RetentionSettings(BaseSettings):
    """Periods in days, read from ``WENBAN_KEEP_*``."""

    model_config = SettingsConfigDict(env_prefix="WENBAN_KEEP_", env_file=paths.home() / "settings.env", extra="ignore")

    conversation_days: int = Field(180, ge=1, description="conversations and messages after the last word")
    notice_days: int = Field(180, ge=1)
    matter_days: int = Field(1095, ge=1, description="submitted matters after the last change, call-backs")
    file_days: int = Field(90, ge=1, description="our copies of files that were handed in")
    material_days: int = Field(365, ge=1, description="materials and values kept for next time, after their last use")
    citizen_days: int = Field(1095, ge=1, description="citizens who have not been seen, with all that is theirs")
    consent_days: int = Field(1095, ge=1, description="consents as proof, once taken back or without their citizen")
    rating_days: int = Field(1095, ge=1, description="ratings whose rectification is closed")


@dataclass(frozen=True)
class Rule:
    """Rows of ``target`` for which ``where`` is true are deleted."""

    name: str
    target: Any
    where: ColumnElement[bool]


def _rules(settings: RetentionSettings, moment: dt.datetime) -> list[Rule]:
    def before(days: int) -> dt.datetime:
        return moment - dt.timedelta(days=days)

    def orphaned(kept: type[SavedValue] | type[KeptMaterial]) -> ColumnElement[bool]:
        known = exists(select(RELATIVES.c.id).where(RELATIVES.c.id == kept.relative_id))
        return (kept.relative_id != 0) & ~known

    under_way = exists(
        select(TrackedMatter.key).where(TrackedMatter.citizen_id == CitizenRecord.id, TrackedMatter.finished.is_(False))
    )
    open_case = exists(
        select(Rectification.id).where(Rectification.rating_id == Rating.id, Rectification.status.in_(OPEN))
    )
    materials, consents = before(settings.material_days), before(settings.consent_days)
    return [
        Rule("citizen_sessions", SESSIONS, SESSIONS.c.expires_at < moment),
        Rule("relatives", RELATIVES, RELATIVES.c.expires_at < moment),
        Rule("saved_values", SavedValue, or_(SavedValue.used_at < materials, orphaned(SavedValue))),
        Rule("kept_materials", KeptMaterial, or_(KeptMaterial.used_at < materials, orphaned(KeptMaterial))),
        Rule("citizens", CitizenRecord, (CitizenRecord.seen_at < before(settings.citizen_days)) & ~under_way),
        Rule("conversations", CONVERSATIONS, CONVERSATIONS.c.last_at < before(settings.conversation_days)),
        Rule("notices", Notice, Notice.created_at < before(settings.notice_days)),
        Rule(
            "tracked_matters",
            TrackedMatter,
            TrackedMatter.finished.is_(True) & (TrackedMatter.updated_at < before(settings.matter_days)),
        ),
        Rule(
            "matters",
            MATTERS,
            (MATTERS.c.updated_at < before(settings.matter_days)) & (MATTERS.c.status != "pending"),
        ),
        Rule(
            "callback_requests",
            CALLBACKS,
            (CALLBACKS.c.status != "open") & (CALLBACKS.c.created_at < before(settings.matter_days)),
        ),
        Rule(
            "attachments",
            FILES,
            FILES.c.matter_key.is_not(None) & (FILES.c.created_at < before(settings.file_days)),
        ),
        Rule(
            "consents",
            Consent,
            or_(Consent.withdrawn_at < consents, Consent.citizen_id.is_(None) & (Consent.agreed_at < consents)),
        ),
        Rule("ratings", Rating, (Rating.created_at < before(settings.rating_days)) & ~open_case),
    ]


def sweep(
    session: Session, settings: RetentionSettings | None = None, moment: dt.datetime | None = None
) -> dict[str, int]:
    """Delete what has been kept for its time; return how many rows of which tables went."""
    settings, moment = settings or RetentionSettings(), moment or now()
    counts = {}
    for rule in _rules(settings, moment):
        if rule.target is CONVERSATIONS:
            trackers.forget(list(session.scalars(select(CONVERSATIONS.c.id).where(rule.where))))
        gone: Any = session.execute(
            delete(rule.target).where(rule.where), execution_options={"synchronize_session": False}
        )
        counts[rule.name] = int(gone.rowcount)
    return {name: count for name, count in counts.items() if count}
