"""Judge a dialogue act in its context.

The classifier hears a sentence alone. What it means depends on what was asked: "两点" in a form is a value, "行"
after a review submits, the same "行" elsewhere is small talk. ``judge`` decides with the classifier's ranking,
the text and the situation, and is a pure function, so that a table can test it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nlu import commands, cues
from nlu.entities import Entity, extract, parse_as
from nlu.followup import names_something

# Acts that give the form something; every other act interrupts it.
FORM_ACTS = frozenset({"inform", "correct", "confirm", "deny", "skip", "go_back", "review", "choose"})
# Acts about the conversation itself: they mean the same wherever they are said.
CONTROL_ACTS = frozenset(
    {
        "repeat",
        "slower",
        "faster",
        "louder",
        "stop",
        "elder_mode",
        "standard_mode",
        "human",
        "cancel",
        "resume",
        "my_records",
        "rate",
        "cancel_matter",
    }
)
PAYLOAD_ACTS = {
    "start": "start",
    "ask": "ask",
    "entry": "ask",
    "card": "ask",
    "field": "inform",
    "edit": "correct",
    "confirm": "confirm",
    "cancel": "cancel",
    "human": "human",
    "choose": "choose",
    "resume": "resume",
    "rate": "rate",
    "theme": "start",
    "attach": "inform",
    "back": "go_back",
    "say": "ask",
    "records": "my_records",
    "cancel_matter": "cancel_matter",
    "progress": "progress",
    "more": "repeat",  # reads on
}
# What a citizen may begin with, and what a question may be.
OPENING_ACTS = frozenset({"ask", "start", "query", "progress", "complain", "chitchat", "out_of_scope", "gibberish"})
VOICE_ACTS = frozenset({"stop", "slower", "faster", "louder", "repeat"})
NOT_OURS = frozenset({"out_of_scope", "chitchat", "abuse", "gibberish"})
ASKING_ACTS = frozenset({"ask", "query", "progress", "human", "out_of_scope", "chitchat"})
TYPED = frozenset(
    {
        "person",
        "id_no",
        "phone",
        "date",
        "period",
        "time",
        "month",
        "account",
        "plate",
        "receipt",
        "amount",
        "percent",
        "number",
        "boolean",
        "choice",
        "place",
    }
)

_POLITE = frozenset("的了吧呀啊哦嗯呢就那我是要想把，。,.!！?？、 在去到给")


@dataclass(frozen=True)
class Situation:
    """What the assistant waits for: ``phase`` is "", "filling", "confirm" or "choosing".

    ``offered`` are the labels of the buttons that "第二个" may mean, of which ``more`` are still to be read out.
    """

    phase: str = ""
    field_type: str = ""
    field_name: str = ""
    options: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    done: bool = False
    asked: str = ""
    offered: tuple[str, ...] = ()
    more: bool = False

    @classmethod
    def of(cls, desk: Mapping[str, Any]) -> Situation:
        """Read the situation from the conversation's ``desk`` slot."""
        awaiting = desk.get("awaiting") or {}
        phase = awaiting.get("phase", "")
        offer = desk.get("offer") or {}
        choices = [c for c in offer.get("choices") or () if phase != "filling" or c["payload"].get("do") == "field"]
        return cls(
            phase,
            awaiting.get("type", ""),
            awaiting.get("name", ""),
            tuple(awaiting.get("options") or ()),
            tuple(awaiting.get("wants") or ()),
            bool(desk.get("done")),
            str(desk.get("asked") or ""),
            tuple(str(choice["label"]) for choice in choices),
            len(choices) > offer.get("read", 0),
        )


