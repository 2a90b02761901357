"""The application: ``uvicorn --factory api.app:create_app``."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from sqlalchemy import Engine

import api
from api import errors, health
from api.attachments import endpoints as attachment_endpoints
from api.catalogue import endpoints as catalogue_endpoints
from api.catalogue.fallback import FallbackSearch
from api.catalogue.service import CatalogueService
from api.conversations import endpoints as conversation_endpoints
from api.conversations.degrade import DegradedReplies
from api.conversations.rasa import RasaClient
from api.conversations.service import ConversationService
from api.deps import Services
from api.identity import endpoints as identity_endpoints
from api.identity.devidp.app import create_demo_provider
from api.identity.service import IdentityService
from api.limits import BodyLimit, TokenBuckets
from api.metrics import Metrics
from api.security import SecurityHeaders
from api.settings import ApiSettings, get_api_settings
from api.space import endpoints as space_endpoints
from api.space import events, privacy, webhook
from api.space.hub import Hub
from api.space.service import SpaceService
from api.speech import endpoints as speech_endpoints
from api.speech import spoken_turns, transcriptions
from api.speech.hearing import HearingAdapter, Listener
from api.speech.published import worth_speaking
from api.speech.service import Speaker, SpeechAdapter
from api.staff import entries as staff_entries
from api.staff import login as staff_login
from api.staff import rectifications as staff_rectifications
from api.staff import tracing as staff_tracing
from api.staff import unanswered as staff_unanswered
from api.web import docs, pages, privacy_pages, space_pages, theme_pages
from knowledge.client import KnowledgeClient
from voice.fetching import fetch_in_background
from voice.settings import get_voice_settings
from wenban.database import get_engine
from wenban.identity import IdentitySettings, get_identity_settings
from wenban.settings import Settings, get_settings

log = structlog.get_logger("api")
SETTLE = 30.0  # seconds after the start until speech is prepared
STATIC = Path(api.__file__).parent / "web" / "static"


async def _prepare_speech(engine: Engine, speech: SpeechAdapter) -> None:
    """Speak in advance what the setting asks for, once the start is over."""
    what = get_voice_settings().prepare
    await asyncio.sleep(SETTLE)
    try:
        await speech.prepare(await asyncio.to_thread(worth_speaking, engine, what))
    except Exception as error:  # it is spoken when it is asked for
        log.warning("speech_not_prepared", error=type(error).__name__)


def create_app(
    settings: Settings | None = None,
    api_settings: ApiSettings | None = None,
    engine: Engine | None = None,
    speaker: Speaker | None = None,
    listener: Listener | None = None,
    identity_settings: IdentitySettings | None = None,
) -> FastAPI:
    """Make the application; what is not given is made from the settings."""
    settings, limits = settings or get_settings(), api_settings or get_api_settings()
    engine = engine or get_engine()
    knowledge = KnowledgeClient(settings.knowledge_url)
    rasa = RasaClient(settings.rasa_url, settings.turn_timeout)
    fallback = FallbackSearch(engine)
    metrics = Metrics()
    speech = SpeechAdapter(speaker)
    hearing = HearingAdapter(metrics, listener)
    identity = IdentityService(identity_settings or get_identity_settings(), settings, engine)
    hub = Hub(engine, limits.push_seconds, limits.max_sockets)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await speech.start()
        await hearing.start()
        hub.start()
        background = asyncio.create_task(_prepare_speech(engine, speech)) if speaker is None else None
        fetching = fetch_in_background(settings) if speaker is None and listener is None else None
        yield
        for task in filter(None, (background, fetching)):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await hub.stop()
        await identity.aclose()
        await hearing.stop()
        await speech.stop()
        await rasa.aclose()
        await knowledge.aclose()

    app = FastAPI(
        title=f"{settings.assistant_name} 市民接口",
        version="1",
        description="问办的市民接口：会话、搜索、事项、朗读与听写。错误一律为 `{code, message, detail}`。",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.services = Services(
        settings=settings,
        api_settings=limits,
        engine=engine,
        conversations=ConversationService(
            engine, rasa, DegradedReplies(knowledge, fallback, settings.hotline), metrics, settings.city
        ),
        catalogue=CatalogueService(knowledge, fallback),
        speech=speech,
        hearing=hearing,
        identity=identity,
        space=SpaceService(engine),
        hub=hub,
        metrics=metrics,
        turn_buckets=TokenBuckets(limits.turn_burst, limits.turns_per_second) if limits.rate_limit else None,
        read_buckets=TokenBuckets(limits.read_burst, limits.reads_per_second) if limits.rate_limit else None,
    )
    errors.install(app)
    for router in (
        # A recording comes to the same address as words: its route is asked first.
        spoken_turns.router,
        transcriptions.router,
        conversation_endpoints.router,
        catalogue_endpoints.router,
        speech_endpoints.router,
        health.router,
        pages.router,
        docs.router,
        staff_login.router,
        staff_entries.router,
        staff_unanswered.router,
        staff_tracing.router,
        staff_rectifications.router,
        theme_pages.router,
        attachment_endpoints.router,
        identity_endpoints.router,
        space_endpoints.router,
        events.router,
        webhook.router,
        space_pages.router,
        privacy.router,
        privacy_pages.router,
    ):
        app.include_router(router)
    if identity.demo:
        app.mount("/idp", create_demo_provider(identity.issuer_url, identity.settings.client_id))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(
        BodyLimit, limit=limits.max_body, staff_limit=limits.max_staff_body, recording_limit=limits.max_recording
    )
    app.add_middleware(SecurityHeaders, frame_ancestors=limits.frame_ancestors)
    return app
