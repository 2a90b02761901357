"""The assistant: what a sentence about a subject leads to. Knows the desk, the engine, the knowledge; not Rasa."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from actions.dialogue import cards, offering
from actions.dialogue.afterwards import Afterwards
from actions.dialogue.declining import decline, only_values
from actions.dialogue.gating import guess, meant_after_all
from actions.dialogue.hearing import READING, agreed, with_doubts
from actions.engine import again
from actions.engine.context import Outcome, TurnInput, notice, text_message
from actions.engine.state import Awaiting, Desk
from actions.texts import say
from knowledge.client import KnowledgeUnavailable
from knowledge.schemas import Resolution
from nlu.acts import PAYLOAD_ACTS
from nlu.cues import EMOTION, is_question
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
ASIDES = frozenset({"ask", "query", "progress", "complain", "abuse", "chitchat", "out_of_scope", "gibberish", "thanks"})
HOW = frozenset({"怎么办", "要带什么", "条件", "谁能办", "依据", "费用"})
SURELY_AN_ANSWER = 0.8  # an approved answer this near is given even to somebody who wants something done
# What is said of the assistant or of those behind it; no department's matter.
ABOUT_US = re.compile(r"你们?(?!家|那边?的?[局厅])|服务|态度|系统|机器人|客服|热线")
REPORTING = re.compile(r"(我|俺|咱)?(要|想|来)(举报|投诉|反映|上报|报告)|^(举报|反映|上报)")
DEICTIC = re.compile(r"[那这](个|件|回|次|事|儿|边|里)|上(回|次)|它|刚才|之前|老样子")
VALUES = frozenset(
    {"date", "period", "time", "institution", "med_department", "account", "plate", "phone", "id_no", "month"}
)
SURELY_THAT_SERVICE = 0.8  # a service this sure is begun, whatever an answer that is no nearer belongs to
VAGUE = 0.8  # a sentence that names nothing and is less surely ours is asked about again
NEAR = 0.75  # cosine to the nearest known wording


# How people call what a form asks for, where the words also name services.
FIELD_WORDS = {
    "id_no": re.compile(r"身份证"),
    "receipt_no": re.compile(r"受理(编)?号|编号|单号|号码条"),
    "phone": re.compile(r"电话|手机号"),
    "account_no": re.compile(r"户号"),
}


class Assistant(Afterwards):
    """Answer, ask back, start a service, or say that we do not know."""

    async def understand(self, desk: Desk, turn: TurnInput) -> Outcome:
        """Answer, ask back, start a service, or say that we do not know."""
        if self.rating_desk.listening(desk, turn):
            return await self.rating_desk.hear(desk, turn)
        if turn.payload and turn.payload.get("do") != "confirm":
            return await self._pressed(desk, turn)
        if desk.cancelling is not None:
            if turn.act == "confirm":
                return await self.progress_desk.cancel(desk, turn)
            desk.cancelling, desk.awaiting = None, None
            if turn.act in ("deny", "correct"):
                return Outcome([text_message(say("done.kept"))], {"status": "answered"})
        if (known := self._submitted_already(desk, turn)) is not None:
            return known
        if turn.payload:
            return await self._pressed(desk, turn)
        if turn.act in ("go_back", "review") and desk.matter is None:
            return await (self.back if turn.act == "go_back" else self.recount)(desk, turn)
        if (revised := await self._revise(desk, turn)) is not None:
            return revised
        if (changed := await self._change_submitted(desk, turn)) is not None:
            return changed
        try:
            if turn.act in ASIDES and (answered := await self.engine.aside(desk, turn)) is not None:
                answered.turn.setdefault("act", "ask")
                return answered
            if turn.act in ("ask", "query") and (about := await self._about_matter(desk, turn.text)) is not None:
                return Outcome([about], {"status": "answered", "act": "ask"})
        except KnowledgeUnavailable:
            return Outcome([notice(say("error.knowledge"))], {"status": "error"})
        if (
            turn.act in ("progress", "query", "ask")
            and (known := await self.progress_desk.try_recent(desk, turn)) is not None
        ):
            desk.misses = 0
            return known
        try:
            if (begun := await self._begin_focus(desk, turn)) is not None:
                return begun
            if (theme := await self.theme_desk.opened(desk, turn)) is not None:
                desk.misses = 0
                return theme
            if (continued := await self._continue(desk, turn)) is not None:
                return continued
            resolution = meant_after_all(turn, await self.knowledge.resolve(turn.text, desk.focus, desk.about))
        except KnowledgeUnavailable:
            return Outcome([notice(say("error.knowledge"))], {"status": "error"})
        if desk.matter is not None and turn.act in ASIDES and not self._names_another(desk, turn, resolution):
            return await self._aside(desk, turn)
        if resolution.topic is not None:
            title = say("clarify.topic", topic=resolution.topic)
            asked = replace(turn, act="start")  # what is picked is wanted
            return self._clarify(desk, asked, resolution.choices, resolution.asks, title)
        if (likely := guess(turn, resolution)) is not None:
            return self._clarify(desk, turn, [likely], "service", say("clarify.guess"))
        if (unasked := only_values(desk, turn, resolution)) is not None:
            return unasked
        if self._says_nothing(desk, turn, resolution):
            return with_doubts(desk, turn, resolution, await decline(self.knowledge, desk, turn, resolution))
        outcome = await self._follow(desk, turn, resolution)
        outcome.turn.setdefault(
            "candidates", [c.model_dump() for c in resolution.services[:3] + resolution.entries[:2]]
        )
        return with_doubts(desk, turn, resolution, outcome)

    @staticmethod
    def _names_another(desk: Desk, turn: TurnInput, resolution: Resolution) -> bool:
        """Say whether a sentence in the middle of a form clearly names something else."""
        asked = FIELD_WORDS.get(desk.awaiting.name) if desk.awaiting is not None else None
        if asked is not None and asked.search(turn.text):
            return False  # "用身份证查行不", where the form asks for just that
        if names_something(turn.text):
            return True
        near = max((trace.dense for trace in resolution.trace[:1]), default=0.0)
        return resolution.decision == "answer" and near >= NEAR

    async def _about_matter(self, desk: Desk, text: str) -> Message | None:
        """ "挂号要带身份证吗", in the form of 预约医院挂号: of the service in hand, whatever else it names."""
        if desk.matter is None or aspect_of(text) is None:
            return None
        declaration = await self.declarations.get(desk.matter.service_id)
        if declaration is None or not any(name in text for name in (declaration.name, *declaration.aliases)):
            return None
        card = await self.knowledge.service(desk.matter.service_id)
        return cards.aspect_message(card, text) if card is not None else None

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
        if not DEICTIC.search(turn.text):
            return False
        return turn.act in ("progress", "query", "start", "ask") and resolution.in_scope < VAGUE

    @staticmethod
    def _surely_ours(turn: TurnInput, resolution: Resolution) -> bool:
        """Say whether a wish is full of what one service asks for ("明天下午挂个人民医院的内科")."""
        if turn.act != "start" or resolution.outside is not None or not resolution.services:
            return False
        kinds = {entity.type for entity in extract(turn.text, turn.now)} & VALUES
        return len(kinds) >= 2 and resolution.services[0].probability >= SURELY_THAT_SERVICE

    async def _follow(self, desk: Desk, turn: TurnInput, resolution: Resolution) -> Outcome:
        best = resolution.best
        upset = EMOTION.search(turn.text) or ABOUT_US.search(turn.text)
        if resolution.decision == "none" and self._surely_ours(turn, resolution):
            best = resolution.services[0]
        elif resolution.decision == "none" or best is None:
            return (
                self._apology(desk) if turn.act == "complain" and upset else await self._unknown(desk, turn, resolution)
            )
        if turn.act == "complain" and not await self._is_report(resolution.services[0]):
            if resolution.decision != "answer" or upset:
                return self._apology(desk)
            turn = replace(turn, act="query")  # "家里没水了": a grievance to which there is an answer
        if turn.act in DOING and resolution.relatives:
            return self._clarify(desk, turn, resolution.relatives, resolution.asks)
        candidates = self._fitting(turn.act, resolution)
        if resolution.decision == "clarify" and len(candidates) > 1:
            return self._clarify(desk, turn, candidates, resolution.asks)
        best = candidates[0] if resolution.decision == "clarify" else best
        if turn.act in DOING and resolution.services and resolution.entry_share < SURELY_AN_ANSWER:
            best = resolution.services[0] if best.kind == "qa" and best.service_id is None else best
            top = resolution.services[0]
            if best.kind == "qa" and (top.id == best.service_id or top.probability >= SURELY_THAT_SERVICE):
                best = top
        if turn.act == "complain" and REPORTING.search(turn.text) and not is_question(turn.text):
            best = resolution.services[0]  # wants it reported, not to be told where to
        desk.misses = 0
        extra = {"confidence": best.probability}
        if best.kind == "qa":
            outcome = await self._entry(desk, best.id, turn.text)
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
        if aspect_of(text) in HOW:
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

    def _clarify(
        self, desk: Desk, turn: TurnInput, candidates: list[Candidate], asks: str, title: str | None = None
    ) -> Outcome:
        title = title or say("clarify.question")
        shown = candidates[:3]
        desk.choices = [{**c.model_dump(), "act": turn.act, "said": turn.text} for c in shown]
        desk.awaiting = Awaiting(phase="choosing", options=[c.title for c in shown])
        buttons = [Choice(label=c.title, payload={"do": "choose", "value": c.id, "label": c.title}) for c in shown]
        message = Message(
            type="choices",
            text=title,
            speech=title,
            choices=[*buttons, cards.human_button()],
        )
        return Outcome([message], {"status": "clarify", "asks": [asks, "human"]})

    async def choose(self, desk: Desk, turn: TurnInput) -> Outcome:
        """The citizen picked from the last list, or named a button."""
        named = offering.picked(desk, turn.text) if not turn.payload else None
        if named is not None and not any(choice["id"] == named.get("value") for choice in desk.choices):
            return await self._press(desk, turn, named)
        if named is None and not turn.payload and not desk.choices and desk.matter is None:
            return Outcome([text_message(say("choices.nothing"))], {"status": "clarify", "asks": ["service"]})
        titles = [str(choice["title"]) for choice in desk.choices]
        wanted = turn.payload.get("value")
        picked = next((c for c in desk.choices if c["id"] == wanted), None)
        position = None
        if picked is None and not turn.payload:
            position = parse_ordinal(turn.text, len(titles))
            title = titles[position] if position is not None else match_choice(turn.text, titles)[0]
            picked = next((c for c in desk.choices if c["title"] == title), None) or agreed(desk, turn)
        if picked is None:
            if turn.payload and isinstance(wanted, str):
                return Outcome([notice(say("form.stale_choice"))])
            return await self.understand(desk, turn)
        desk.choices, desk.awaiting = [], None
        if picked["kind"] == READING:
            return await self.understand(desk, replace(turn, text=picked["title"], act=picked["act"]))
        if picked["kind"] == "qa":
            return await self._entry(desk, picked["id"])
        if picked.get("act") in DOING:
            # What was said before the choice still counts ("交一百块钱话费" → "联通的").
            # "第二个" says which one and nothing of the matter.
            more = "" if turn.payload or position is not None else turn.text
            said = f"{picked.get('said', '')} {more}".strip()
            return await self._start(desk, TurnInput(**{**turn.__dict__, "text": said}), picked["id"])
        return await self._card(desk, turn, picked["id"])

    async def _press(self, desk: Desk, turn: TurnInput, payload: dict[str, Any]) -> Outcome:
        """Do what a button does whose place or label was said."""
        do = str(payload.get("do"))
        pressed = replace(turn, text="", payload=payload, act=PAYLOAD_ACTS.get(do, "ask"))
        if do == "say":
            return await self.understand(desk, replace(turn, text=str(payload["value"]), act="ask"))
        if do == "records":
            return await self.progress_desk.records(desk, pressed)
        handlers = {
            "rate": self.rate,
            "resume": self.resume,
            "cancel": self.cancel,
            "cancel_matter": self.cancel_matter,
        }
        return await handlers.get(do, self.understand)(desk, pressed)

    async def _pressed(self, desk: Desk, turn: TurnInput) -> Outcome:
        do, service_id = turn.payload.get("do"), str(turn.payload.get("service_id") or turn.payload.get("value") or "")
        if do == "start" and service_id in (*again.MOVES, again.SUPPLEMENT):
            return await self._start(desk, turn, service_id, {"receipt_no": turn.payload.get("value")})
        if do == "start":
            return await self._start(desk, turn, service_id)
        if do in ("ask", "card") and service_id:
            return await self._card(desk, turn, service_id)
        if do == "attach":
            return Outcome([notice(say("files.gone"))])
        if do == "theme":
            return await self._theme(desk, turn)
        if do == "entry":
            return await self._entry(desk, str(turn.payload.get("entry_id") or service_id))
        if do == "progress":
            return await self.progress_desk.tell(desk, turn, service_id)
        return Outcome([notice(say("form.stale_choice"))])

    async def _theme(self, desk: Desk, turn: TurnInput) -> Outcome:
        try:
            return await self.theme_desk.pressed(desk, turn)
        except KnowledgeUnavailable:
            return Outcome([notice(say("error.knowledge"))], {"status": "error"})
