"""Refusals: typed problems of the contract as exceptions."""

from __future__ import annotations

from collections.abc import Sequence

from actions.connectors.contract import ConnectorProblem, Option, ProblemCode

HTTP: dict[ProblemCode, int] = {
    "invalid_field": 422,
    "not_found": 404,
    "not_eligible": 403,
    "full": 409,
    "already_done": 409,
    "conflict": 409,
    "payment_failed": 402,
    "unavailable": 503,
}


class Refusal(Exception):
    """A department says no; nothing of the request has been kept."""

    def __init__(
        self, code: ProblemCode, message: str, field: str | None = None, alternatives: Sequence[Option] = ()
    ) -> None:
        super().__init__(message)
        self.problem = ConnectorProblem(code=code, message=message, field=field, alternatives=list(alternatives))

    @property
    def status(self) -> int:
        return HTTP[self.problem.code]
