"""好差评 in the conversation: level, reasons of a bad one, words added later; nothing is asked twice."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from sqlalchemy.exc import IntegrityError

from actions.dialogue import cards
from actions.engine.context import Outcome, TurnInput, text_message
from actions.engine.state import Desk, RatingTalk
from actions.texts import lookup, say
from nlu.cues import EMOTION, is_question
from nlu.followup import names_something
from wenban.database import session_scope
from wenban.ratings import BAD, LEVELS, RatingRepository
from wenban.settings import get_settings
from wenban.turns import Choice, Message

# What people say, and the second-level reason that it is.
REASONS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("等得太久", re.compile(r"慢|等(了|得)?.{0,3}(久|半天|长)|拖|多少天")),
    ("材料或流程太繁琐", re.compile(r"麻烦|繁琐|材料太?多|跑(了)?(好)?.{0,1}趟|绕|复杂|折腾")),
    ("说不明白", re.compile(r"听不懂|看不懂|不明白|不清楚|答非所问|驴唇|不会用|难用")),
    ("事情没办成", re.compile(r"没(有)?(办|解决|弄|用)(成|好|了|掉)?|办不(了|成)|不管用|白跑")),
    ("态度不好", re.compile(r"态度|不耐烦|爱答不理|凶|冷冰冰")),
)
CONVERSATION = "conversation"
NOT_WORDS = frozenset({"ask", "start", "query", "progress"})
_ONLY_LEVEL = re.compile(
    r"^(我)?(给|打|评)?.{0,4}"
    r"(([1-5一二两三四五]|满)(颗)?[分星]|(非常|基本|很|不太)?(不)?满意|[好差]评|一般|还行)[了吧啊。！!]*$"
)


class RatingDesk:
    """Takes ratings; ``desk.rating`` remembers what the last one was about and what it still may be told."""

    async def take(self, desk: Desk, turn: TurnInput) -> Outcome:
        """Act on the word of rating, a level, or a reason's button."""
        value = turn.payload.get("value")
        if desk.rating is not None and turn.payload.get("field") == "reason" and isinstance(value, str):
            return await self._reason(desk, value)
        if desk.rating is not None and turn.payload.get("field") == "words":
            desk.rating.words = True
            return Outcome([text_message(say("rate.say"))], {"status": "answered"})
        about, service = subject(desk, turn)
        stars = cards.stars_in(turn)
        known = await asyncio.to_thread(_known, about)
        if known is not None:
            desk.rating = RatingTalk(about=about, stars=known)
            return self._again(desk, known)
        if stars is None:
            return self._ask(desk, about)
        words = turn.text.strip()
        reasons = [name for name, pattern in REASONS if stars <= BAD and pattern.search(words)]
        comment = words if words and not _ONLY_LEVEL.match(words) else None
        if not await asyncio.to_thread(_keep, about, stars, turn, reasons, comment, service):
            return self._again(desk, stars)
        desk.rating = RatingTalk(about=about, stars=stars)
        return self._thanks(desk, stars, bool(reasons or comment))

    def listening(self, desk: Desk, turn: TurnInput) -> bool:
        """Say whether the sentence is the words that were asked for, not a new subject."""
        if desk.rating is None or not desk.rating.words or not turn.text or turn.payload:
            return False
        asks = is_question(turn.text) or names_something(turn.text)
        elsewhere = turn.act in NOT_WORDS and asks and not EMOTION.search(turn.text)
        desk.rating.words = False
        return not elsewhere

    async def hear(self, desk: Desk, turn: TurnInput) -> Outcome:
        """Keep what was said as the rating's supplement."""
        assert desk.rating is not None
        reasons = [name for name, pattern in REASONS if desk.rating.stars <= BAD and pattern.search(turn.text)]
        await asyncio.to_thread(_supplement, desk.rating.about, reasons, turn.text.strip())
        return Outcome([text_message(say("rate.noted"))], {"status": "answered", "act": "rate"})

    def offer(self, desk: Desk, turn: TurnInput) -> list[Choice]:
        """Return the button that offers a rating of the conversation; none where one was offered or anything rated."""
        if desk.rating_offered or desk.rating is not None or not (desk.focus or desk.done):
            return []
        desk.rating_offered = True
        payload = {"do": "rate", "entry_id": CONVERSATION, "label": say("rate.offer")}
        return [Choice(label=say("rate.offer"), payload=payload)]

    # -- what is said ------------------------------------------------------------------------------------------

    @staticmethod
    def _ask(desk: Desk, about: str) -> Outcome:
        desk.rating_offered = True
        target = CONVERSATION if about.startswith(CONVERSATION) else about
        levels = [
            Choice(
                label=LEVELS[n],
                payload={"do": "rate", "value": str(n), "entry_id": target, "label": LEVELS[n]},
            )
            for n in (5, 4, 3, 2, 1)
        ]
        message = Message(type="choices", text=say("rate.ask"), speech=say("rate.ask"), choices=levels)
        return Outcome([message], {"status": "clarify"})

    def _thanks(self, desk: Desk, stars: int, explained: bool) -> Outcome:
        fields: dict[str, Any] = {"status": "answered", "slots": {"rating": stars}}
        values = {"stars": stars, "level": LEVELS[stars], "days": get_settings().rectify_days}
        if stars > BAD:
            return Outcome([text_message(say("rate.thanks", **values), choices=[_words_button()])], fields)
        text = say("rate.sorry", **values)
        if explained:
            return Outcome([text_message(text, choices=[_words_button(), cards.human_button()])], fields)
        assert desk.rating is not None
        desk.rating.words = True
        buttons = [
            Choice(label=name, payload={"do": "rate", "field": "reason", "value": name, "label": name})
            for name in (*(name for name, _ in REASONS), lookup("rate.other"))
        ]
        why = Message(type="choices", text=say("rate.why"), speech=say("rate.why"), choices=buttons)
        return Outcome([text_message(text, choices=[cards.human_button()]), why], fields)

    @staticmethod
    async def _reason(desk: Desk, value: str) -> Outcome:
        assert desk.rating is not None
        names = {name for name, _ in REASONS} | {lookup("rate.other")}
        if value in names:
            await asyncio.to_thread(_supplement, desk.rating.about, [value], None)
        desk.rating.words = True
        return Outcome([text_message(say("rate.reason_noted"))], {"status": "answered"})

    @staticmethod
    def _again(desk: Desk, stars: int) -> Outcome:
        text = say("rate.before", level=LEVELS[stars])
        return Outcome(
            [text_message(text, choices=[_words_button()])], {"status": "answered", "slots": {"rating": stars}}
        )


