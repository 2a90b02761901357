"""The conversation itself: stop, go on, say it again, a person, a rating, the voice."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

from actions.dialogue import cards, offering
from actions.dialogue.counter import LOOKUPS, Counter
from actions.engine.attaching import drop
from actions.engine.context import Outcome, TurnInput, notice, text_message
from actions.engine.declarations import CALLBACK
from actions.engine.state import Desk, Matter
from actions.texts import say
from knowledge.client import KnowledgeUnavailable
from nlu.cues import CALL_BACK, DEFER, REFUSE
from nlu.entities import extract
from wenban.turns import Choice, Message

BACK_TO = re.compile(r"先弄|先办|先交|回来|回到|自己的|[他她]那个|那个")
LOUDNESS = frozenset({"slower", "faster", "louder"})
COMMON_PAIRS = frozenset({"查询", "办理", "服务", "预约", "缴纳", "缴费", "信息", "进度"})


def pairs(text: str) -> set[str]:
    """Return the pairs of neighbouring characters that tell one service's name from another's."""
    return {text[i : i + 2] for i in range(len(text) - 1)} - COMMON_PAIRS


class Conversation(Counter):
    """Acts that are about the talk, not about a subject."""

    async def cancel(self, desk: Desk, turn: TurnInput) -> Outcome:
        if desk.matter is not None and desk.matter.gate and REFUSE.search(turn.text):
            return await self.engine.take(desk, replace(turn, act="deny"))  # a no to what was just asked, not to all
        matter = desk.put_down()
        desk.choices = []
        if matter is not None and await self.engine.performer.unsettled(matter.key):
            desk.park(matter)
            desk.focus = matter.service_id
            text = say("form.cancelled_unsure", service=matter.service_name)
            return Outcome([notice(text)], {"status": "cancelled"})
        if desk.cancelling is not None:
            desk.cancelling = None
            return Outcome([text_message(say("done.kept"))], {"status": "answered"})
        if matter is None:
            return Outcome([text_message(say("form.nothing_to_cancel"))], {"status": "answered"})
        desk.focus = matter.service_id
        if DEFER.match(turn.text.strip()):
            desk.park(matter)
            return Outcome([text_message(say("form.deferred", service=matter.service_name))], {"status": "cancelled"})
        await asyncio.to_thread(drop, matter, turn.conversation_id)
        refused = REFUSE.search(turn.text)
        text = say("form.refused") if refused else say("form.cancelled", service=matter.service_name)
        outcome = Outcome([text_message(text)], {"status": "cancelled"})
        return outcome.add(*self.offer_parked(desk))

    async def cancel_matter(self, desk: Desk, turn: TurnInput) -> Outcome:
        """Take back what was submitted: the one named by its receipt, else the last of this conversation."""
        return await self.progress_desk.cancel(desk, turn)

    def offer_parked(self, desk: Desk) -> list[Message]:
        """Remind of the matter that was put aside last."""
        if desk.matter is not None or not desk.parked:
            return []
        name = desk.parked[-1].service_name
        button = Choice(
            label=say("form.resume", service=name), payload={"do": "resume", "label": say("form.resume", service=name)}
        )
        return [text_message(say("form.cancelled_more", service=name), choices=[button])]

    async def resume(self, desk: Desk, turn: TurnInput) -> Outcome:
        """Go on with the matter named, or with the one in hand, or with the last put aside."""
        waiting = desk.parked[-1] if desk.parked else None
        present = waiting or desk.matter if BACK_TO.search(turn.text) else desk.matter or waiting
        matter = self._named(desk, turn.text) or present
        if matter is None:
            desk.misses += 1
            again = desk.misses >= 2
            text = say("no_answer.again" if again else "form.nothing_to_resume")
            fields = {"status": "no_answer", "act": "ask", "asks": ["human" if again else "service"]}
            return Outcome([text_message(text, choices=[cards.human_button()] if again else [])], fields)
        if matter.phase == "done":
            # A look-up that was done is shown again with what it was asked with.
            matter = matter.model_copy(
                update={"phase": "ready", "key": Matter.model_fields["key"].get_default(call_default_factory=True)}
            )
        if desk.matter is not None and desk.matter.key != matter.key and desk.matter.kind in LOOKUPS:
            desk.put_down()  # a look-up that was only opened is not worth keeping
        desk.take_up(matter)
        desk.matter = matter
        outcome = Outcome([text_message(say("form.resumed", service=matter.service_name))])
        return outcome.add(*(await self.engine.refresh(desk, turn)).messages)

    @staticmethod
    def _named(desk: Desk, text: str) -> Matter | None:
        """Return the matter whose name shares most with ``text``, if one is clearly meant; look-ups may be reopened."""
        done = [m for m in reversed(desk.done) if m.kind in LOOKUPS]
        waiting = [*reversed(desk.parked), *([desk.matter] if desk.matter else []), *done]
        scored = [(len(pairs(m.service_name) & pairs(text)), m) for m in waiting]
        best = max(scored, key=lambda pair: pair[0], default=None)
        return best[1] if best is not None and best[0] >= 1 else None

    async def human(self, desk: Desk, turn: TurnInput) -> Outcome:
        """Offer the hotline and a call back; with a telephone number in the sentence, start the call back at once."""
        if any(entity.type == "phone" for entity in extract(turn.text, turn.now)) or CALL_BACK.search(turn.text):
            return await self._start(desk, turn, CALLBACK)
        message = Message(
            type="notice",
            text=say("handoff.text"),
            speech=say("handoff.speech"),
            choices=[
                Choice(
                    label=say("handoff.callback"),
                    payload={"do": "start", "service_id": CALLBACK, "label": say("handoff.callback")},
                )
            ],
        )
        return Outcome([message], {"status": "handoff", "asks": ["human"]})

    async def rate(self, desk: Desk, turn: TurnInput) -> Outcome:
        """Take a rating, its reasons, or the wish to give one."""
        return await self.rating_desk.take(desk, turn)

    async def farewell(self, desk: Desk, turn: TurnInput) -> Outcome:
        """Thanks or good-bye: the one moment at which a rating of the whole is offered."""
        text = say("talk.bye" if turn.act == "bye" else "talk.thanks")
        return Outcome([text_message(text, choices=self.rating_desk.offer(desk, turn))], {"status": "chitchat"})

    async def help(self, desk: Desk, turn: TurnInput) -> Outcome:
        """Say what can be done here, to elders one thing at a time."""
        return Outcome([text_message(say("talk.help_elder" if desk.elder else "talk.help"))], {"status": "answered"})

    async def repeat(self, desk: Desk, turn: TurnInput) -> Outcome:
        """Say the last messages again, or read on ("更多"); a form asks its question again by itself."""
        if offering.asks_for_more(desk, turn):
            return offering.read_on(desk)
        if desk.matter is not None:
            return Outcome()
        if not desk.last_messages:
            return Outcome([text_message(say("voice.nothing"))])
        return Outcome([Message.model_validate(m) for m in desk.last_messages], {"status": "answered"})

    async def voice(self, desk: Desk, turn: TurnInput) -> Outcome:
        """Slower, faster, louder, stop, elder mode: the client acts on ``note``."""
        if turn.act in ("elder_mode", "standard_mode"):
            desk.elder = turn.act == "elder_mode"
            text = say("voice.elder_on" if desk.elder else "voice.elder_off")
        else:
            text = say(f"voice.{turn.act}")
        outcome = Outcome([text_message(text)], {"status": "answered", "note": turn.act})
        if desk.elder and turn.act in LOUDNESS and desk.matter is None:
            # Who could not follow hears it again in the new way; a form asks again by itself.
            outcome.add(*(Message.model_validate(m) for m in desk.last_messages))
        return outcome

    async def back(self, desk: Desk, turn: TurnInput) -> Outcome:
        """ "上一步" outside of a form: the three choices before, else what is half done."""
        if offering.page_before(desk):
            return offering.again(desk)
        return Outcome([text_message(say("form.back_nowhere"))], {"status": "answered"}).add(*self.offer_parked(desk))

    async def recount(self, desk: Desk, turn: TurnInput) -> Outcome:
        """ "说一遍我填的" outside of a form: what waits, else what was submitted last."""
        matter = desk.parked[-1] if desk.parked else desk.done[-1] if desk.done else None
        if matter is None or not matter.values:
            return Outcome([text_message(say("form.nothing_yet"))], {"status": "answered"})
        path = "form.filled_parked" if desk.parked else "form.filled_done"
        try:
            values = await self.engine.recounted(matter)
        except KnowledgeUnavailable:
            return Outcome([notice(say("error.knowledge"))], {"status": "error"})
        text = say(path, service=matter.service_name, values=values)
        return Outcome([text_message(text)], {"status": "answered"}).add(*self.offer_parked(desk))
