"""The declarations the engine runs: from the knowledge process, and a few of the assistant's own."""

from __future__ import annotations

import time
from pathlib import Path

import yaml
from pydantic import ValidationError

from knowledge.client import KnowledgeClient, KnowledgeUnavailable
from knowledge.declaration import ServiceDeclaration

FRESH_SECONDS = 2.0
CALLBACK = "desk-01"
OWN = Path(__file__).with_name("own_services.yaml")


class Declarations:
    """Fetch and keep declarations; an old copy serves while the knowledge process is away, so no form is lost."""

    def __init__(self, knowledge: KnowledgeClient) -> None:
        self._knowledge = knowledge
        self._own = {
            row["id"]: ServiceDeclaration.model_validate(row) for row in yaml.safe_load(OWN.read_text("utf-8"))
        }
        self._kept: dict[str, tuple[float, ServiceDeclaration | None]] = {}

    async def get(self, service_id: str) -> ServiceDeclaration | None:
        """Return a declaration, or None if there is no such service.

        Raises:
            KnowledgeUnavailable: if it was never seen and cannot be fetched now.
        """
        if service_id in self._own:
            return self._own[service_id]
        kept = self._kept.get(service_id)
        if kept is not None and time.monotonic() - kept[0] < FRESH_SECONDS:
            return kept[1]
        try:
            body = await self._knowledge.declaration(service_id)
            declaration = None if body is None else ServiceDeclaration.model_validate(body)
        except (KnowledgeUnavailable, ValidationError):
            if kept is None:
                raise
            return kept[1]
        self._kept[service_id] = (time.monotonic(), declaration)
        return declaration
