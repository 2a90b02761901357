"""The assistant: for each act, what to say and do. Knows the desk, the engine and the knowledge; not Rasa."""

from __future__ import annotations

import re
from typing import Any

from actions.dialogue import cards
from actions.dialogue.declining import decline
from actions.dialogue.progress import ProgressDesk
from actions.engine.context import Outcome, TurnInput, notice, text_message
from actions.engine.declarations import CALLBACK, Declarations
from actions.engine.engine import Engine
from actions.engine.state import Awaiting, Desk, Matter
from actions.texts import lookup, say
from knowledge.client import KnowledgeClient, KnowledgeUnavailable
from knowledge.schemas import Resolution
from nlu.entities import extract, match_choice, parse_ordinal
from nlu.followup import aspect_of, names_something
from wenban.turns import Candidate, Choice, Message

DOING = {
    "start": {"缴费", "预约", "办理", "亮证", "上报", "投诉", "计算", "认证", "导航", "导览"},
    "query": {"查询", "公开", "亮证", "计算"},
    "progress": {"查询"},
    "complain": {"上报", "投诉"},
}
REPORTS = frozenset({"上报", "投诉"})
# Words of somebody who asks after a record, not for a form.
RECORD = re.compile(r"(约|订|挂|交|付|报|办|申请|提交|充)(了)?的|还在不在|成了?没")
BACK_TO = re.compile(r"先弄|先办|先交|回来|回到|自己的|[他她]那个|那个")
LOOKUPS = frozenset({"query", "calculator"})
COMMON_PAIRS = frozenset({"查询", "办理", "服务", "预约", "缴纳", "缴费", "信息", "进度"})
VAGUE = 0.8
NEAR = 0.75  # cosine to the nearest known wording
ASIDES = frozenset({"ask", "query", "progress", "complain", "abuse", "chitchat", "out_of_scope", "gibberish", "thanks"})
DOES = frozenset({"payment", "appointment", "application"})


def pairs(text: str) -> set[str]:
    """Return the pairs of neighbouring characters that tell one service's name from another's."""
    return {text[i : i + 2] for i in range(len(text) - 1)} - COMMON_PAIRS