def judge(
    ranking: Mapping[str, float],
    text: str,
    situation: Situation,
    now: datetime,
    payload: Mapping[str, Any] | None = None,
) -> tuple[str, float]:
    """Return (act, confidence)."""
    if payload:
        return PAYLOAD_ACTS.get(str(payload.get("do")), "ask"), 1.0
    text = text.strip()
    act, confidence = _top(ranking)
    if act in VOICE_ACTS and (names_something(text) or cues.BARE.match(text)):
        act, confidence = _top(ranking, OPENING_ACTS)  # "停水了吗" does not ask the assistant to stop
    topical = act in ("elder_mode", "standard_mode") and names_something(text)  # "老年证" is no 老年版
    if topical or (act in ("my_records", "rate") and cues.BARE.match(text)):
        act, confidence = _top(ranking, OPENING_ACTS)
    if (named := _said_outright(act, text, situation)) is not None:
        return named, 1.0
    if situation.phase != "confirm" and _picks(text, situation):
        return ("inform" if situation.phase == "filling" else "choose"), 0.95
    if situation.phase == "confirm":
        return _at_confirmation(act, confidence, text, situation, now)
    if situation.phase == "filling":
        return _while_filling(act, confidence, ranking, text, situation, now)
    agreed = act == "confirm" and len(situation.options) == 1
    if situation.phase == "choosing" and (act == "choose" or agreed or _chosen(text, situation.options, now)):
        return "choose", max(confidence, 0.9)
    return _unprompted(act, confidence, ranking, text, situation, now)


def _top(ranking: Mapping[str, float], among: frozenset[str] | None = None) -> tuple[str, float]:
    left = {name: share for name, share in ranking.items() if among is None or name in among}
    if not left:
        return "out_of_scope", 0.0
    act = max(left, key=lambda name: left[name])
    return act, left[act]


def _said_outright(act: str, text: str, situation: Situation) -> str | None:
    """Return an act that the words name, whatever the situation."""
    if commands.wants_more(text, situation.more):
        return "repeat"
    if (command := commands.command(text)) is not None:
        return command
    if cues.CALL_BACK.search(text) and act not in ("ask", "progress", "complain", "cancel"):
        return "human"
    if cues.RATING.search(text) and not cues.is_question(text):
        return "rate"
    return None


def _picks(text: str, situation: Situation) -> bool:
    """Say whether a sentence names a button by its place or, word for word, by its label."""
    if not situation.offered:  # "第二个" of nothing is still a choice, and is told so
        return situation.phase == "" and commands.position(text, 99, strictly=True) is not None
    strictly = situation.phase == "filling" and situation.field_type not in ("choice", "bills")
    return (
        commands.position(text, len(situation.offered), strictly) is not None
        or text.strip("，,。.！!？? ") in situation.offered
    )


def _unprompted(
    act: str, confidence: float, ranking: Mapping[str, float], text: str, situation: Situation, now: datetime
) -> tuple[str, float]:
    """Nothing was asked: the citizen begins, or comes back to what was just done."""
    asking = cues.is_question(text)
    if cues.GO_ON.search(text):
        return "resume", 1.0
    if act in ("greet", "bye", "thanks") and confidence < 0.5 and len(text) >= 6:
        # Too long for a courtesy that nothing in it says.
        rest = {name: share for name, share in ranking.items() if name not in ("greet", "bye", "thanks")}
        act, confidence = _top(rest)
    if situation.done and act not in ("rate", "human", "review") and cues.TAKE_BACK.search(text) and not asking:
        return "cancel_matter", confidence  # there is no form to leave, but something that was submitted
    if act in ("cancel", "cancel_matter") and asking:
        return "ask", confidence
    if situation.done and not asking and cues.CHANGE.search(text):
        return "correct", max(confidence, 0.8)
    if act in FORM_ACTS and not situation.done:
        act, confidence = _top(ranking, OPENING_ACTS)
    if (act in NOT_OURS or (act in ("deny", "correct") and confidence < 0.7)) and cues.EMOTION.search(text):
        return "complain", max(confidence, 0.6)
    if situation.done and act in ("correct", "inform") and cues.DOING.search(text) and not cues.CHANGE.search(text):
        return "start", max(confidence, 0.6)  # "那给交上吧，上个月的" after a look-up does what follows it
    if act in ("ask", "query") and cues.STANDS.match(text):
        return "progress", max(confidence, 0.6)
    if asking and cues.RECORD.search(text) and act in ("start", "query", "ask", "progress"):
        return "progress", max(confidence, 0.6)
    found = extract(text, now)
    if situation.done and found and _is_new_value(act, text, found):
        return "correct", max(confidence, 0.6)  # another value for the look-up just shown
    values = len(found)
    if act in ("ask", "complain", "chitchat", "out_of_scope", "query") and not asking and not cues.EMOTION.search(text):
        # "俺想交那个新农合，不会弄": a wish without a question starts; so does a sentence full of values.
        if cues.WISH.search(text) and act != "query":
            return "start", confidence
        if values >= 3 and act in ("complain", "chitchat", "out_of_scope"):
            return "start", confidence
    return act, confidence


