"""``/v1/search``, ``/v1/suggest``, ``/v1/services``, ``/v1/themes``, ``/v1/hot``."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.deps import CatalogueDep, limit_reads
from api.errors import ApiError, ServiceNotFound
from api.text import clean, is_blank
from knowledge.schemas import HotQuestion, SearchResults, ServiceCard, ServiceSummary, Suggestion
from knowledge.themes import ThemeCard

router = APIRouter(prefix="/v1", tags=["catalogue"], dependencies=[Depends(limit_reads)])
QueryText = Annotated[str, Query(max_length=500, description="plain Chinese, pinyin or pinyin initials")]
Limit = Annotated[int, Query(ge=1, le=50)]


class EmptyQuery(ApiError):
    status, code, message = 422, "empty_query", "请输入要查找的内容。"


@router.get("/search")
async def search(catalogue: CatalogueDep, q: QueryText, limit: Limit = 10) -> SearchResults:
    """Find services and approved answers; ``degraded`` says that only a plain search could be done."""
    text = clean(q)
    if is_blank(text):
        raise EmptyQuery
    return await catalogue.search(text, limit)


@router.get("/suggest")
async def suggest(catalogue: CatalogueDep, q: QueryText = "") -> list[Suggestion]:
    """Complete what is being typed, by text, pinyin or initials."""
    text = clean(q)
    return [] if is_blank(text) else await catalogue.knowledge.suggest(text)


@router.get("/themes")
async def themes(catalogue: CatalogueDep) -> list[ThemeCard]:
    """Every 一件事: the chain of services with what is needed once for all."""
    return await catalogue.knowledge.themes()


@router.get("/services")
async def services(catalogue: CatalogueDep) -> list[ServiceSummary]:
    return await catalogue.knowledge.services()


@router.get("/services/{service_id}")
async def service(catalogue: CatalogueDep, service_id: str) -> ServiceCard:
    card = await catalogue.knowledge.service(service_id) if re.fullmatch(r"[a-z]+-\d{2,3}", service_id) else None
    if card is None:
        raise ServiceNotFound
    return card


@router.get("/hot")
async def hot(catalogue: CatalogueDep, limit: Limit = 5) -> list[HotQuestion]:
    """Return the questions asked most."""
    return await catalogue.knowledge.hot(limit)