def subject(desk: Desk, turn: TurnInput) -> tuple[str, tuple[str | None, str]]:
    """Return what a rating is about: what its button names, the last matter with a receipt, or the conversation."""
    wanted = turn.payload.get("entry_id")
    matters = [matter for matter in reversed(desk.done) if matter.receipt]
    matter = next((m for m in matters if m.receipt == wanted), matters[0] if matters else None)
    if matter is None or matter.receipt is None or wanted == CONVERSATION:
        return f"{CONVERSATION}:{turn.conversation_id}", (None, "")
    return matter.receipt, (matter.service_id, matter.service_name)


def _words_button() -> Choice:
    return Choice(label=say("rate.more"), payload={"do": "rate", "field": "words", "label": say("rate.more")})


def _known(about: str) -> int | None:
    with session_scope() as session:
        rating = RatingRepository(session).of(about)
        return rating.stars if rating is not None else None


def _keep(
    about: str, stars: int, turn: TurnInput, reasons: list[str], comment: str | None, service: tuple[str | None, str]
) -> bool:
    try:
        with session_scope() as session:
            RatingRepository(session).add(about, stars, turn.now.date(), reasons, comment, service)
    except IntegrityError:
        return False  # another press was faster
    return True


def _supplement(about: str, reasons: list[str], comment: str | None) -> None:
    with session_scope() as session:
        RatingRepository(session).supplement(about, reasons, comment)
