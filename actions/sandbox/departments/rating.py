"""好差评: one rating a matter or conversation; a bad one opens a rectification."""

from __future__ import annotations

from sqlalchemy import select

from actions.connectors.contract import Accepted
from actions.sandbox.checks import invalid, number
from actions.sandbox.department import Call, Department, lines
from actions.sandbox.matters import keep, subject
from actions.sandbox.matters import number as next_number
from actions.sandbox.problems import Refusal
from actions.sandbox.tables import Matter

rating = Department("rating")
LEVELS = ("", "非常不满意", "不满意", "基本满意", "满意", "非常满意")


def _about(call: Call) -> str:
    about = call.text("receipt_no") or call.text("conversation_id") or call.text("conversation")
    if not about:
        raise invalid(call, "receipt_no", "about_what")
    return subject(call, about)


@rating.submit("submit")
def rate(call: Call) -> Accepted:
    stars = int(number(call, "rating", 1, 5))
    about = _about(call)
    old = call.session.scalars(
        select(Matter).where(Matter.connector == call.connector, Matter.subject == about)
    ).first()
    if old is not None:
        raise Refusal("already_done", call.say("rated_before"))
    bad = stars <= 2
    reasons = call.fields.get("reasons") or call.text("reason")
    reason = call.say("list_join").join(reasons) if isinstance(reasons, list) else str(reasons)
    rows = lines({"评价": LEVELS[stars], "原因": reason, "整改": call.say("rectify") if bad else ""})
    receipt_no = next_number(call, "PJ")
    data = {"plan": "rectify" if bad else "", "lines": [[row.label, row.value] for row in rows]}
    keep(call, receipt_no, "case" if bad else "rating", call.say("title"), subject=about, data=data)
    message = call.say("thanks_bad" if bad else "thanks")
    return Accepted(receipt_no=receipt_no, status=call.say("st_received"), message=message, lines=rows)
