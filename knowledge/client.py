"""The client of the knowledge process, used by ``api`` and ``actions``."""

from __future__ import annotations

from typing import Any

import httpx
from pydantic import TypeAdapter

from knowledge.schemas import (
    EntryCard,
    Explanation,
    HotQuestion,
    Resolution,
    SearchResults,
    ServiceCard,
    ServiceSummary,
    Suggestion,
)
from knowledge.themes import ThemeCard

_SUGGESTIONS = TypeAdapter(list[Suggestion])
_SUMMARIES = TypeAdapter(list[ServiceSummary])
_HOT = TypeAdapter(list[HotQuestion])
_THEMES = TypeAdapter(list[ThemeCard])


class KnowledgeUnavailable(Exception):
    """The knowledge process did not answer in time, or at all."""


class KnowledgeClient:
    """Asynchronous calls with one pooled connection; every failure is ``KnowledgeUnavailable``."""

    def __init__(self, base_url: str, timeout: float = 3.0) -> None:
        self._http = httpx.AsyncClient(base_url=base_url, timeout=timeout)

    async def aclose(self) -> None:
        await self._http.aclose()

    async def _get(self, path: str, **params: Any) -> Any:
        """Return the JSON body, or None for 404."""
        try:
            response = await self._http.get(path, params={k: v for k, v in params.items() if v is not None})
            if response.status_code == 404:
                return None
            response.raise_for_status()
            return response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise KnowledgeUnavailable(str(error) or type(error).__name__) from error

    async def resolve(self, text: str, focus: str | None = None, about: str | None = None) -> Resolution:
        """Say what ``text`` is about; ``focus`` is the service of the conversation, ``about`` the entry just read."""
        return Resolution.model_validate(await self._get("/resolve", text=text, focus=focus, about=about))

    async def explain(self, text: str, focus: str | None = None) -> Explanation:
        """Say what a decision on ``text`` is made from, for staff."""
        return Explanation.model_validate(await self._get("/explain", text=text, focus=focus))

    async def themes(self) -> list[ThemeCard]:
        return _THEMES.validate_python(await self._get("/themes") or [])

    async def theme(self, theme_id: str) -> ThemeCard | None:
        body = await self._get(f"/themes/{theme_id}")
        return None if body is None else ThemeCard.model_validate(body)

    async def theme_opened(self, text: str) -> ThemeCard | None:
        """Return the theme that a sentence begins ("我要生孩子了"), or None."""
        body = await self._get("/themes/opened", text=text)
        return None if body is None else ThemeCard.model_validate(body)

    async def search(self, query: str, limit: int = 10) -> SearchResults:
        return SearchResults.model_validate(await self._get("/search", q=query, limit=limit))

    async def suggest(self, query: str, limit: int = 8) -> list[Suggestion]:
        return _SUGGESTIONS.validate_python(await self._get("/suggest", q=query, limit=limit))

    async def services(self) -> list[ServiceSummary]:
        return _SUMMARIES.validate_python(await self._get("/services"))

    async def service(self, service_id: str) -> ServiceCard | None:
        body = await self._get(f"/services/{service_id}")
        return None if body is None else ServiceCard.model_validate(body)

    async def declaration(self, service_id: str) -> dict[str, Any] | None:
        """Return the whole declaration of a service, for the engine."""
        body: dict[str, Any] | None = await self._get(f"/services/{service_id}/declaration")
        return body

    async def entry(self, entry_id: str) -> EntryCard | None:
        body = await self._get(f"/entries/{entry_id}")
        return None if body is None else EntryCard.model_validate(body)

    async def hot(self, limit: int = 5) -> list[HotQuestion]:
        return _HOT.validate_python(await self._get("/hot", limit=limit))

    async def record_unanswered(self, conversation_id: str, text: str, resolution: Resolution | None) -> None:
        """Keep a question that nobody could answer, for staff. Personal data is masked there."""
        try:
            response = await self._http.post(
                "/unanswered",
                json={
                    "conversation_id": conversation_id,
                    "text": text,
                    "resolution": resolution.model_dump() if resolution else None,
                },
            )
            response.raise_for_status()
        except httpx.HTTPError as error:
            raise KnowledgeUnavailable(str(error)) from error
