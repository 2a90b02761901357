"""一件事 in the conversation: what is to be done, in which order, what is done, and what was said once for all."""

from __future__ import annotations

import re
from typing import Any

from actions.engine.context import Outcome, TurnInput, notice, text_message
from actions.engine.state import Desk, Matter, ThemeTalk
from actions.texts import say
from knowledge.client import KnowledgeClient, KnowledgeUnavailable
from knowledge.themes import StepCard, ThemeCard
from nlu.cues import is_question
from wenban.turns import Choice, Message, Section

_WHOLE = re.compile(
    r"一件事|(要|得|该|都|需要)(去)?(办|弄)(理)?(些|点)?(哪些|什么|啥|多少)|有(哪些|啥|什么)(事|手续)|(咋|怎么)(办|弄)"
)
_SINGLE = re.compile(r"报名|挂(个)?号|查|交|缴|约|申请|充|领|补贴|津贴|多少|几")
_NEXT = re.compile(
    r"下(一)?(件|步|项|个)|接下来|然后(呢|办|弄)|还(有|剩|差)(什么|啥|哪些|几件|多少)|办(到|完)(哪|几件)|一件事.*(进度|到哪)"
)
_DID = re.compile(
    r"(这(一)?(件|步|项|个)|那(一)?(件|步|项|个))?.{0,6}(办(好|完|过)|弄(好|完)|搞定|领(到|过|好)|做(好|完))(了|啦)"
)
MARKS = {"done": "✓", "next": "●", "todo": "○"}


class ThemeDesk:
    """``desk.theme`` is the theme in progress; its values go into every form of the theme that asks for them."""

    def __init__(self, knowledge: KnowledgeClient) -> None:
        self.knowledge = knowledge

    async def opened(self, desk: Desk, turn: TurnInput) -> Outcome | None:
        """Begin the theme that a sentence names, or say how the present one stands; None if it is about neither.

        Raises:
            KnowledgeUnavailable: the themes cannot be read now.
        """
        text = turn.text
        did = _DID.search(text) and not is_question(text)
        if desk.theme is not None and desk.matter is None and (_NEXT.search(text) or did):
            return await self._went_on(desk, text)
        if is_question(text) and not _WHOLE.search(text):
            return None
        theme = await self.knowledge.theme_opened(text)
        if theme is None or (_SINGLE.search(text) and not _WHOLE.search(text)):
            return None
        return self._begin(desk, theme)

    async def pressed(self, desk: Desk, turn: TurnInput) -> Outcome:
        """A button: begin a theme by its id, or tick a step off ("done:KEY")."""
        value = str(turn.payload.get("value") or "")
        if value.startswith("done:"):
            return await self._ticked(desk, value.removeprefix("done:"))
        theme = await self.knowledge.theme(value)
        if theme is None:
            return Outcome([notice(say("form.stale_choice"))])
        return self._begin(desk, theme)

    def carried(self, desk: Desk, service_id: str) -> dict[str, Any]:
        """Return what the theme knows already; the form takes what it has fields for."""
        return dict(desk.theme.values) if desk.theme is not None and service_id in desk.theme.services else {}

    async def after(self, desk: Desk, matter: Matter | None) -> list[Message]:
        """After a step was done: note it and its shared values, and offer the next one."""
        talk = desk.theme
        if talk is None or matter is None or matter.service_id not in talk.services:
            return []
        talk.done = list(dict.fromkeys([*talk.done, matter.service_id]))
        talk.values |= {name: matter.values[name] for name in talk.shared if name in matter.values}
        try:
            theme = await self.knowledge.theme(talk.id)
        except KnowledgeUnavailable:
            return []  # the receipt stands; "下一件" asks again
        return [] if theme is None else [self._progress(desk, theme)]

    # -- what is said ------------------------------------------------------------------------------------------

    def _begin(self, desk: Desk, theme: ThemeCard) -> Outcome:
        if desk.theme is None or desk.theme.id != theme.id:
            desk.theme = ThemeTalk(id=theme.id, name=theme.name, shared=theme.shared)
        desk.theme.services = [step.service_id for step in theme.steps if step.service_id]
        if desk.matter is not None:
            parked = desk.put_down()
            assert parked is not None
            desk.park(parked)
        needs = Section(heading=say("theme.needs"), items=theme.needs)
        message = self._progress(desk, theme)
        message.sections = [needs, *message.sections]
        message.text = f"{theme.summary}\n{message.text}"
        message.speech = f"{theme.spoken}{message.speech}"
        return Outcome([message], {"status": "answered", "note": f"theme:{theme.id}"})

    async def _went_on(self, desk: Desk, text: str) -> Outcome | None:
        assert desk.theme is not None
        theme = await self.knowledge.theme(desk.theme.id)
        if theme is None:
            return None
        following = self._following(desk, theme)
        named = next((s for s in theme.steps if s.name in text), None)
        if _DID.search(text) and not _NEXT.search(text):
            step = named or (following if following is not None and following.service_id is None else None)
            if step is None:
                return None
            desk.theme.done.append(step.key)
        return Outcome([self._progress(desk, theme)], {"status": "answered", "note": f"theme:{theme.id}"})

    async def _ticked(self, desk: Desk, key: str) -> Outcome:
        theme = await self.knowledge.theme(desk.theme.id) if desk.theme is not None else None
        if desk.theme is None or theme is None or key not in {step.key for step in theme.steps}:
            return Outcome([notice(say("form.stale_choice"))])
        desk.theme.done = list(dict.fromkeys([*desk.theme.done, key]))
        return Outcome([self._progress(desk, theme)], {"status": "answered", "note": f"theme:{theme.id}"})

    @staticmethod
    def _following(desk: Desk, theme: ThemeCard) -> StepCard | None:
        """Return the next step: what must be done before what may be."""
        assert desk.theme is not None
        left = [step for step in theme.steps if step.key not in desk.theme.done]
        return next((step for step in left if not step.optional), left[0] if left else None)

    def _progress(self, desk: Desk, theme: ThemeCard) -> Message:
        """Show the chain: what is done, what is next, what is still to come."""
        assert desk.theme is not None
        following = self._following(desk, theme)
        lines = []
        for step in theme.steps:
            state = "done" if step.key in desk.theme.done else "next" if step is following else "todo"
            lines.append(f"{MARKS[state]} {_line(step)}")
        done = sum(step.key in desk.theme.done for step in theme.steps)
        counted = say("theme.counted", name=theme.name, n=len(theme.steps), done=done)
        if following is None:
            desk.theme = None
            return text_message(say("theme.finished", name=theme.name))
        text = counted + say("theme.next", step=following.name, where=following.where)
        return Message(
            type="result",
            title=theme.name,
            text=text,
            speech=text,
            sections=[Section(heading=say("theme.steps"), items=lines)],
            choices=_buttons(theme, following),
        )


def _line(step: StepCard) -> str:
    note = f"：{step.note}" if step.note else ""
    where = "" if step.service_id else f"（{step.where}）"
    return f"{step.name}{where}{note}" + (say("theme.optional") if step.optional else "")


def _buttons(theme: ThemeCard, step: StepCard) -> list[Choice]:
    choices = []
    if step.service_id is not None:
        label = say("theme.start" if step.transactional else "theme.look", step=step.name)
        do = "start" if step.transactional else "card"
        choices.append(
            Choice(label=label, payload={"do": do, "service_id": step.service_id, "label": label}, style="primary")
        )
    label = say("theme.skip" if step.optional else "theme.done", step=step.name)
    choices.append(Choice(label=label, payload={"do": "theme", "value": f"done:{step.key}", "label": label}))
    return choices
