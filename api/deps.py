"""What endpoints ask for. Everything lives in one ``Services`` object that the app's factory makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends
from sqlalchemy import Engine
from starlette.requests import HTTPConnection

from api.catalogue.service import CatalogueService
from api.conversations.service import ConversationService
from api.errors import Forbidden
from api.identity.service import IdentityService, SignedIn
from api.limits import TokenBuckets, check, is_loopback
from api.metrics import Metrics
from api.settings import ApiSettings
from api.space.hub import Hub
from api.space.service import SpaceService
from api.speech.hearing import HearingAdapter
from api.speech.service import SpeechAdapter
from wenban.identity import Citizen
from wenban.settings import Settings

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass
class Services:
    settings: Settings
    api_settings: ApiSettings
    engine: Engine
    conversations: ConversationService
    catalogue: CatalogueService
    speech: SpeechAdapter
    hearing: HearingAdapter
    identity: IdentityService
    space: SpaceService
    hub: Hub
    metrics: Metrics
    turn_buckets: TokenBuckets | None
    read_buckets: TokenBuckets | None


def get_services(connection: HTTPConnection) -> Services:
    services: Services = connection.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(get_services)]


def get_conversations(services: ServicesDep) -> ConversationService:
    return services.conversations


def get_catalogue(services: ServicesDep) -> CatalogueService:
    return services.catalogue


ConversationsDep = Annotated[ConversationService, Depends(get_conversations)]
CatalogueDep = Annotated[CatalogueService, Depends(get_catalogue)]


async def get_signed_in(connection: HTTPConnection, services: ServicesDep) -> SignedIn | None:
    """Return who makes the request, or None; the page's templates find them in ``request.state``."""
    signed = await services.identity.who(connection)
    connection.state.signed_in = signed
    return signed


SignedInDep = Annotated[SignedIn | None, Depends(get_signed_in)]


def get_citizen(connection: HTTPConnection, signed: SignedInDep) -> Citizen | None:
    """Return the citizen; what changes something must come from our own pages when a cookie says who it is."""
    if signed is not None and signed.via == "cookie" and connection.scope.get("method") not in SAFE:
        same_origin(connection)
    return signed.citizen if signed else None


CitizenDep = Annotated[Citizen | None, Depends(get_citizen)]


def same_origin(connection: HTTPConnection) -> None:
    """Refuse what a browser sends from a foreign page."""
    origin = connection.headers.get("origin")
    if origin and urlsplit(origin).netloc != connection.headers.get("host"):
        raise Forbidden("这个请求不是从本页面发出的，没有处理。")


def client_host(request: HTTPConnection) -> str | None:
    """Return the client's address; a trusted proxy's forwarded address when uvicorn was told to believe it."""
    return request.client.host if request.client else None


def _limit(request: HTTPConnection, services: Services, buckets: TokenBuckets | None) -> None:
    host = client_host(request)
    if services.api_settings.rate_limit_loopback or not is_loopback(host):
        check(buckets, host)


def limit_turns(request: HTTPConnection, services: ServicesDep) -> None:
    """Take a token for something that costs: a turn, a conversation, a log-in."""
    _limit(request, services, services.turn_buckets)


def limit_reads(request: HTTPConnection, services: ServicesDep) -> None:
    _limit(request, services, services.read_buckets)
