"""After something was done: a second yes, another value for a look-up, a change of what was submitted."""

from __future__ import annotations

from actions.dialogue.conversation import Conversation
from actions.dialogue.counter import LOOKUPS
from actions.engine import again
from actions.engine.context import Outcome, TurnInput, text_message
from actions.engine.state import Desk, Matter
from actions.texts import say
from nlu.entities import extract
from nlu.followup import names_something
from wenban.turns import Choice

SUMS = frozenset({"repayment", "years", "percent", "amount"})  # what only a calculator is asked with


class Afterwards(Conversation):
    """What a sentence may mean because of what was just done."""

    @staticmethod
    def _submitted_already(desk: Desk, turn: TurnInput) -> Outcome | None:
        """A second yes after the receipt (its page was slow, or never came): say the receipt again."""
        last = desk.done[-1] if desk.done else None
        if turn.act != "confirm" or desk.matter is not None or last is None or last.receipt is None:
            return None
        text = say("done.already", service=last.service_name, receipt=last.receipt)
        look = {"do": "progress", "value": last.receipt, "label": say("done.progress")}
        message = text_message(text, choices=[Choice(label=say("done.progress"), payload=look)])
        return Outcome([message], {"status": "answered", "receipt": last.receipt})

    async def _change_submitted(self, desk: Desk, turn: TurnInput) -> Outcome | None:
        """ "改到后天吧", "材料补齐了" after a receipt: move the appointment, complete the application."""
        if desk.matter is not None or turn.act in ("cancel_matter", "rate", "human"):
            return None
        moving, supplying = again.MOVE.search(turn.text), again.SUPPLY.search(turn.text)
        if not moving and not supplying:
            return None
        connectors = ("hospital", "booking") if moving else ("apply",)
        record = await self.progress_desk.last_of(turn, connectors)
        if record is None or not record.receipt_no:
            return None
        service_id = again.mover(record.connector, record.fields) if moving else again.SUPPLEMENT
        assert service_id is not None
        carried = again.carried(record.receipt_no, record.fields, turn.text, turn.now)
        if supplying and not moving:
            carried |= again.brought(turn.text)
        return await self._start(desk, TurnInput(**{**turn.__dict__, "act": "start"}), service_id, carried)

    async def _revise(self, desk: Desk, turn: TurnInput) -> Outcome | None:
        """Change a value of the look-up just shown ("换成二十年的", "末了是八") and look again."""
        last = desk.done[-1] if desk.done else None
        if desk.matter is not None or last is None or last.kind not in LOOKUPS or last.service_id != desk.focus:
            return None
        kinds = ("receipt", "account", None)
        sums = last.kind == "calculator" and any(e.type in SUMS for e in extract(turn.text, turn.now))
        if turn.act not in ("correct", "inform", "progress", "query") or (names_something(turn.text) and not sums):
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
