"""Stand-ins and makers that several tests share."""

from __future__ import annotations

from typing import Any

import numpy as np

from knowledge.units import Owner, Unit

DIMENSION = 16


class HashEncoder:
    """Stands in for the encoder: the mean of one fixed random vector a character. Cheap, and alike texts are near."""

    dimension = DIMENSION

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: list[str], batch_size: int = 16) -> np.ndarray:
        self.encoded += texts
        rows = [np.mean([self._character(c) for c in text], axis=0) for text in texts]
        return np.stack([row / np.linalg.norm(row) for row in rows]).astype(np.float32)

    @staticmethod
    def _character(character: str) -> np.ndarray:
        return np.random.default_rng(ord(character)).normal(size=DIMENSION)


def make_owner(owner_id: str, *texts: str, group: str = "g", service_id: str | None = None) -> Owner:
    """Make an owner: the first text is its question, the others are variants."""
    roles: tuple[Any, ...] = ("question", *["variant"] * (len(texts) - 1))
    units = tuple(Unit(text, owner_id, role) for text, role in zip(texts, roles, strict=True))
    return Owner(owner_id, texts[0], group, service_id, units)


def service_document(service_id: str = "rsj-04", **changes: Any) -> dict[str, Any]:
    """Return the smallest valid declaration of a service, with ``changes``."""
    return {
        "id": service_id,
        "name": "社保卡补办",
        "department": "市人社局",
        "kind": "办理",
        "summary": "社保卡丢失或损坏后重新制卡",
        "spoken": "社保卡丢了可以补办。",
        "audience": "参保人员",
        "fee": "免费",
        "time_limit": "5个工作日",
        "channels": ["线上办理"],
        "theme": "社会保障",
        "aliases": ["补社保卡", "社保卡挂失补办", "重新办社保卡", "社保卡补换"],
        **changes,
    }
