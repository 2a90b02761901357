"""Write the contract as OpenAPI: ``python -m actions.connectors.openapi > docs/connector.openapi.yaml``."""

from __future__ import annotations

from typing import Annotated, Any

import yaml
from fastapi import FastAPI, Header

from actions.connectors.contract import (
    Accepted,
    Ask,
    Choices,
    ConnectorProblem,
    Found,
    LicenceAsk,
    Licences,
    Quote,
    Status,
)

ABOUT = (
    "What a department implements so that the assistant can carry its matters through. "
    "Every error is a ConnectorProblem; see docs/connectors.md."
)
ERRORS: dict[int | str, dict[str, Any]] = {
    402: {"model": ConnectorProblem, "description": "payment_failed"},
    403: {"model": ConnectorProblem, "description": "not_eligible"},
    404: {"model": ConnectorProblem, "description": "not_found"},
    409: {"model": ConnectorProblem, "description": "full, already_done or conflict"},
    422: {"model": ConnectorProblem, "description": "invalid_field"},
    503: {"model": ConnectorProblem, "description": "unavailable"},
}
Key = Annotated[str, Header(description="The same key and content always give the same answer.", max_length=200)]


def document() -> dict[str, Any]:
    """Return the OpenAPI document of the contract, version 1."""
    app = FastAPI(title="Wenban connector", version="1", description=ABOUT)

    @app.get("/choices/{name}", responses=ERRORS)
    def choices(name: str) -> Choices:
        """What can be chosen for a field; the fields known so far, and ``operation``, come as query parameters."""
        raise NotImplementedError

    @app.post("/query/{operation}", responses=ERRORS)
    def query(operation: str, ask: Ask) -> Found:
        """Look something up; nothing changes."""
        raise NotImplementedError

    @app.post("/quote/{operation}", responses=ERRORS)
    def quote(operation: str, ask: Ask) -> Quote:
        """Say what is owed, free or missing before anything is committed; nothing changes."""
        raise NotImplementedError

    @app.post("/submit/{operation}", responses=ERRORS)
    def submit(operation: str, ask: Ask, idempotency_key: Key) -> Accepted:
        """Take a matter, exactly once a key."""
        raise NotImplementedError

    @app.get("/status/{receipt_no}", responses=ERRORS)
    def status(receipt_no: str) -> Status:
        """Where a matter stands."""
        raise NotImplementedError

    @app.post("/cancel/{receipt_no}", responses=ERRORS)
    def cancel(receipt_no: str, idempotency_key: Key) -> Status:
        """Withdraw a matter, exactly once a key."""
        raise NotImplementedError

    @app.post("/licences", responses=ERRORS)
    def licences(ask: LicenceAsk) -> Licences:
        """The holder's electronic licences of these kinds, with their consent; only of a department that keeps any."""
        raise NotImplementedError

    return app.openapi()


if __name__ == "__main__":
    print(yaml.safe_dump(document(), allow_unicode=True, sort_keys=False, width=120), end="")
