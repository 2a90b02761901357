"""What citizens can look up, from the knowledge process; the page's lists are kept for when it is away."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from api.catalogue.fallback import FallbackSearch
from knowledge.client import KnowledgeClient, KnowledgeUnavailable
from knowledge.schemas import HotQuestion, SearchResults, ServiceSummary

log = structlog.get_logger("api.catalogue")
KEEP = 60.0


class CatalogueService:
    def __init__(self, knowledge: KnowledgeClient, fallback: FallbackSearch) -> None:
        self.knowledge, self.fallback = knowledge, fallback
        self._kept: dict[str, tuple[float, Any]] = {}

    async def search(self, query: str, limit: int) -> SearchResults:
        """Search; in the database with a plain method when the knowledge process does not answer."""
        try:
            return await self.knowledge.search(query, limit)
        except KnowledgeUnavailable as error:
            log.warning("search_degraded", reason=str(error))
            return await self.fallback.search(query, limit)

    async def page_services(self) -> list[ServiceSummary]:
        """Return the services for the page's panel: a minute old at most, older when knowledge is away."""
        services: list[ServiceSummary] = await self._keep("services", self.knowledge.services)
        return services

    async def page_hot(self) -> list[HotQuestion]:
        hot: list[HotQuestion] = await self._keep("hot", self.knowledge.hot)
        return hot

    async def _keep(self, name: str, fetch: Callable[[], Awaitable[list[Any]]]) -> list[Any]:
        at, value = self._kept.get(name, (-KEEP, []))
        if time.monotonic() - at < KEEP and value:
            return list(value)
        try:
            value = await fetch()
        except KnowledgeUnavailable as error:
            log.warning("page_list_unavailable", list=name, reason=str(error))
        self._kept[name] = (time.monotonic(), value)
        return list(value)
