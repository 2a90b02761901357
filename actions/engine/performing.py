"""Carry a complete matter to the department, exactly once."""

from __future__ import annotations

import asyncio
from typing import Any

from actions.connectors.client import ConnectorDown, ConnectorError, Connectors
from actions.connectors.contract import Accepted, Ask, Status
from actions.engine import consenting, prompts, reusing, wanted
from actions.engine.attaching import attached
from actions.engine.context import Outcome, TurnInput, notice
from actions.engine.profile import asker, remember
from actions.engine.state import Matter
from actions.models import MatterRecord
from actions.records import CallbackRepository, MatterRepository
from actions.texts import say
from actions.tracking.keeping import OWN_CONNECTOR, acting_for, track
from knowledge.declaration import ServiceDeclaration
from wenban.database import session_scope


class Performer:
    """Writes the record first, calls the department with the matter's key, then settles the record."""

    def __init__(self, connectors: Connectors) -> None:
        self.connectors = connectors

    async def perform(self, declaration: ServiceDeclaration, matter: Matter, turn: TurnInput) -> Outcome:
        """Do what the declaration's operation says.

        Raises:
            ConnectorError, ConnectorDown: as the connector's client does; the record says which.
        """
        operation = declaration.operation
        assert operation is not None
        await asyncio.to_thread(consenting.record_given, declaration, matter, turn)
        ask = Ask(fields=matter.values, citizen=asker(turn))
        connector = self.connectors.get(operation.connector)
        if operation.kind in ("query", "calculator", "licence"):
            result = await connector.query(operation.name, ask)
            matter.result = result.message
            await asyncio.to_thread(remember, declaration, matter, turn)
            return Outcome([prompts.found(declaration, result, ())], {"status": "answered"})
        sent = matter.values
        if operation.connector == OWN_CONNECTOR:
            accepted = await asyncio.to_thread(self._callback, declaration, matter, turn)
            await asyncio.to_thread(self._accept, declaration, matter, turn, accepted)
        else:
            unsure = await self.unsettled(matter.key)  # an earlier attempt may have got through
            sent = await asyncio.to_thread(self._begin, declaration, matter, turn)
            try:
                files = await asyncio.to_thread(attached, matter, turn.conversation_id)
                papers = wanted.refs(matter)
                ask = Ask(fields=sent, citizen=asker(turn), attachments=files, licences=papers)
                accepted = await connector.submit(operation.name, ask, matter.key)
            except ConnectorError as error:
                await asyncio.to_thread(self._settle, matter.key, "refused", None, error.problem.message)
                raise
            except ConnectorDown as error:
                # What surely never reached the department may be sent again with other content.
                outcome = "unsent" if error.untouched and not unsure else "unknown"
                await asyncio.to_thread(self._settle, matter.key, outcome, None, str(error))
                raise
            await asyncio.to_thread(self._accept, declaration, matter, turn, accepted)
        await asyncio.to_thread(remember, declaration, matter, turn)
        await asyncio.to_thread(reusing.keep, declaration, matter, turn)
        matter.receipt, matter.result = accepted.receipt_no, accepted.message
        earlier = sent != matter.values
        return Outcome(
            [
                *([notice(say("connector.earlier"))] if earlier else []),
                prompts.accepted(declaration, accepted, turn.now),
            ],
            {"status": "done", "receipt": accepted.receipt_no},
        )

    async def unsettled(self, key: str) -> bool:
        """Say whether a submission with this key went out and its outcome is not known."""
        return await asyncio.to_thread(self._unsettled, key)

    async def status(self, connector: str, receipt_no: str) -> Status:
        """Ask a department where a matter stands."""
        return await self.connectors.get(connector).status(receipt_no)

    def _begin(self, declaration: ServiceDeclaration, matter: Matter, turn: TurnInput) -> dict[str, Any]:
        operation = declaration.operation
        assert operation is not None
        columns: dict[str, Any] = {
            "service_id": declaration.id,
            "service_name": declaration.name,
            "connector": operation.connector,
            "operation": operation.name,
            "fields": matter.values,
            "citizen_id": (turn.citizen or {}).get("id"),
            "acting_for": acting_for(turn.citizen),
        }
        with session_scope() as session:
            return MatterRepository(session).begin(matter.key, turn.conversation_id, **columns).fields

    @staticmethod
    def _settle(key: str, status: str, receipt_no: str | None, message: str) -> None:
        with session_scope() as session:
            MatterRepository(session).settle(key, status, receipt_no, message)

    @staticmethod
    def _unsettled(key: str) -> bool:
        with session_scope() as session:
            record = session.get(MatterRecord, key)
            return record is not None and record.status in ("submitting", "unknown")

    @staticmethod
    def _accept(declaration: ServiceDeclaration, matter: Matter, turn: TurnInput, accepted: Accepted) -> None:
        """Settle the record and show the matter in "我的办件", in one transaction."""
        assert declaration.operation is not None
        columns = {
            "kind": declaration.operation.kind,
            "service_id": declaration.id,
            "service_name": declaration.name,
            "connector": declaration.operation.connector,
        }
        if declaration.operation.connector == OWN_CONNECTOR:
            columns["kind"] = "callback"
        with session_scope() as session:
            MatterRepository(session).settle(
                matter.key, "pending" if accepted.pending else "done", accepted.receipt_no, accepted.message
            )
            track(session, matter.key, turn.conversation_id, turn.citizen, accepted, **columns)

    @staticmethod
    def _callback(declaration: ServiceDeclaration, matter: Matter, turn: TurnInput) -> Accepted:
        with session_scope() as session:
            request = CallbackRepository(session).add(
                matter.key, turn.conversation_id, matter.values,
                citizen_id=(turn.citizen or {}).get("id"), acting_for=acting_for(turn.citizen),
            )  # fmt: skip
            return Accepted(receipt_no=request.receipt_no, status="已登记", message=declaration.receipt)