class Assistant:
    """One method an act family; each changes the desk and returns what to say."""

    def __init__(self, knowledge: KnowledgeClient, declarations: Declarations, engine: Engine) -> None:
        self.knowledge, self.declarations, self.engine = knowledge, declarations, engine
        self.progress_desk = ProgressDesk(engine.performer)

    # -- questions and requests ---------------------------------------------------------------------------------

    async def understand(self, desk: Desk, turn: TurnInput) -> Outcome:
        """Answer, ask back, start a service, or say that we do not know."""
        if turn.payload:
            return await self._pressed(desk, turn)
        if (revised := await self._revise(desk, turn)) is not None:
            return revised
        if (
            turn.act in ("progress", "query", "ask")
            and (known := await self.progress_desk.try_recent(desk, turn)) is not None
        ):
            desk.misses = 0
            return known
        try:
            if (continued := await self._continue(desk, turn)) is not None:
                return continued
            resolution = await self.knowledge.resolve(turn.text, desk.focus)
        except KnowledgeUnavailable:
            return Outcome([notice(say("error.knowledge"))], {"status": "error"})
        if desk.matter is not None and turn.act in ASIDES and not self._names_another(turn, resolution):
            return await self._aside(desk, turn)
        if self._says_nothing(desk, turn, resolution):
            return await decline(self.knowledge, desk, turn, resolution)
        outcome = await self._follow(desk, turn, resolution)
        outcome.turn.setdefault(
            "candidates", [c.model_dump() for c in resolution.services[:3] + resolution.entries[:2]]
        )
        return outcome

    @staticmethod
    def _names_another(turn: TurnInput, resolution: Resolution) -> bool:
        """Say whether a sentence in the middle of a form clearly names something else."""
        if names_something(turn.text):
            return True
        near = max((trace.dense for trace in resolution.trace[:1]), default=0.0)
        return resolution.decision == "answer" and near >= NEAR

    async def _aside(self, desk: Desk, turn: TurnInput) -> Outcome:
        """Something said in the middle of a matter that names nothing else: never a reason to begin another."""
        assert desk.matter is not None
        if turn.act in ("ask", "query", "progress"):
            card = await self.knowledge.service(desk.matter.service_id)
            about = cards.aspect_message(card, turn.text) if card is not None else None
            if about is not None:
                return Outcome([about], {"status": "answered"})
        angry = turn.act in ("complain", "abuse")
        choices = [cards.human_button()] if angry else []
        outcome = Outcome([text_message(say("form.angry" if angry else "form.aside"), choices=choices)])
        if angry:
            outcome.turn["asks"] = ["human"]
        return outcome

    @staticmethod
    def _says_nothing(desk: Desk, turn: TurnInput, resolution: Resolution) -> bool:
        """ "就上回那个呀": pronouns only, and nothing before that they could stand for."""
        if desk.focus is not None or desk.matter is not None or names_something(turn.text):
            return False
        return turn.act in ("progress", "query", "start", "ask") and resolution.in_scope < VAGUE

    async def _follow(self, desk: Desk, turn: TurnInput, resolution: Resolution) -> Outcome:
        best = resolution.best
        if resolution.decision == "none" or best is None:
            return self._apology(desk) if turn.act == "complain" else await self._unknown(desk, turn, resolution)
        if turn.act == "complain" and not await self._is_report(resolution.services[0]):
            return self._apology(desk)
        candidates = self._fitting(turn.act, resolution)
        if resolution.decision == "clarify" and len(candidates) > 1:
            return self._clarify(desk, turn, candidates, resolution.asks)
        best = candidates[0] if resolution.decision == "clarify" else best
        if turn.act in DOING and resolution.services:
            best = resolution.services[0] if best.kind == "qa" and best.service_id is None else best
            if best.kind == "qa" and resolution.services[0].id == best.service_id:
                best = resolution.services[0]
        desk.misses = 0
        extra = {"confidence": best.probability}
        if best.kind == "qa":
            outcome = await self._entry(desk, best.id)
        elif turn.act in DOING or await self._is_live(best.id, turn.text):
            outcome = await self._start(desk, turn, best.id)
        else:
            outcome = await self._card(desk, turn, best.id)
        outcome.turn.update(extra)
        return outcome

    def _fitting(self, act: str, resolution: Resolution) -> list[Candidate]:
        """Among close candidates prefer those of the kind that the act asks for ("交水费" pays, "查水费" looks up)."""
        wanted = DOING.get(act)
        if wanted is None or self._kinds is None:
            return resolution.choices
        fitting = [c for c in resolution.choices if self._kinds.get(c.id) in wanted]
        return fitting or resolution.choices

    _kinds: dict[str, str] | None = None

    async def warm_up(self) -> None:
        """Learn each service's kind; without it close candidates are simply all asked about."""
        try:
            self._kinds = {s.id: s.kind for s in await self.knowledge.services()}
        except KnowledgeUnavailable:
            self._kinds = None

    @staticmethod
    def _apology(desk: Desk) -> Outcome:
        desk.misses = 0
        message = text_message(say("outside.insult"), choices=[cards.human_button()])
        return Outcome([message], {"status": "handoff", "asks": ["human"]})

    async def _is_live(self, service_id: str, text: str) -> bool:
        """Say whether a question wants the data themselves ("明天停电不"), not how to get them ("怎么查停电")."""
        if aspect_of(text) is not None:
            return False
        try:
            declaration = await self.declarations.get(service_id)
        except KnowledgeUnavailable:
            return False
        return declaration is not None and declaration.operation is not None and declaration.operation.kind == "query"

    async def _is_report(self, top: Candidate) -> bool:
        if self._kinds is None:
            await self.warm_up()
        return (self._kinds or {}).get(top.id) in REPORTS and top.probability >= 0.3

    async def _unknown(self, desk: Desk, turn: TurnInput, resolution: Resolution) -> Outcome:
        if turn.act in ("inform", "confirm", "deny", "skip", "go_back", "review", "choose", "correct"):
            return Outcome([text_message(say("no_answer.unclear"))], {"status": "clarify", "asks": ["service"]})
        return await decline(self.knowledge, desk, turn, resolution)

    def _clarify(self, desk: Desk, turn: TurnInput, candidates: list[Candidate], asks: str) -> Outcome:
        shown = candidates[:3]
        desk.choices = [{**c.model_dump(), "act": turn.act, "said": turn.text} for c in shown]
        desk.awaiting = Awaiting(phase="choosing", options=[c.title for c in shown])
        spoken = "，".join(f"第{'一二三'[i]}，{c.title}" for i, c in enumerate(shown))
        buttons = [Choice(label=c.title, payload={"do": "choose", "value": c.id, "label": c.title}) for c in shown]
        message = Message(
            type="choices",
            text=say("clarify.question"),
            speech=f"{say('clarify.question')}{spoken}。",
            choices=[*buttons, cards.human_button()],
        )
        return Outcome([message], {"status": "clarify", "asks": [asks, "human"]})

    async def choose(self, desk: Desk, turn: TurnInput) -> Outcome:
        """The citizen picked from the last list."""
        titles = [str(choice["title"]) for choice in desk.choices]
        wanted = turn.payload.get("value")
        picked = next((c for c in desk.choices if c["id"] == wanted), None)
        if picked is None and not turn.payload:
            position = parse_ordinal(turn.text, len(titles))
            title = titles[position] if position is not None else match_choice(turn.text, titles)[0]
            picked = next((c for c in desk.choices if c["title"] == title), None)
        if picked is None:
            if turn.payload and isinstance(wanted, str):
                return Outcome([notice(say("form.stale_choice"))])
            return await self.understand(desk, turn)
        desk.choices, desk.awaiting = [], None
        if picked["kind"] == "qa":
            return await self._entry(desk, picked["id"])
        if picked.get("act") in DOING:
            # What was said before the choice still counts ("交一百块钱话费" → "联通的").
            said = f"{picked.get('said', '')} {'' if turn.payload else turn.text}".strip()
            return await self._start(desk, TurnInput(**{**turn.__dict__, "text": said}), picked["id"])
        return await self._card(desk, turn, picked["id"])

    async def _pressed(self, desk: Desk, turn: TurnInput) -> Outcome:
        do, service_id = turn.payload.get("do"), str(turn.payload.get("service_id") or turn.payload.get("value") or "")
        if do == "start":
            return await self._start(desk, turn, service_id)
        if do in ("ask", "card") and service_id:
            return await self._card(desk, turn, service_id)
        if do == "entry":
            return await self._entry(desk, str(turn.payload.get("entry_id") or service_id))
        if do == "progress":
            return await self.progress_desk.tell(desk, turn, service_id)
        return Outcome([notice(say("form.stale_choice"))])

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
        return await self.engine.open(desk, declaration, turn, carried or {})

    async def _card(self, desk: Desk, turn: TurnInput, service_id: str) -> Outcome:
        try:
            card = await self.knowledge.service(service_id)
        except KnowledgeUnavailable:
            return Outcome([notice(say("error.knowledge"))], {"status": "error"})
        if card is None:
            return Outcome([notice(say("form.stale_choice"))])
        desk.focus = service_id
        about = cards.aspect_message(card, turn.text) if not turn.payload else None
        return Outcome(
            [about or cards.service_message(card)], {"status": "answered", "sources": [card.source.model_dump()]}
        )

    async def _entry(self, desk: Desk, entry_id: str) -> Outcome:
        try:
            card = await self.knowledge.entry(entry_id)
            service = await self.knowledge.service(card.services[0]) if card is not None and card.services else None
        except KnowledgeUnavailable:
            return Outcome([notice(say("error.knowledge"))], {"status": "error"})
        if card is None:
            return Outcome([notice(say("form.stale_choice"))])
        if service is not None:
            desk.focus = service.id
        return Outcome(
            [cards.entry_message(card, service)], {"status": "answered", "sources": [card.source.model_dump()]}
        )

    async def _revise(self, desk: Desk, turn: TurnInput) -> Outcome | None:
        """Change a value of the look-up just shown ("换成二十年的", "末了是八") and look again."""
        last = desk.done[-1] if desk.done else None
        if desk.matter is not None or last is None or last.kind not in LOOKUPS or last.service_id != desk.focus:
            return None
        kinds = ("receipt", "account", None)
        if turn.act not in ("correct", "inform", "progress", "query") or names_something(turn.text):
            return None
        if not any(extract(turn.text, turn.now, expect=kind) for kind in kinds):
            return None
        again = Matter(**{**last.model_dump(exclude={"key", "phase", "result", "receipt"}), "phase": "filling"})
        before = dict(again.values)
        desk.take_up(again)
        outcome = await self.engine.take(desk, TurnInput(**{**turn.__dict__, "act": "correct"}))
        if again.values == before and again.phase == "ready":
            desk.put_down()
            return None
        return outcome

    # -- the conversation itself --------------------------------------------------------------------------------

    async def cancel(self, desk: Desk, turn: TurnInput) -> Outcome:
        matter = desk.put_down()
        desk.choices = []
        if matter is None:
            return Outcome([text_message(say("form.nothing_to_cancel"))], {"status": "answered"})
        outcome = Outcome([text_message(say("form.cancelled", service=matter.service_name))], {"status": "cancelled"})
        desk.focus = matter.service_id
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
            matter = matter.model_copy(
                update={"phase": "filling", "key": Matter.model_fields["key"].get_default(call_default_factory=True)}
            )
        if desk.matter is not None and desk.matter.key != matter.key and desk.matter.kind in LOOKUPS:
            desk.put_down()  # a look-up that was only opened is not worth keeping
        desk.take_up(matter)
        desk.matter = matter
        return Outcome([text_message(say("form.resumed", service=matter.service_name))])

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
        if (
            any(entity.type == "phone" for entity in extract(turn.text, turn.now))
            or "回电" in turn.text
            or "回个电" in turn.text
        ):
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
        """Record a rating: a button's number, "给四分", or a word of the five levels."""
        stars = cards.stars_in(turn)
        levels = lookup("rate.levels")
        if stars is None:
            buttons = [
                Choice(label=levels[n], payload={"do": "rate", "value": str(n), "label": levels[n]})
                for n in (5, 4, 3, 2, 1)
            ]
            return Outcome(
                [Message(type="choices", text=say("rate.ask"), speech=say("rate.ask"), choices=buttons)],
                {"status": "clarify"},
            )
        await self.engine.performer.rate(desk, turn, stars)
        path = "rate.thanks" if stars >= 3 else "rate.sorry"
        choices = [] if stars >= 3 else [cards.human_button()]
        outcome = Outcome(
            [text_message(say(path, stars=stars, level=levels[stars]), choices=choices)], {"status": "answered"}
        )
        outcome.turn["slots"] = {"rating": stars}
        return outcome

    async def repeat(self, desk: Desk, turn: TurnInput) -> Outcome:
        """Say the last messages again; a form asks its question again by itself."""
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
        return Outcome([text_message(text)], {"status": "answered", "note": turn.act})