def _is_new_value(act: str, text: str, found: list[Entity]) -> bool:
    """Say whether a short sentence is another value for the look-up just shown ("等额本金呢", "换成二十年的瞅瞅")."""
    if len(text) > 20 or cues.DOING.search(text):
        return False
    if found[0].type in ("repayment", "years", "percent"):
        return True
    if found[0].type == "amount" and cues.WHAT_IF.search(text):
        return True
    if act not in FORM_ACTS and found[0].type not in ("receipt", "account"):
        return False
    if act in ("progress", "complain", "human"):
        return False
    rest = list(text)
    for entity in found:
        rest[entity.start : entity.end] = "，" * (entity.end - entity.start)
    return not names_something("".join(rest)) and found[0].type not in ("service", "institution", "department")


def _at_confirmation(act: str, confidence: float, text: str, situation: Situation, now: datetime) -> tuple[str, float]:
    if cues.YES.match(text) or (situation.field_name == "cancel" and cues.YES_CANCEL.match(text)):
        return "confirm", 1.0
    asking = cues.is_question(text)
    changing = cues.CHANGE.search(text) is not None and not asking
    wanted = _wanted(text, situation, now)
    if cues.DEFER.match(text) or (cues.REFUSE.search(text) and not asking):
        return "cancel", 1.0
    if situation.asked and cues.WHAT_ABOUT.match(text):
        return "ask", 0.9
    if cues.RECOUNT.search(text):
        return "review", 1.0
    if cues.CANCEL.search(text) and not asking and not (changing and (wanted or "笔" in text)):
        return "cancel", 1.0
    if cues.GO_ON.search(text):
        return "resume", 1.0
    if cues.CANCEL.search(text) and not asking and not changing:
        return "cancel", 1.0
    if "bills" in situation.wants and cues.BILLS.search(text) and not asking:
        return "correct", 0.9
    if cues.ANOTHER.search(text) and len(wanted) >= 2:
        return "start", max(confidence, 0.6)
    if changing:
        return "correct", max(confidence, 0.8)
    if act in NOT_OURS and cues.EMOTION.search(text):
        return "complain", max(confidence, 0.6)
    if asking and _coverage(text, situation, now) < 0.6:
        return (act, confidence) if act not in FORM_ACTS | {"cancel", "cancel_matter"} else ("ask", confidence)
    elsewhere = act in ("start", "progress", "human", "query") and confidence > 0.6 and names_something(text)
    if wanted and not elsewhere:
        return "correct", max(confidence, 0.8)
    if act == "confirm" and confidence < 0.5:
        return "ask", confidence  # a submission needs a clear yes
    if act in ("inform", "skip", "choose"):
        return "correct", confidence
    return act, confidence


