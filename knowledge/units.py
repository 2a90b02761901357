"""Units: the short texts by which a service or an entry can be found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

PoolName = Literal["service", "qa"]
Role = Literal["name", "alias", "variant", "summary", "question"]


@dataclass(frozen=True)
class Unit:
    """One searchable text and whose it is."""

    text: str
    owner: str
    role: Role


@dataclass(frozen=True)
class Owner:
    """A service or an entry as the ranking sees it; ``group`` is its kind (service) or department (entry)."""

    id: str
    title: str
    group: str
    service_id: str | None
    units: tuple[Unit, ...]


def service_owner(declaration: dict[str, Any]) -> Owner:
    """Make the units of a service from its declaration."""
    service_id = declaration["id"]
    units = [Unit(declaration["name"], service_id, "name"), Unit(declaration["summary"], service_id, "summary")]
    units += [Unit(text, service_id, "alias") for text in declaration["aliases"]]
    units += [Unit(text, service_id, "variant") for text in declaration["variants"]]
    return Owner(service_id, declaration["name"], declaration["kind"], service_id, tuple(units))


def entry_owner(entry_id: str, question: str, variants: list[str], services: list[str], department: str) -> Owner:
    """Make the units of a Q&A entry."""
    units = [Unit(question, entry_id, "question"), *(Unit(text, entry_id, "variant") for text in variants)]
    return Owner(entry_id, question, department, services[0] if services else None, tuple(units))
