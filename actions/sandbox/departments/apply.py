"""Applications: pre-examined, told at once what is missing, completed, moving along their plan."""

from __future__ import annotations

import re
from typing import Any

from actions.connectors.contract import Accepted, Item, Option, Quote
from actions.sandbox import papers
from actions.sandbox.checks import age, id_no, invalid, masked_name, need, phone
from actions.sandbox.department import Call, Department, lines
from actions.sandbox.matters import by_receipt, keep, number, refuse_second, subject
from actions.sandbox.problems import Refusal
from actions.sandbox.texts import data

APPLICATIONS: dict[str, dict[str, Any]] = data("applications")
apply = Department("apply")
_ALL = re.compile(r"都有|都齐|齐了|全有|齐全|都带|都准备|没问题|^有$|^齐$|全了")
_NONE = re.compile(r"都没|没有|没准备|啥也没|缺|差|少了")


def missing(call: Call, needed: list[dict[str, Any]]) -> list[str]:
    """Return the materials that were not named and that no licence of the applicant's covers; "都有" names all."""
    covered = {name for ref in call.licences if papers.genuine(call, ref, _holder(call)) for name in ref.covers}
    return [name for name in _unnamed(call, needed) if name not in covered]


def _holder(call: Call) -> str:
    return call.text("id_no").upper()


def _unnamed(call: Call, needed: list[dict[str, Any]]) -> list[str]:
    given = call.fields.get("materials") or ""
    text = "、".join(map(str, given)) if isinstance(given, list) else str(given)
    if _ALL.search(text) and not _NONE.search(text):
        return []
    clauses = [clause for clause in re.split(r"[，,。；;、和跟]", text) if clause and not _NONE.search(clause)]
    return [row["name"] for row in needed if not any(word in clause for word in row["words"] for clause in clauses)]


def _check(call: Call, form: dict[str, Any]) -> None:
    """Refuse who may not apply."""
    need(call, "name")
    number_ = id_no(call)
    phone(call)
    limits = form.get("age")
    who = id_no(call, limits["field"]) if limits else number_
    if limits and not limits["from"] <= age(who, call.clock.today()) <= limits["to"]:
        raise Refusal("not_eligible", form["age"]["message"])
    for field in form.get("needs", []):
        need(call, field)


@apply.choices("business")
def kinds(call: Call) -> list[Option]:
    return [Option(value=kind, label=kind) for kind in APPLICATIONS.get(call.operation, {}).get("business", [])]


@apply.quote(*APPLICATIONS)
def examine(call: Call) -> Quote:
    """Pre-examine: which materials are still missing."""
    form = APPLICATIONS[call.operation]
    gaps = missing(call, form["materials"])
    items = [Item(id=f"material-{n}", title=name) for n, name in enumerate(gaps, 1)]
    key = "examined_missing" if gaps else "examined_fine"
    return Quote(message=call.say(key, missing=call.say("list_join").join(gaps)), items=items)


@apply.submit(*APPLICATIONS)
def submit(call: Call) -> Accepted:
    form = APPLICATIONS[call.operation]
    _check(call, form)
    about = subject(call, call.text("id_no"), call.text("child_id_no"), call.text("business"))
    refuse_second(call, about, "applied_before")
    gaps = missing(call, form["materials"])
    receipt_no = number(call, "SQ")
    rows = lines(
        {
            "申请事项": form["title"],
            "申请人": masked_name(call.text("name")),
            "业务类型": call.text("business"),
            "电子证照": call.say("list_join").join(ref.kind for ref in call.licences),
            "还缺材料": call.say("list_join").join(gaps),
        }
    )
    shown = [[row.label, row.value] for row in rows if row.label != "还缺材料"]
    stored = {"plan": form["plan"], "missing": gaps, "lines": shown}
    keep(call, receipt_no, "case", form["title"], subject=about, state="missing" if gaps else "open", data=stored)
    return _answer(call, receipt_no, form["title"], gaps, rows)


@apply.submit("supplement")
def supplement(call: Call) -> Accepted:
    """Hand in what was missing; the case starts its course once nothing is."""
    matter = by_receipt(call, need(call, "receipt_no"))
    if matter.state != "missing":
        raise invalid(call, "receipt_no", "nothing_missing")
    wanted = [row for row in APPLICATIONS[matter.operation]["materials"] if row["name"] in matter.data["missing"]]
    gaps = missing(call, wanted)
    matter.data = {**matter.data, "missing": gaps}
    if not gaps:
        matter.state, matter.submitted_at = "open", call.clock.now()
    rows = lines({"申请事项": matter.title, "还缺材料": call.say("list_join").join(gaps)})
    return _answer(call, matter.receipt_no, matter.title, gaps, rows)


def _answer(call: Call, receipt_no: str, title: str, gaps: list[str], rows: list[Any]) -> Accepted:
    key = "taken_missing" if gaps else "taken"
    message = call.say(key, title=title, missing=call.say("list_join").join(gaps))
    status = call.say("st_missing" if gaps else "st_accepted")
    return Accepted(receipt_no=receipt_no, status=status, message=message, lines=rows, missing=gaps)