def _while_filling(
    act: str, confidence: float, ranking: Mapping[str, float], text: str, situation: Situation, now: datetime
) -> tuple[str, float]:
    covered = _coverage(text, situation, now)
    asking = cues.is_question(text)
    if situation.field_type == "boolean" and act in ("confirm", "deny", "skip", "cancel") and len(text) <= 6:
        return "inform", 0.95
    if cues.DEFER.match(text) or (cues.REFUSE.search(text) and not asking and situation.field_type != "text"):
        return "cancel", 1.0
    if asking and situation.asked and cues.WHAT_ABOUT.match(text):
        return "ask", 0.9
    if cues.WHAT_IF.match(text) and covered > 0:
        return "correct", 0.9  # "要是还三十年呢" in a calculation
    if situation.field_type == "choice" and cues.WHERE.search(text):
        return _top(ranking, frozenset({"ask", "query"}))
    says_what = situation.field_type == "text" and len(text) <= 10  # "办个体户注销" says what the business is
    if act == "start" and confidence >= 0.6 and covered < 0.5 and names_something(text) and not says_what:
        return act, confidence
    if situation.field_type == "bills" and cues.BILLS.search(text) and not asking:
        return "inform", 0.95
    if cues.RECOUNT.search(text):
        return "review", 1.0
    if cues.GO_ON.search(text):
        return "resume", 1.0
    if cues.CANCEL.search(text) and not asking and covered < 0.5 and situation.field_type != "bills":
        return "cancel", 1.0
    if act in CONTROL_ACTS and confidence >= 0.5 and covered < 0.5 and not (act == "cancel" and asking):
        return act, confidence
    if covered >= 0.6 or (situation.options and _chosen(text, situation.options, now)):
        return ("correct" if act == "correct" or cues.CHANGE.search(text) else "inform"), 0.95
    if situation.field_type == "bills" and (covered > 0 or act in ("start", "confirm")) and not asking:
        return "inform", 0.9
    if act in ("go_back", "review", "skip") and confidence >= 0.5:
        return act, confidence
    if any(name in situation.wants and pattern.search(text) for name, (pattern, _) in cues.FLAGS.items()):
        return "inform", 0.9
    if asking:
        # A question steps out of the form, even one that names a day ("周六下不下雨").
        return ("progress", 0.6) if cues.RECORD.search(text) else _top(ranking, ASKING_ACTS)
    if cues.CHANGE.search(text):
        return "correct", max(confidence, 0.8)
    if situation.field_type == "boolean" and act in ("confirm", "deny", "skip"):
        return "inform", 0.95
    if _reads(act, text, situation, now):
        return ("correct" if act == "correct" else "inform"), 0.9
    if act in FORM_ACTS:
        return act, confidence
    if act in NOT_OURS and cues.EMOTION.search(text):
        return "complain", max(confidence, 0.6)
    named = {entity.type for entity in extract(text, now)} - {"service", "department"}
    if says_what and act == "start" and not named:
        return "inform", 0.8
    elsewhere = act in ("start", "progress", "query", "ask", "human") and confidence >= 0.6 and names_something(text)
    if _wanted(text, situation, now) and not elsewhere:
        return "inform", 0.8
    describes = situation.field_type in ("text", "place") or "detail" in situation.wants
    if describes and not elsewhere and act not in ("abuse", "thanks", "human"):
        return "inform", 0.8
    return act, confidence


def _reads(act: str, text: str, situation: Situation, now: datetime) -> bool:
    """Say whether the whole sentence reads as the value asked for."""
    if situation.field_type not in TYPED or situation.field_type in ("place", "choice") or act in ("start", "progress"):
        return False
    if situation.field_type == "person" and len(text) > 10 and act not in FORM_ACTS:
        return False
    parsed = parse_as(situation.field_type, text, now)
    return parsed.value is not None or "said" in parsed.meta


def _wanted(text: str, situation: Situation, now: datetime) -> list[Entity]:
    """Return the typed values that the form in hand has a field for."""
    found = extract(text, now, expect=situation.field_type or None)
    return [e for e in found if not situation.wants or e.type in situation.wants or e.type == "tail"]


def _coverage(text: str, situation: Situation, now: datetime) -> float:
    """Return the share of the text, politeness aside, that wanted values cover."""
    spans = [(entity.start, entity.end) for entity in _wanted(text, situation, now)]
    meaningful = [i for i, char in enumerate(text) if char not in _POLITE]
    if not meaningful:
        return 0.0
    return sum(any(start <= i < end for start, end in spans) for i in meaningful) / len(meaningful)


def _chosen(text: str, options: Sequence[str], now: datetime) -> bool:
    if not options or len(text) > 24:
        return False
    return parse_as("choice", text, now, options=list(options)).value is not None
