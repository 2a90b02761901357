"""``/healthz``, ``/readyz`` and ``/metrics``."""

from __future__ import annotations

import asyncio
import datetime as dt

import anyio
import httpx
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from api.deps import ServicesDep, client_host
from api.errors import Forbidden
from api.limits import is_loopback
from wenban.database import session_scope
from wenban.ratings import RatingRepository

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """The process is up."""
    return {"status": "ok"}


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).status_code == 200
    except httpx.HTTPError:
        return False


def _database(engine: Engine) -> bool:
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except Exception:
        return False
    return True


@router.get("/readyz", responses={503: {"description": "our own database does not answer"}})
async def ready(services: ServicesDep, response: Response) -> dict[str, bool]:
    """Say which parts answer. Only our own database makes us unready: without the others we degrade."""
    settings = services.settings
    async with httpx.AsyncClient(timeout=2.0) as client:
        rasa, actions, knowledge, database = await asyncio.gather(
            _answers(client, f"{settings.rasa_url}/"),
            _answers(client, f"{settings.actions_url}/health"),
            _answers(client, f"{settings.knowledge_url}/healthz"),
            anyio.to_thread.run_sync(_database, services.engine),
        )
    if not database:
        response.status_code = 503
    return {"rasa": rasa, "actions": actions, "knowledge": knowledge, "database": database}


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request, services: ServicesDep) -> Response:
    if not services.api_settings.metrics_public and not is_loopback(client_host(request)):
        raise Forbidden
    alarms = await anyio.to_thread.run_sync(_alarms, services.engine, services.settings.rectify_warn_days)
    for alarm, count in alarms.items():
        services.metrics.rectifications.labels(alarm).set(count)
    return Response(generate_latest(services.metrics.registry), media_type=CONTENT_TYPE_LATEST)


def _alarms(engine: Engine, warn_days: int) -> dict[str, int]:
    """Count the open rectifications; none while the database is away, which /readyz tells."""
    try:
        with session_scope(engine) as session:
            return RatingRepository(session).alarms(None, dt.date.today(), warn_days)
    except SQLAlchemyError:
        return {}
