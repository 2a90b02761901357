"""What endpoints ask for. Everything lives in one ``Services`` object that the app's factory makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine

from api.catalogue.service import CatalogueService
from api.conversations.service import ConversationService
from api.limits import TokenBuckets, check, is_loopback
from api.metrics import Metrics
from api.settings import ApiSettings
from api.speech.hearing import HearingAdapter
from api.speech.pending import PendingWords
from api.speech.service import SpeechAdapter
from wenban.settings import Settings


@dataclass
class Services:
    settings: Settings
    api_settings: ApiSettings
    engine: Engine
    conversations: ConversationService
    catalogue: CatalogueService
    speech: SpeechAdapter
    hearing: HearingAdapter
    pending: PendingWords
    metrics: Metrics
    turn_buckets: TokenBuckets | None
    read_buckets: TokenBuckets | None


def get_services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(get_services)]


def get_conversations(services: ServicesDep) -> ConversationService:
    return services.conversations


def get_catalogue(services: ServicesDep) -> CatalogueService:
    return services.catalogue


ConversationsDep = Annotated[ConversationService, Depends(get_conversations)]
CatalogueDep = Annotated[CatalogueService, Depends(get_catalogue)]


def client_host(request: Request) -> str | None:
    """Return the client's address; a trusted proxy's forwarded address when uvicorn was told to believe it."""
    return request.client.host if request.client else None


def _limit(request: Request, services: Services, buckets: TokenBuckets | None) -> None:
    host = client_host(request)
    if services.api_settings.rate_limit_loopback or not is_loopback(host):
        check(buckets, host)


def limit_turns(request: Request, services: ServicesDep) -> None:
    """Take a token for something that costs: a turn, a conversation, a log-in."""
    _limit(request, services, services.turn_buckets)


def limit_reads(request: Request, services: ServicesDep) -> None:
    _limit(request, services, services.read_buckets)
