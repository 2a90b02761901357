"""Where does my matter stand? By receipt number, or the one just submitted in this conversation."""

from __future__ import annotations

import asyncio
import re

from actions.connectors.client import ConnectorDown, ConnectorError
from actions.engine import prompts
from actions.engine.context import Outcome, TurnInput, notice, text_message
from actions.engine.performing import Performer
from actions.engine.state import Awaiting, Desk
from actions.models import MatterRecord
from actions.records import MatterRepository
from actions.texts import say
from actions.tracking.keeping import OWN_CONNECTOR, note_cancelled
from nlu.entities import extract
from wenban.database import session_scope
from wenban.turns import Choice, Message

_JUST_NOW = re.compile(
    r"刚(才|刚)?(约|交|付|报|办|提交|缴|挂|申请|弄)|交上没|成了没|成了吗|付上|那个?号|上回那|我约的|我提交的|我报的"
)
# Departments that keep cases by receipt number, asked in turn when a number is not one of ours.
CASE_CONNECTORS = ("cases", "complaint", "booking", "hospital", "apply")


def _citizen_id(turn: TurnInput) -> int | None:
    return (turn.citizen or {}).get("id")


class ProgressDesk:
    def __init__(self, performer: Performer) -> None:
        self.performer = performer

    async def try_recent(self, desk: Desk, turn: TurnInput) -> Outcome | None:
        """Answer from a receipt number in the sentence, or from what was submitted here; None if it is neither."""
        receipt = next((e.value for e in extract(turn.text, turn.now, expect=None) if e.type == "receipt"), None)
        if receipt is not None and desk.matter is None:
            outcome = await self.look_up(desk, turn, str(receipt))
            if outcome is not None:
                return outcome
        if _JUST_NOW.search(turn.text):
            record = await asyncio.to_thread(self._own, turn, None, desk.focus)
            if record is not None and record.receipt_no:
                return await self.tell(desk, turn, record.receipt_no)
        return None

    async def tell(self, desk: Desk, turn: TurnInput, receipt_no: str) -> Outcome:
        """Say where a receipt stands, or that nobody knows it."""
        known = await self.look_up(desk, turn, receipt_no)
        return known or Outcome([notice(say("done.unknown", receipt=receipt_no))], {"status": "answered"})

    async def look_up(self, desk: Desk, turn: TurnInput, receipt_no: str) -> Outcome | None:
        """Return the state of a receipt, or None when no department knows it."""
        record = await asyncio.to_thread(self._by_receipt, receipt_no)
        own = record is not None and (
            record.conversation_id == turn.conversation_id
            or (record.citizen_id is not None and record.citizen_id == _citizen_id(turn))
        )
        connectors = [record.connector] if record is not None else list(CASE_CONNECTORS)
        if connectors == [OWN_CONNECTOR]:
            return Outcome([text_message(record.message if record else "")])
        for name in connectors:
            try:
                status = await self.performer.status(name, receipt_no)
            except ConnectorError:
                continue
            except ConnectorDown:
                if record is not None:
                    return Outcome(
                        [notice(say("connector.down_query", department=record.service_name))], {"status": "error"}
                    )
                continue
            title = record.service_name if record is not None else "办件进度"
            if record is not None and own:
                desk.focus = record.service_id
            return Outcome(
                [prompts.progress(title, status)], {"status": "answered", "slots": {"receipt_no": receipt_no}}
            )
        return None

    async def cancel(self, desk: Desk, turn: TurnInput) -> Outcome:
        """Cancel a submitted matter of this conversation, after a clear yes."""
        receipt = next((e.value for e in extract(turn.text, turn.now) if e.type == "receipt"), None)
        if turn.payload.get("do") == "cancel_matter":
            receipt = turn.payload.get("value")
        confirmed = turn.act == "confirm" and desk.cancelling is not None
        if confirmed:
            receipt = desk.cancelling
        desk.cancelling, desk.awaiting = None, None
        record = await asyncio.to_thread(self._own, turn, receipt, desk.focus)
        if record is None or not record.receipt_no:
            return Outcome([text_message(say("form.nothing_to_cancel"))], {"status": "answered"})
        if turn.payload.get("do") != "cancel_matter" and not confirmed:
            desk.cancelling, desk.awaiting = record.receipt_no, Awaiting(phase="confirm", name="cancel")
            label = say("done.cancel", service=record.service_name)
            button = Choice(
                label=label, payload={"do": "cancel_matter", "value": record.receipt_no, "label": label}, style="danger"
            )
            text = say("done.cancel_sure", service=record.service_name, receipt=record.receipt_no)
            return Outcome([text_message(text, choices=[button])], {"status": "confirm", "awaiting": "confirm"})
        try:
            status = await self.performer.connectors.get(record.connector).cancel(
                record.receipt_no, f"cancel-{record.key}"
            )
        except ConnectorError as error:
            return Outcome([notice(error.problem.message)], {"status": "answered"})
        except ConnectorDown:
            return Outcome([notice(say("connector.down_query", department=record.service_name))], {"status": "error"})
        await asyncio.to_thread(note_cancelled, record.key, status)
        return Outcome([prompts.progress(record.service_name, status)], {"status": "cancelled"})

    @staticmethod
    def _own(turn: TurnInput, receipt: str | None, focus: str | None) -> MatterRecord | None:
        with session_scope() as session:
            rows = MatterRepository(session).of_conversation(turn.conversation_id, _citizen_id(turn))
            if receipt is not None:
                return next((row for row in rows if row.receipt_no == receipt), None)
            return next((row for row in rows if row.service_id == focus), rows[0] if rows else None)

    async def last_of(self, turn: TurnInput, connectors: tuple[str, ...]) -> MatterRecord | None:
        """Return the citizen's last matter at one of these connectors; a receipt number in the sentence decides."""
        receipt = next((e.value for e in extract(turn.text, turn.now) if e.type == "receipt"), None)
        rows = [row for row in await asyncio.to_thread(self._all, turn) if row.connector in connectors]
        return next((row for row in rows if receipt is None or row.receipt_no == receipt), None)

    async def records(self, desk: Desk, turn: TurnInput) -> Outcome:
        """List what was submitted in this conversation."""
        rows = await asyncio.to_thread(self._all, turn)
        if not rows:
            return Outcome([text_message(say("done.none"))], {"status": "answered"})
        choices = [
            Choice(
                label=f"{record.service_name} {record.receipt_no}",
                payload={"do": "progress", "value": record.receipt_no, "label": f"{record.service_name}的进度"},
            )
            for record in rows[:6]
        ]
        return Outcome(
            [Message(type="result", text=say("done.records"), speech=say("done.records"), choices=choices)],
            {"status": "answered"},
        )

    @staticmethod
    def _all(turn: TurnInput) -> list[MatterRecord]:
        with session_scope() as session:
            return list(MatterRepository(session).of_conversation(turn.conversation_id, _citizen_id(turn)))

    @staticmethod
    def _by_receipt(receipt_no: str) -> MatterRecord | None:
        with session_scope() as session:
            return MatterRepository(session).by_receipt(receipt_no)
