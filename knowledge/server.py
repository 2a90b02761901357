"""The knowledge process: search over HTTP for ``api`` and ``actions``, on loopback only.

A thread follows the publication version in the database and swaps in a new catalogue, so that a published change
is searchable within two seconds on every replica and no request ever waits for an index.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import structlog
from fastapi import FastAPI, HTTPException, Query, Request
from pydantic import BaseModel, Field

from knowledge.catalogue import CatalogueBuilder, cache_path
from knowledge.encoder import Encoder
from knowledge.explaining import explain
from knowledge.repository import NotFound, ServiceRepository, UnansweredRepository, publication_version
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
from knowledge.search import Searcher
from knowledge.seed import folders
from knowledge.snapshot import Calibration
from knowledge.themes import Theme, ThemeCard, ThemeShelf, card
from knowledge.vectors import VectorCache
from nlu.lexicon import Lexicon
from wenban import logs
from wenban.database import session_scope
from wenban.masking import mask

log = structlog.get_logger(__name__)
POLL_SECONDS = 0.2
SHELF = ThemeShelf(folders)
# Shown until there are enough questions of the city's own to rank (kinds differ on purpose).
STARTERS = ("rsj-04", "zjj-07", "wjw-05", "ybj-01", "rsj-05", "gaj-07", "jyj-03", "gjj-01")

Text = Annotated[str, Query(min_length=1, max_length=1000)]


class Unanswered(BaseModel):
    conversation_id: str = Field(default="", max_length=64)
    text: str = Field(min_length=1, max_length=1000)
    resolution: Resolution | None = None


class Follower(threading.Thread):
    """Rebuilds the catalogue whenever the publication version moves."""

    def __init__(self, searcher: Searcher, builder: CatalogueBuilder) -> None:
        super().__init__(name="catalogue-follower", daemon=True)
        self._searcher, self._builder = searcher, builder
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.wait(POLL_SECONDS):
            try:
                with session_scope() as session:
                    if publication_version(session) != self._searcher.catalogue.snapshot.version:
                        self._searcher.swap(self._builder.build(session))
                        self._builder.cache.save()  # after the swap: writing the file takes as long as indexing
                        log.info("catalogue.swapped", version=self._searcher.catalogue.snapshot.version)
            except Exception:  # the old catalogue goes on serving; the next tick tries again
                log.exception("catalogue.rebuild_failed")

    def stop(self) -> None:
        self._stopping.set()


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    logs.configure("knowledge")
    lexicon = Lexicon.default()
    lexicon.warm_up()
    builder = CatalogueBuilder(Encoder(), lexicon, Calibration.load(), VectorCache(cache_path()))
    with session_scope() as session:
        searcher = Searcher(builder.build(session))
    builder.cache.save()
    searcher.resolve("社保卡办到哪一步了")  # the first citizen should not pay for lazy initialisation
    follower = Follower(searcher, builder)
    follower.start()
    app.state.searcher = searcher
    yield
    follower.stop()


app = FastAPI(title="Wenban knowledge", lifespan=lifespan, docs_url=None, redoc_url=None)


def searcher_of(request: Request) -> Searcher:
    searcher: Searcher = request.app.state.searcher
    return searcher


@app.get("/healthz")
def healthz(request: Request) -> dict[str, Any]:
    catalogue = searcher_of(request).catalogue
    return {
        "status": "ok",
        "version": catalogue.snapshot.version,
        "services": len(catalogue.services),
        "entries": len(catalogue.entries),
    }


@app.get("/resolve")
def resolve(request: Request, text: Text, focus: str | None = None, about: str | None = None) -> Resolution:
    return searcher_of(request).resolve(text, focus, about)


@app.get("/search")
def search(request: Request, q: Text, limit: Annotated[int, Query(ge=1, le=50)] = 10) -> SearchResults:
    return searcher_of(request).search(q, limit)


@app.get("/explain")
def explanation(request: Request, text: Text, focus: str | None = None) -> Explanation:
    return explain(searcher_of(request), text, focus)


@app.get("/suggest")
def suggest(request: Request, q: Text, limit: Annotated[int, Query(ge=1, le=20)] = 8) -> list[Suggestion]:
    return searcher_of(request).suggest(q, limit)


@app.get("/hot")
def hot(request: Request, limit: Annotated[int, Query(ge=1, le=20)] = 5) -> list[HotQuestion]:
    cards = searcher_of(request).catalogue.services
    known = [cards[service_id] for service_id in STARTERS if service_id in cards]
    return [HotQuestion(text=card.name, id=card.id, kind="service") for card in known[:limit]]


@app.get("/services")
def services(request: Request) -> list[ServiceSummary]:
    return [
        ServiceSummary(**card.model_dump(include=set(ServiceSummary.model_fields)))
        for card in searcher_of(request).catalogue.services.values()
    ]


@app.get("/services/{service_id}")
def service(request: Request, service_id: str) -> ServiceCard:
    card = searcher_of(request).catalogue.services.get(service_id)
    if card is None:
        raise HTTPException(404, "no such service")
    return card.model_copy(update={"related": searcher_of(request).related_to_service(service_id)})


@app.get("/services/{service_id}/declaration")
def declaration(service_id: str) -> dict[str, Any]:
    try:
        with session_scope() as session:
            return ServiceRepository(session).get(service_id).declaration
    except NotFound:
        raise HTTPException(404, "no such service") from None


def _card_of(request: Request, theme: Theme) -> ThemeCard:
    return card(theme, searcher_of(request).catalogue.services)


@app.get("/themes")
def themes(request: Request) -> list[ThemeCard]:
    return [_card_of(request, theme) for theme in SHELF.all().values()]


@app.get("/themes/opened")
def theme_opened(request: Request, text: Text) -> ThemeCard:
    theme = SHELF.opened_by(text)
    if theme is None:
        raise HTTPException(404, "no theme begins so")
    return _card_of(request, theme)


@app.get("/themes/{theme_id}")
def theme(request: Request, theme_id: str) -> ThemeCard:
    found = SHELF.all().get(theme_id)
    if found is None:
        raise HTTPException(404, "no such theme")
    return _card_of(request, found)


@app.get("/entries/{entry_id}")
def entry(request: Request, entry_id: str) -> EntryCard:
    searcher = searcher_of(request)
    card = searcher.catalogue.entries.get(entry_id)
    if card is None:
        raise HTTPException(404, "no such entry")
    return card.model_copy(update={"related": searcher.related(entry_id)})


@app.post("/unanswered", status_code=204)
def unanswered(body: Unanswered) -> None:
    resolution = body.resolution
    candidates = (
        [] if resolution is None else [c.model_dump() for c in resolution.services[:3] + resolution.entries[:3]]
    )
    with session_scope() as session:
        UnansweredRepository(session).add(
            body.conversation_id, mask(body.text), candidates, resolution.in_scope if resolution else 0.0
        )
