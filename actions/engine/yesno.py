"""A question that is answered with yes or no: its two buttons, and reading the answer."""

from __future__ import annotations

import re

from actions.engine.context import Outcome, TurnInput
from actions.engine.reading import wanted_types
from actions.engine.state import Awaiting, Desk, Matter
from actions.texts import say
from knowledge.declaration import ServiceDeclaration
from nlu.cues import REFUSE
from wenban.turns import Choice, Message

SHORT = 12  # characters; a longer sentence says something else, or refuses in so many words
NO = re.compile(
    r"不(同意|用|要|行|愿|想|肯|可以|中|好$)|别(用|调|查|看)|重新|自己(交|传|来)|^(不|否)[了吧。！]*$|换(一|个|张)"
)
YES = re.compile(
    r"^(嗯+|对|行|中|好|是|可以|同意|没问题|没意见|愿意|调|用)(的|了|吧|啊|呀|嘞|它|这个|那个|上次的?|调取|啦)*[，,。！!]?$"
    r"|^(好的?|行|可以|嗯)?[，,]?(我)?(同意|用它|就用|还用|用上次|用原来|可以用|调吧|调取吧?)"
)


def said(turn: TurnInput, name: str) -> bool | None:
    """Return a yes or no to the open question, or None where neither was said."""
    if turn.payload:
        pressed = turn.payload.get("do") == "field" and turn.payload.get("field") == name
        return turn.payload.get("value") == "yes" if pressed else None
    text = turn.text.strip()
    if turn.act == "correct":
        return None  # "时间不是明天，是后天" is about a value
    if REFUSE.search(text) or (len(text) <= SHORT and NO.search(text)):
        return False
    return True if YES.match(text) or turn.act == "confirm" else None


def put(
    desk: Desk, declaration: ServiceDeclaration, matter: Matter, name: str, text: str, labels: tuple[str, str]
) -> Outcome:
    """Ask a question with two buttons; the answer comes back as a field of this name."""
    matter.gate = name
    wants = sorted({kind for f in declaration.fields for kind in (*wanted_types(f), f.name)})
    options = [say(path) for path in labels]
    desk.awaiting = Awaiting(phase="filling", name=name, type="boolean", options=options, wants=wants)
    choices = [button(name, value, path) for value, path in zip(("yes", "no"), labels, strict=True)]
    speech = text + say("consent.speech", yes=options[0], no=options[1])
    message = Message(type="question", text=text, speech=speech, service_id=declaration.id, choices=choices)
    return Outcome([message], {"status": "form", "awaiting": name})


def button(name: str, value: str, path: str) -> Choice:
    payload = {"do": "field", "field": name, "value": value, "label": say(path)}
    return Choice(label=say(path), payload=payload, style="primary" if value == "yes" else "plain")
