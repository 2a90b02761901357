"""Questions in the middle of a matter that the matter itself answers: what is owed, what is free."""

from __future__ import annotations

import re

from actions.connectors.client import ConnectorDown, ConnectorError, Connectors
from actions.connectors.contract import Item
from actions.engine.bills import named, payable, title_among, total
from actions.engine.context import Outcome, TurnInput, text_message
from actions.engine.showing import show_date
from actions.engine.state import Desk, Matter
from actions.texts import say
from knowledge.declaration import ServiceDeclaration
from nlu.cues import WHAT_ABOUT
from nlu.entities import extract

FREE = "free"  # what ``desk.asked`` remembers, so that "后天呢" asks the same of another day
_OWED = re.compile(r"几笔|多少笔|几个月|哪(几)?个月|哪些|加起来|一共|总共|合计|多少钱|几块|欠")
_IS_FREE = re.compile(
    r"(还有|有没有|有)(没有)?(空)?(号|位|票|空|名额|地方)|约满|满没满|满了[吗没]|还?剩(几|多少)|余(几|多少)|好约"
)


def about_bills(text: str, items: list[Item], chosen: list[str], turn: TurnInput) -> str | None:
    """Answer "一共欠几笔", "加起来多少", "第二笔多少钱" from the bills; None when the sentence asks something else."""
    if not _OWED.search(text):
        return None
    open_items = payable(items)
    picked = [item for item in open_items if item.id in named(text, open_items, turn.now)]
    rows = picked or open_items
    listed = "；".join(f"{title_among(item, items)} {item.amount:.2f} 元" for item in rows if item.amount is not None)
    if picked:
        return say("bills.these", listed=listed)
    answer = say("bills.all", n=len(rows), total=f"{total(rows, [item.id for item in rows]):.2f}", listed=listed)
    if chosen and len(chosen) < len(open_items):
        answer += say("bills.chosen", n=len(chosen), total=f"{total(open_items, chosen):.2f}")
    return answer


async def about_places(
    connectors: Connectors, declaration: ServiceDeclaration, matter: Matter, desk: Desk, turn: TurnInput
) -> Outcome | None:
    """Answer "后天还有号吗" from the department; nothing is filled by asking."""
    operation = declaration.operation
    slot = next((f.name for f in declaration.fields if f.type in ("period", "time")), None)
    again = desk.asked_before == FREE and WHAT_ABOUT.match(turn.text.strip()) is not None
    if operation is None or operation.kind != "appointment" or slot is None:
        return None
    if not again and not _IS_FREE.search(turn.text):
        return None
    said = [entity.value for entity in extract(turn.text, turn.now) if entity.type == "date"]
    day = said[-1] if said else matter.values.get("date")
    if day is None:
        return Outcome([text_message(say("places.which_day"))], {"status": "answered"})
    known = {k: v for k, v in matter.values.items() if isinstance(v, str | int | float)}
    # A hospital or a department named in the question is asked about, not filled.
    for field in declaration.fields:
        found = next((e.value for e in extract(turn.text, turn.now) if e.type in (field.prefill or "",)), None)
        if field.type == "choice" and isinstance(found, str):
            known[field.name] = found
    try:
        fields = {**known, "operation": operation.name, "date": day}
        choices = (await connectors.get(operation.connector).choices(slot, **fields)).choices
    except ConnectorDown:
        return Outcome([text_message(say("connector.down_query", department=declaration.department))])
    except ConnectorError as error:
        return Outcome([text_message(error.problem.message)], {"status": "answered"})
    desk.asked = FREE
    open_ones = [f"{o.label}{o.note}" for o in choices if o.available]
    path = "places.free" if open_ones else "places.none"
    return Outcome([text_message(say(path, day=show_date(day), slots="、".join(open_ones)))], {"status": "answered"})
