"""Begin a service or show what is known of one: the steps that every act may lead to."""

from __future__ import annotations

import re
from typing import Any

from actions.dialogue import cards
from actions.dialogue.progress import ProgressDesk
from actions.dialogue.rating import RatingDesk
from actions.dialogue.theming import ThemeDesk
from actions.engine.context import Outcome, TurnInput, notice, text_message
from actions.engine.declarations import Declarations
from actions.engine.engine import Engine
from actions.engine.state import Desk
from actions.texts import say
from knowledge.client import KnowledgeClient, KnowledgeUnavailable
from nlu.followup import aspect_of, names_something

# Words of somebody who asks after a record, not for a form.
RECORD = re.compile(r"(约|订|挂|交|付|报|办|申请|提交|充)(了)?的|还在不在|成了?没")
BEGIN = re.compile(
    r"^(那|那就|行|好|中|可以)?[，, ]?(就)?(你|您)?(帮|给|替)?(我|俺|咱)?(也)?(想|要)?(现在|马上|这)?就?(直接)?"
    r"(办|办理|弄|申请|开始|预约|约|交|缴|报|申报)(一个|一下|一份|上|个)?(这个|那个|它)?[吧了呗啊呀。！!]*$"
)
LOOKUPS = frozenset({"query", "calculator"})
CAN_BE_DONE = frozenset({"缴费", "预约", "办理", "上报", "投诉", "亮证", "计算", "认证"})
DOES = frozenset({"payment", "appointment", "application"})


class Counter:
    """Holds what every step needs: the knowledge, the declarations and the engine."""

    def __init__(self, knowledge: KnowledgeClient, declarations: Declarations, engine: Engine) -> None:
        self.knowledge, self.declarations, self.engine = knowledge, declarations, engine
        self.progress_desk = ProgressDesk(engine.performer)
        self.rating_desk = RatingDesk()
        self.theme_desk = ThemeDesk(knowledge)

    async def _start(
        self, desk: Desk, turn: TurnInput, service_id: str, carried: dict[str, Any] | None = None
    ) -> Outcome:
        try:
            declaration = await self.declarations.get(service_id)
        except KnowledgeUnavailable:
            return Outcome([notice(say("error.knowledge"))], {"status": "error"})
        if declaration is None:
            return Outcome([notice(say("form.stale_choice"))])
        if declaration.operation is None:
            return await self._card(desk, turn, service_id)
        if desk.matter is not None and desk.matter.service_id == service_id and not turn.payload:
            return await self.engine.take(desk, TurnInput(**{**turn.__dict__, "act": "inform"}))
        if turn.act == "query" and declaration.operation.kind in DOES and not RECORD.search(turn.text):
            return await self._card(desk, turn, service_id)
        if turn.act in ("progress", "query") and declaration.operation.kind in DOES:
            # Where a booking stands is a question about a record, and there is none: nothing is begun.
            desk.focus = service_id
            return Outcome([text_message(say("done.no_record", service=declaration.name))], {"status": "no_answer"})
        known = {**self.theme_desk.carried(desk, service_id), **(carried or {})}
        return await self.engine.open(desk, declaration, turn, known)

    async def _continue(self, desk: Desk, turn: TurnInput) -> Outcome | None:
        """ "那给交上吧" after a look-up: do what follows it, with the values that were given for it."""
        last = desk.done[-1] if desk.done else None
        if turn.act != "start" or last is None or last.kind != "query" or desk.focus != last.service_id:
            return None
        if names_something(turn.text):
            return None
        declaration = await self.declarations.get(last.service_id)
        for service_id in declaration.follow_ups if declaration is not None else []:
            following = await self.declarations.get(service_id)
            if following is not None and following.operation is not None and following.operation.kind in DOES:
                return await self._start(desk, turn, service_id, carried=last.values)
        return None

    async def _begin_focus(self, desk: Desk, turn: TurnInput) -> Outcome | None:
        """ "那帮我办吧" after an answer: begin the service that the conversation is about."""
        if turn.act != "start" or turn.payload or desk.matter is not None or desk.focus is None:
            return None
        if not BEGIN.match(turn.text.strip()) or any(matter.service_id == desk.focus for matter in desk.done):
            return None
        declaration = await self.declarations.get(desk.focus)
        if declaration is None or declaration.kind not in CAN_BE_DONE or declaration.operation is None:
            # The service beside an answer may only inform ("企业信用信息公示" beside how to register a firm).
            message = text_message(say("answer.cannot_do"), choices=[cards.human_button()])
            return Outcome([message], {"status": "no_answer", "asks": ["human"]})
        return await self._start(desk, turn, desk.focus)

    async def _card(self, desk: Desk, turn: TurnInput, service_id: str) -> Outcome:
        try:
            card = await self.knowledge.service(service_id)
        except KnowledgeUnavailable:
            return Outcome([notice(say("error.knowledge"))], {"status": "error"})
        if card is None:
            return Outcome([notice(say("form.stale_choice"))])
        desk.focus, desk.about = service_id, None
        about = cards.aspect_message(card, turn.text) if not turn.payload else None
        return Outcome(
            [about or cards.service_message(card)], {"status": "answered", "sources": [card.source.model_dump()]}
        )

    async def _entry(self, desk: Desk, entry_id: str, asked: str = "") -> Outcome:
        try:
            card = await self.knowledge.entry(entry_id)
            service = await self.knowledge.service(card.services[0]) if card is not None and card.services else None
        except KnowledgeUnavailable:
            return Outcome([notice(say("error.knowledge"))], {"status": "error"})
        if card is None:
            return Outcome([notice(say("form.stale_choice"))])
        again = desk.about == card.id
        desk.focus, desk.about = service.id if service is not None else None, card.id
        message = cards.entry_message(card, service)
        if again and (heading := aspect_of(asked)) is not None:
            message = cards.part_of(message, heading, card)
        return Outcome([message], {"status": "answered", "sources": [card.source.model_dump()]})
