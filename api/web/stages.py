"""The panel of matters: eight life stages, and the rest by theme."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from knowledge.schemas import ServiceSummary

STAGES = {
    "医": "看病就医", "学": "上学就业", "住": "住房水电", "行": "交通出行",
    "生": "生育生活", "老": "养老退休", "病": "救助帮扶", "养": "社会保险",
}  # fmt: skip
REST = "其他"


@dataclass
class Group:
    key: str
    title: str
    services: list[ServiceSummary] = field(default_factory=list)


def grouped(services: Iterable[ServiceSummary]) -> list[Group]:
    """Return the eight stages in their order, then what belongs to none; transactions first in each."""
    groups = {key: Group(key, title) for key, title in STAGES.items()}
    rest = Group(REST, "其他事项")
    for service in services:
        groups.get(service.stage or "", rest).services.append(service)
    everything = [*groups.values(), rest] if rest.services else list(groups.values())
    for group in everything:
        group.services.sort(key=lambda service: (not service.transactional, service.id))
    return everything
