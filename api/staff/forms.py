"""The form of a Q&A entry: read, checked, with a Chinese sentence for each field that is wrong."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from api.text import clean
from knowledge.models import QaEntry, Service

FIELDS = (
    "question", "variants", "answer", "spoken", "department_id", "services", "valid_from", "valid_to", "tags", "source",
)  # fmt: skip
_LIMITS = {"question": 200, "answer": 10_000, "spoken": 500, "source": 200}
_NAMES = {"question": "问题", "answer": "回答", "spoken": "朗读文字", "source": "来源"}


@dataclass
class EntryForm:
    """``values`` are what the form shows, ``changes`` what the repository takes when there are no ``errors``."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)


def blank(department: str | None = None, question: str = "") -> EntryForm:
    values = dict.fromkeys(FIELDS, "") | {"department_id": department or "", "question": question}
    return EntryForm(values)


def of_entry(entry: QaEntry) -> EntryForm:
    """Return the form as it stands for an entry."""
    return EntryForm(
        {
            "question": entry.question,
            "variants": "\n".join(variant.text for variant in entry.variants),
            "answer": entry.answer,
            "spoken": entry.spoken,
            "department_id": entry.department_id,
            "services": "\n".join(f"{service.id} {service.name}" for service in entry.services),
            "valid_from": entry.valid_from.isoformat() if entry.valid_from else "",
            "valid_to": entry.valid_to.isoformat() if entry.valid_to else "",
            "tags": " ".join(entry.tags),
            "source": entry.source,
        }
    )


def lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def read(posted: dict[str, str], departments: set[str], services: list[Service]) -> EntryForm:
    """Check what was posted against the departments the editor may use and the services that exist."""
    form = EntryForm({name: clean(posted.get(name, "")) for name in FIELDS})
    values, errors, changes = form.values, form.errors, form.changes
    for name, limit in _LIMITS.items():
        if not values[name] and name in ("question", "answer"):
            errors[name] = f"请填写{_NAMES[name]}。"
        elif len(values[name]) > limit:
            errors[name] = f"{_NAMES[name]}最多 {limit} 个字，现在有 {len(values[name])} 个字。"
        changes[name] = values[name]
    if not changes["spoken"] and "question" not in errors:
        errors["spoken"] = "请写一两句朗读文字，给听的人用。"
    if values["department_id"] not in departments:
        errors["department_id"] = "请选择部门。"
    changes["department_id"] = values["department_id"]
    changes["variants"] = lines(values["variants"])
    if len(changes["variants"]) > 200 or any(len(line) > 200 for line in changes["variants"]):
        errors["variants"] = "最多 200 种问法，每种最多 200 个字。"
    changes["tags"] = list(dict.fromkeys(values["tags"].replace("，", " ").replace(",", " ").split()))[:20]
    for name in ("valid_from", "valid_to"):
        try:
            changes[name] = dt.date.fromisoformat(values[name]) if values[name] else None
        except ValueError:
            errors[name] = "日期写成 2026-01-31 这样。"
    start, end = changes.get("valid_from"), changes.get("valid_to")
    if start and end and end < start:
        errors["valid_to"] = "结束日期不能早于开始日期。"
    known = {service.id: service.id for service in services} | {service.name: service.id for service in services}
    changes["services"] = []
    for line in lines(values["services"]):
        found = known.get(line) or known.get(line.split()[0])
        if found is None:
            errors["services"] = f"没有“{line[:30]}”这个事项，请填事项编号或全名。"
        else:
            changes["services"].append(found)
    return form
