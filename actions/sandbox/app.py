"""The sandbox as an ASGI application: ``uvicorn actions.sandbox.app:app``."""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from actions.connectors.contract import ConnectorProblem
from actions.sandbox import departments, switches
from actions.sandbox.clock import Clock
from actions.sandbox.desk import Desk
from actions.sandbox.faults import Faults
from actions.sandbox.problems import Refusal
from actions.sandbox.routes import router
from actions.sandbox.settings import SandboxSettings
from actions.sandbox.store import Store
from actions.sandbox.texts import say
from wenban import logs

log = structlog.get_logger(__name__)


def create_app(settings: SandboxSettings | None = None, clock: Clock | None = None) -> FastAPI:
    """Return the application on its own database file, created and seeded on first use."""
    settings = settings or SandboxSettings()
    clock = clock or Clock(settings.day_seconds, timedelta())
    store = Store(settings.path, clock)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        logs.configure("sandbox")
        await run_in_threadpool(lambda: store.engine)
        yield
        store.close()

    app = FastAPI(title="Wenban sandbox departments", lifespan=lifespan)
    app.state.desk = Desk(departments.ALL, store, clock, Faults(), settings.settle_seconds)
    app.include_router(router)
    if settings.faults:
        app.include_router(switches.router)

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    _answer_errors(app)
    return app


def _answer_errors(app: FastAPI) -> None:
    """Make every error a ``ConnectorProblem``."""

    @app.exception_handler(Refusal)
    async def refused(_: Request, error: Refusal) -> JSONResponse:
        return JSONResponse(error.problem.model_dump(), error.status)

    @app.exception_handler(RequestValidationError)
    async def malformed(_: Request, error: RequestValidationError) -> JSONResponse:
        field = ".".join(str(part) for part in error.errors()[0]["loc"]) if error.errors() else None
        problem = ConnectorProblem(code="invalid_field", message=say("common", "malformed"), field=field)
        return JSONResponse(problem.model_dump(), 422)

    @app.exception_handler(HTTPException)
    async def unknown(_: Request, error: HTTPException) -> JSONResponse:
        problem = ConnectorProblem(code="not_found", message=say("common", "no_operation"))
        return JSONResponse(problem.model_dump(), error.status_code)

    @app.middleware("http")
    async def broken(request: Request, call_next):  # type: ignore[no-untyped-def]
        try:
            return await call_next(request)
        except Exception as error:
            # No local variables in the log: they hold what citizens filled in.
            where = "".join(traceback.format_tb(error.__traceback__)[-2:])
            log.error("sandbox.broken", error=type(error).__name__, where=where)
            problem = ConnectorProblem(code="unavailable", message=say("common", "unavailable"))
            return JSONResponse(problem.model_dump(), 500)


app = create_app()
