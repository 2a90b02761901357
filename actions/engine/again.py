"""What can follow a matter that was submitted: an appointment is moved, an application is completed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from knowledge.declaration import ServiceDeclaration
from nlu.entities import extract

MOVES = ("desk-02", "desk-03", "desk-04")
SUPPLEMENT = "desk-05"
MOVE = re.compile(
    r"改(约|期|时间|日期|天|到|成|一天|个?(时间|日子|日期|钟点))|换(到|成|一天|个?(时间|日子|日期|钟点))"
    r"|(挪|推迟?|提前|延后?)(到|一天|几天|两天)|(去不了|来不了|没空).{0,8}(改|换|挪)"
)
SUPPLY = re.compile(
    r"补(交|充|上|齐|办)?.{0,4}材料|材料.{0,6}(补|齐了|有了|找到|开出来)|补正|(找到|开出来|开好|齐|有)了?.{0,6}(给(我|俺))?补(上|交)"
)

_BROUGHT = re.compile(
    r"^(?:那|这|我|俺)*(?:个|些)?(?P<what>.{2,20}?)(?:也|都|已经)*(?:找到|开出来|开好|拿到|办好|备齐)了"
)


def mover(connector: str, fields: Mapping[str, Any]) -> str | None:
    """Return the service that moves an appointment of ``connector`` with such ``fields``."""
    if connector == "hospital":
        return "desk-02"
    if connector == "booking":
        return "desk-04" if "time" in fields and "period" not in fields else "desk-03"
    return None


def mover_of(declaration: ServiceDeclaration) -> str | None:
    """Return the service that moves what ``declaration`` books; None where nothing is booked."""
    operation = declaration.operation
    if operation is None or operation.kind != "appointment" or operation.name == "reschedule":
        return None
    return mover(operation.connector, {field.name: None for field in declaration.fields})


def carried(receipt_no: str, before: Mapping[str, Any], said: str, now: datetime) -> dict[str, Any]:
    """Return what the form begins with: the receipt, and of day and time what the sentence leaves as it was."""
    kinds = {entity.type for entity in extract(said, now)}
    named = {"date": "date" in kinds, "period": bool(kinds & {"period", "time"}), "time": "time" in kinds}
    values: dict[str, Any] = {"receipt_no": receipt_no}
    if any(named.values()):
        values |= {name: before[name] for name, known in named.items() if not known and before.get(name)}
    return values


def brought(said: str) -> dict[str, str]:
    """Return the materials that "诊断证明和银行卡也找到了，给我补上" names, as the form has them."""
    found = _BROUGHT.match(said)
    return {} if found is None or found["what"].endswith("材料") else {"materials": found["what"]}
