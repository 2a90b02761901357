"""Do one call of the contract in one transaction; what the routes hand over to a thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actions.connectors.contract import Accepted, Ask, Choices, Found, LicenceAsk, Licences, Quote, Status
from actions.sandbox.cancelling import cancel
from actions.sandbox.clock import Clock
from actions.sandbox.department import Call, Department, pick
from actions.sandbox.faults import Faults
from actions.sandbox.idempotency import fingerprint, once
from actions.sandbox.matters import by_receipt
from actions.sandbox.problems import Refusal
from actions.sandbox.progress import describe
from actions.sandbox.store import Store
from actions.sandbox.texts import say

COUNTER = "cases"  # the common counter, which knows the state of every department's matters


class Broken(Exception):
    """Ordered by a fault switch: the department breaks before it commits."""


@dataclass
class Desk:
    departments: dict[str, Department]
    store: Store
    clock: Clock
    faults: Faults
    settle_seconds: float

    def department(self, name: str) -> Department:
        if name not in self.departments:
            raise Refusal("not_found", say("common", "no_department"))
        return self.departments[name]

    def _call(self, session: Any, connector: str, operation: str, ask: Ask | None = None) -> Call:
        return Call(
            connector,
            operation,
            session,
            self.clock,
            self.store.digest,
            self.faults,
            self.settle_seconds,
            fields=dict(ask.fields) if ask else {},
            citizen=dict(ask.citizen or {}) if ask else {},
            licences=list(ask.licences) if ask else [],
        )

    def choices(self, connector: str, name: str, known: dict[str, str]) -> Choices:
        handler = pick(self.department(connector).lists, name, connector)
        with self.store.read() as session:
            call = self._call(session, connector, known.get("operation", name), Ask(fields=known))
            return Choices(choices=handler(call))

    def query(self, connector: str, operation: str, ask: Ask) -> Found:
        handler = pick(self.department(connector).queries, operation, connector)
        with self.store.read() as session:
            return handler(self._call(session, connector, operation, ask))

    def quote(self, connector: str, operation: str, ask: Ask) -> Quote:
        """Quote; a submit that has nothing to quote gives an empty one."""
        department = self.department(connector)
        if operation not in department.quotes:
            pick(department.submits, operation, connector)
            return Quote(message="")
        with self.store.read() as session:
            return department.quotes[operation](self._call(session, connector, operation, ask))

    def licences(self, connector: str, ask: LicenceAsk) -> Licences:
        keeper = self.department(connector).keeper
        if keeper is None:
            raise Refusal("not_found", say("common", "no_operation"))
        with self.store.read() as session:
            return keeper(self._call(session, connector, "licences", Ask(fields={}, citizen=ask.citizen)), ask)

    def submit(self, connector: str, operation: str, ask: Ask, key: str, broken: bool) -> tuple[Accepted, float]:
        """Submit once; return the answer and for how long to hold it back."""
        handler = pick(self.department(connector).submits, operation, connector)
        with self.store.write() as session:
            call = self._call(session, connector, operation, ask)
            digest = fingerprint("submit", operation, ask.fields)
            answer = once(call, key, digest, Accepted, lambda: handler(call))
            if broken:
                raise Broken
        return answer, call.delay

    def status(self, connector: str, receipt_no: str) -> Status:
        self.department(connector)
        with self.store.read() as session:
            call = self._call(session, connector, "status")
            return describe(call, by_receipt(call, receipt_no, anywhere=connector == COUNTER))

    def cancel(self, connector: str, receipt_no: str, key: str, broken: bool) -> Status:
        self.department(connector)
        with self.store.write() as session:
            call = self._call(session, connector, "cancel")
            digest = fingerprint("cancel", receipt_no)
            answer = once(call, key, digest, Status, lambda: cancel(call, receipt_no))
            if broken:
                raise Broken
        return answer
