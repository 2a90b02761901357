"""What a citizen reads of a service or an entry."""

from __future__ import annotations

from knowledge.declaration import ServiceDeclaration
from knowledge.models import QaEntry, Service
from knowledge.schemas import EntryCard, ServiceCard, ServiceSummary
from wenban.turns import Section, Source

_LEVELS = {1: "需手机验证", 2: "需实名", 3: "需实名", 4: "需高级实名"}


def service_card(service: Service) -> ServiceCard:
    """Lay out a declaration as a card: who, conditions, materials, steps, fee, time, where, law."""
    declared = ServiceDeclaration.model_validate(service.declaration)
    badges = [level] if (level := _LEVELS.get(declared.identity_level)) else []
    if declared.fee.startswith(("免费", "不收费", "不收取", "无需费用")):
        badges.append("免费")
    if len(declared.time_limit) <= 10 and "公布" not in declared.time_limit:
        badges.append(declared.time_limit)
    materials = [
        material.name + (f"（{material.note}）" if material.note else "")
        for material in declared.materials
        if material.source == "本人提供"
    ]
    fetched = [material.name for material in declared.materials if material.source != "本人提供"]
    if fetched:
        materials.append("、".join(fetched) + "：可用电子证照或由部门核验，不用交复印件")
    sections = [
        ("谁能办", [declared.audience], False),
        ("条件", list(declared.conditions), False),
        ("要带什么", materials, False),
        ("怎么办", list(declared.steps), True),
        ("费用", [declared.fee], False),
        ("多久", [declared.time_limit], False),
        ("在哪办", [*declared.channels, *declared.places], False),
        ("电话", [f"{phone.name} {phone.number}" for phone in declared.phones], False),
        ("依据", list(declared.legal_basis), False),
    ]
    return ServiceCard(
        id=declared.id,
        name=declared.name,
        department=declared.department,
        kind=declared.kind,
        summary=declared.summary,
        spoken=declared.spoken,
        badges=badges,
        sections=[Section(heading=h, items=items, ordered=ordered) for h, items, ordered in sections if items],
        stage=declared.stage,
        theme=declared.theme,
        identity_level=declared.identity_level,
        transactional=declared.operation is not None,
        follow_ups=list(declared.follow_ups),
        family=declared.family.name if declared.family else None,
        family_field=declared.family.field if declared.family else "",
        family_cues=list(declared.family.cues) if declared.family else [],
        source=Source(
            kind="service",
            id=declared.id,
            department=declared.department,
            updated=service.updated_at.date().isoformat(),
            sample=declared.sample,
        ),
    )


def service_summary(service: Service) -> ServiceSummary:
    document = service.declaration
    return ServiceSummary(
        id=service.id,
        name=service.name,
        department=service.department.name,
        kind=service.kind,
        summary=document["summary"],
        stage=document.get("stage"),
        theme=document["theme"],
        transactional=document.get("operation") is not None,
    )


def entry_card(entry: QaEntry) -> EntryCard:
    return EntryCard(
        id=entry.id,
        question=entry.question,
        answer=entry.answer,
        spoken=entry.spoken,
        department=entry.department.name,
        services=[service.id for service in entry.services],
        source=Source(
            kind="qa",
            id=entry.id,
            department=entry.department.name,
            updated=entry.updated_at.date().isoformat(),
            sample=entry.sample,
        ),
    )
