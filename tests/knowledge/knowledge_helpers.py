"""Stand-ins and makers that several tests share."""

from __future__ import annotations

from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from knowledge.declaration import QaDeclaration, ServiceDeclaration
from knowledge.ranker import Ranker
from knowledge.repository import EntryRepository, ServiceRepository
from knowledge.scope import Gate
from knowledge.snapshot import Calibration
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


# Plain weights for catalogues of a few entries: nearness first; no gate; the nearer pool answers.
RANKER = Ranker([10, 5, 10, 1, 1, 3, 3, 5, 0])
CALIBRATION = Calibration(RANKER, RANKER, None, Gate([0] * 8, [1] * 8, [20] + [0] * 7, 0))
EXAMPLES = [("讲个笑话", "chat"), ("帮我写一首诗", "task"), ("今天股票怎么样", "other")]


def qa_document(entry_id: str = "qa-rsj-001", **changes: Any) -> dict[str, Any]:
    """Return a valid Q&A declaration, with ``changes``."""
    return {
        "id": entry_id,
        "question": "养老金什么时候发？",
        "variants": ["养老金几号到账", "退休金哪天发", "这个月养老金发了没"],
        "answer": "每月十五日前发放。",
        "spoken": "每月十五号之前发。",
        **changes,
    }


def fill(session: Session) -> None:
    """Put three services and one published entry into the database."""
    services = ServiceRepository(session)
    water = {"name": "水费缴纳", "department": "市水务集团", "kind": "缴费", "summary": "缴纳自来水费"}
    fund = {"name": "公积金余额查询", "department": "市公积金中心", "kind": "查询", "summary": "查公积金账户里有多少钱"}
    aliases = {
        "swj-01": ["交水费", "水费怎么交", "自来水缴费", "水费账单"],
        "gjj-01": ["查公积金", "公积金余额", "公积金有多少钱", "住房公积金账户"],
    }
    for service_id, changes in (("rsj-04", {}), ("swj-01", water), ("gjj-01", fund)):
        more = {"aliases": aliases[service_id]} if service_id in aliases else {}
        services.save(ServiceDeclaration.model_validate(service_document(service_id, **changes, **more)), "seed")
    EntryRepository(session).seed(QaDeclaration.model_validate(qa_document()), "rsj", "示例", True)
