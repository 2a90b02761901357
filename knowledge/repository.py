"""Every statement on the knowledge tables. Reads for citizens go through ``published`` alone."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import uuid
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, lazyload, load_only, selectinload
from sqlalchemy.orm.exc import StaleDataError

from knowledge.declaration import QaDeclaration, ServiceDeclaration
from knowledge.models import (
    AuditRecord,
    Department,
    Publication,
    QaEntry,
    QaVariant,
    Service,
    UnansweredQuery,
)

SEED = "seed"  # the actor of what the content files write
EDITABLE = ("question", "answer", "spoken", "department_id", "tags", "valid_from", "valid_to", "source")


class NotFound(Exception):
    """There is no such row."""


class StaleVersion(Exception):
    """Somebody else saved this entry first."""


def digest(document: dict[str, Any]) -> str:
    """Return a digest of a JSON document that does not depend on key order."""
    return hashlib.sha256(json.dumps(document, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def in_force(today: dt.date | None = None) -> ColumnElement[bool]:
    """The one condition under which a citizen may see an entry: published and inside its dates."""
    day = today or dt.date.today()
    return and_(
        QaEntry.status == "published",
        or_(QaEntry.valid_from.is_(None), QaEntry.valid_from <= day),
        or_(QaEntry.valid_to.is_(None), QaEntry.valid_to >= day),
    )


class DepartmentRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def all(self) -> Sequence[Department]:
        return self.session.scalars(select(Department).order_by(Department.id)).all()

    def ensure(self, department_id: str, name: str) -> Department:
        """Return the department, created if it is new."""
        department = self.session.get(Department, department_id)
        if department is None:
            department = Department(id=department_id, name=name)
            self.session.add(department)
            self.session.flush()
        return department


class _Audited:
    def __init__(self, session: Session) -> None:
        self.session = session

    def audit(self, actor: str, action: str, kind: str, target: str, before: Any, after: Any) -> None:
        self.session.add(
            AuditRecord(actor=actor, action=action, target_kind=kind, target_id=target, before=before, after=after)
        )

    def announce(self, kind: str, target: str) -> None:
        """Tell every index replica that what citizens see has changed."""
        self.session.add(Publication(target_kind=kind, target_id=target))


class ServiceRepository(_Audited):
    def all(self) -> Sequence[Service]:
        """Return every published service."""
        return self.session.scalars(select(Service).where(Service.status == "published").order_by(Service.id)).all()

    def get(self, service_id: str) -> Service:
        service = self.session.get(Service, service_id)
        if service is None:
            raise NotFound(service_id)
        return service

    def save(self, declaration: ServiceDeclaration, actor: str) -> bool:
        """Insert or update a service from its declaration; return whether anything changed."""
        document = declaration.model_dump(mode="json")
        mark = digest(document)
        service = self.session.get(Service, declaration.id)
        if service is not None and service.digest == mark and service.status == "published":
            return False
        department = DepartmentRepository(self.session).ensure(declaration.id.split("-")[0], declaration.department)
        before = service.declaration if service else None
        if service is None:
            service = Service(id=declaration.id)
            self.session.add(service)
        service.department_id = department.id
        service.name, service.kind, service.sample = declaration.name, declaration.kind, declaration.sample
        service.declaration, service.digest, service.status = document, mark, "published"
        self.session.flush()
        self.audit(actor, "save", "service", service.id, before, document)
        self.announce("service", service.id)
        return True

    def differs(self, declaration: ServiceDeclaration) -> bool:
        """Say whether the stored service is another than ``declaration``."""
        service = self.session.get(Service, declaration.id)
        return service is None or service.digest != digest(declaration.model_dump(mode="json"))

    def withdraw(self, service_id: str, actor: str) -> bool:
        """Take a service down; return whether it was up."""
        service = self.get(service_id)
        if service.status != "published":
            return False
        service.status = "withdrawn"
        self.session.flush()
        self.audit(actor, "withdraw", "service", service_id, {"status": "published"}, {"status": "withdrawn"})
        self.announce("service", service_id)
        return True

    def writers(self) -> dict[str, str]:
        """Return for each service who changed it last."""
        last = select(func.max(AuditRecord.id)).where(AuditRecord.target_kind == "service")
        query = select(AuditRecord.target_id, AuditRecord.actor).where(
            AuditRecord.id.in_(last.group_by(AuditRecord.target_id))
        )
        return {row.target_id: row.actor for row in self.session.execute(query)}


class EntryRepository(_Audited):
    def list(
        self,
        status: str | None = None,
        department: str | None = None,
        q: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[Sequence[QaEntry], int]:
        """Return a page of entries for staff, newest change first, and how many there are in all."""
        query = select(QaEntry)
        if status:
            query = query.where(QaEntry.status == status)
        if department:
            query = query.where(QaEntry.department_id == department)
        if q:
            escaped = re.sub(r"([%_\\])", r"\\\1", q)
            like = f"%{escaped}%"
            matches = select(QaVariant.entry_id).where(QaVariant.text.like(like, escape="\\"))
            query = query.where(
                or_(
                    QaEntry.question.like(like, escape="\\"),
                    QaEntry.answer.like(like, escape="\\"),
                    QaEntry.id == q,
                    QaEntry.id.in_(matches),
                )
            )
        total = self.session.scalar(select(func.count()).select_from(query.subquery())) or 0
        page = query.order_by(QaEntry.updated_at.desc(), QaEntry.id).limit(limit).offset(offset)
        return self.session.scalars(page).unique().all(), total

    def published(self, today: dt.date | None = None) -> Sequence[QaEntry]:
        """Return every entry a citizen may see today."""
        # Only the ids of the linked services: their declarations are large, and this runs at every publication.
        ids = selectinload(QaEntry.services).options(load_only(Service.id), lazyload(Service.department))
        query = select(QaEntry).where(in_force(today)).options(ids).order_by(QaEntry.id)
        return self.session.scalars(query).unique().all()

    def get(self, entry_id: str) -> QaEntry:
        entry = self.session.get(QaEntry, entry_id)
        if entry is None:
            raise NotFound(entry_id)
        return entry

    def create(self, actor: str, variants: Sequence[str] = (), services: Sequence[str] = (), **fields: Any) -> QaEntry:
        """Create a draft; ``fields`` are column values, ``id`` is made up when it is not given."""
        entry = QaEntry(id=fields.pop("id", None) or f"qa-{uuid.uuid4().hex[:12]}", updated_by=actor, **fields)
        entry.status = fields.get("status", "draft")
        self.session.add(entry)
        self._set_lists(entry, variants, services)
        self.session.flush()
        self.audit(actor, "create", "qa", entry.id, None, snapshot(entry))
        return entry

    def update(self, entry_id: str, version: int, actor: str, **changes: Any) -> QaEntry:
        """Change an entry that still has ``version``.

        Raises:
            StaleVersion: if it was saved by somebody else meanwhile.
        """
        entry = self.get(entry_id)
        if entry.version != version:
            raise StaleVersion(entry_id)
        before = snapshot(entry)
        for name in EDITABLE:
            if name in changes:
                setattr(entry, name, changes[name])
        self._set_lists(entry, changes.get("variants"), changes.get("services"))
        entry.updated_by, entry.updated_at = actor, dt.datetime.now(dt.UTC).replace(tzinfo=None)
        self._flush(entry_id)
        self.audit(actor, "update", "qa", entry.id, before, snapshot(entry))
        if entry.status == "published":
            self.announce("qa", entry.id)
        return entry

    def publish(self, entry_id: str, actor: str) -> QaEntry:
        return self._set_status(entry_id, "published", "publish", actor)

    def withdraw(self, entry_id: str, actor: str) -> QaEntry:
        return self._set_status(entry_id, "withdrawn", "withdraw", actor)

    def everything(self) -> dict[str, QaEntry]:
        """Return every entry by its id, whatever its status."""
        return {entry.id: entry for entry in self.session.scalars(select(QaEntry)).unique()}

    def seed(
        self, declaration: QaDeclaration, department_id: str, source: str, sample: bool
    ) -> Literal["same", "changed", "kept"]:
        """Have an entry follow its file; one that staff have touched is "kept" as they have it."""
        fields = declaration.model_dump(exclude={"variants", "services"})
        fields |= {"department_id": department_id, "source": source, "sample": sample, "status": "published"}
        entry = self.session.get(QaEntry, declaration.id)
        if entry is None:
            self.create(SEED, declaration.variants, declaration.services, **fields)
            self.announce("qa", declaration.id)
            return "changed"
        wanted = list(dict.fromkeys(text.strip() for text in declaration.variants))
        linked = {service.id for service in entry.services}
        same = all(getattr(entry, name) == value for name, value in fields.items())
        same = (
            same
            and [v.text for v in entry.variants] == wanted
            and linked == self._service_ids.intersection(declaration.services)
        )
        if same or entry.updated_by != SEED:
            return "same" if same else "kept"
        before = snapshot(entry)
        for name, value in fields.items():
            setattr(entry, name, value)
        self._set_lists(entry, declaration.variants, declaration.services)
        self._flush(entry.id)
        self.audit(SEED, "update", "qa", entry.id, before, snapshot(entry))
        self.announce("qa", entry.id)
        return "changed"

    @cached_property
    def _service_ids(self) -> set[str]:
        return set(self.session.scalars(select(Service.id)))

    def _set_status(self, entry_id: str, status: str, action: str, actor: str) -> QaEntry:
        entry = self.get(entry_id)
        before = snapshot(entry)
        entry.status, entry.updated_by = status, actor
        self._flush(entry_id)
        self.audit(actor, action, "qa", entry.id, before, snapshot(entry))
        self.announce("qa", entry.id)
        return entry

    def _flush(self, entry_id: str) -> None:
        try:
            self.session.flush()
        except StaleDataError as error:
            raise StaleVersion(entry_id) from error

    def _set_lists(self, entry: QaEntry, variants: Sequence[str] | None, services: Sequence[str] | None) -> None:
        if variants is not None:
            entry.variants = [QaVariant(text=text) for text in dict.fromkeys(v.strip() for v in variants) if text]
        if services is not None:
            entry.services = list(self.session.scalars(select(Service).where(Service.id.in_(services))).all())


class UnansweredRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def add(self, conversation_id: str, text: str, candidates: list[dict[str, Any]], in_scope: float) -> None:
        self.session.add(
            UnansweredQuery(conversation_id=conversation_id, text=text, candidates=candidates, in_scope=in_scope)
        )

    def list(self, limit: int = 50, offset: int = 0) -> tuple[Sequence[UnansweredQuery], int]:
        total = self.session.scalar(select(func.count()).select_from(UnansweredQuery)) or 0
        rows = select(UnansweredQuery).order_by(UnansweredQuery.id.desc()).limit(limit).offset(offset)
        return self.session.scalars(rows).all(), total


def publication_version(session: Session) -> int:
    """Return the version of what citizens may see; it grows with every publication."""
    return session.scalar(select(func.max(Publication.id))) or 0


def snapshot(entry: QaEntry) -> dict[str, Any]:
    """Return an entry as JSON, for the audit table."""
    return {
        "question": entry.question,
        "answer": entry.answer,
        "spoken": entry.spoken,
        "department": entry.department_id,
        "status": entry.status,
        "tags": entry.tags,
        "valid_from": entry.valid_from.isoformat() if entry.valid_from else None,
        "valid_to": entry.valid_to.isoformat() if entry.valid_to else None,
        "variants": [variant.text for variant in entry.variants],
        "services": [service.id for service in entry.services],
        "version": entry.version,
    }
