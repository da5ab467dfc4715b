"""The web application: every route from the one table, every error through the one table, every answer with safe headers."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from datong import __version__, services, share
from datong.domain.errors import Busy, DatongError
from datong.ledger import GroupCommit
from datong.settings import Settings
from datong.share import catalogue
from datong.spec import load_packs
from datong.store import Reads, Store, open_store
from datong.web import clock, door
from datong.web.apart import CasesApart
from datong.web.api import description
from datong.web.api.keys import KeyRing, known_parameters
from datong.web.api_routes import Api, Plain
from datong.web.arrivals import Arrivals
from datong.web.errors import BY_STATUS, KINDS, Problem, ProblemError, problem_json, problem_of, validation_problem
from datong.web.routes import ROUTES
from datong.web.shields import BodyLimit, Pace, SafeHeaders
from datong.web.unforeseen import Unforeseen

_log = logging.getLogger("datong.web")


class LongLivedFiles(StaticFiles):
    """Static files; their addresses change with their content, so browsers may keep them."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """As Starlette does, with a cache header."""
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response


def create_app(settings: Settings, store: Store | None = None, *, apart: bool = False) -> FastAPI:
    """The application of one city. `store` is for tests; else the city's own is opened. `apart`: cases by API in a process of their own."""
    kept = store or open_store(settings)
    app = FastAPI(
        title=description.TITLE,
        version=__version__,
        description=description.TEXT,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    if "share.policy" not in kept.parts:
        share.install(kept, settings, load_packs(settings.packs))
    _bring_catalogue(kept)
    app.state.store, app.state.settings, app.state.key_ring = kept, settings, KeyRing(kept, settings.sandbox)
    app.state.apart = apart
    _add_routes(app, kept, settings)
    _add_errors(app)
    app.mount("/static", LongLivedFiles(directory=Path(__file__).parent / "static"), name="static")
    app.add_middleware(Unforeseen, answer=_answer)
    app.add_middleware(BodyLimit)
    app.add_middleware(Pace, per_minute=settings.rate_per_minute)
    app.add_middleware(SafeHeaders, secure=settings.secure_cookies, sandbox=settings.sandbox)
    description.complete(app)
    return app


def _bring_catalogue(store: Store) -> None:
    """What the packs describe stands in the catalogue from the first page on. When somebody else is writing for long, it is
    brought up at the next start."""
    try:
        with store.session(read_only=True) as session:
            if catalogue.is_brought_in(session):
                return
        with store.session() as session:
            catalogue.bring_in(session, clock.now())
    except Busy:
        _log.warning("the catalogue could not be brought up to the packs: another transaction is writing")


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.group_commit, app.state.intake = GroupCommit(app.state.store), share.Intake(app.state.store)
    app.state.reads = Reads(app.state.store, after=app.state.group_commit.under_way)
    app.state.arrivals = Arrivals()
    app.state.case_commit = CasesApart(app.state.store, app.state.settings) if app.state.apart else services.CaseCommit(app.state.store)
    yield
    await run_in_threadpool(app.state.case_commit.close)
    await app.state.intake.close()
    await app.state.group_commit.close()
    await app.state.reads.close()
    app.state.store.close()


def _add_routes(app: FastAPI, store: Store, settings: Settings) -> None:
    for route in ROUTES:
        if isinstance(route, Api):
            app.add_api_route(
                route.path,
                route.do,
                methods=[route.method],
                summary=route.summary,
                tags=[route.tag],
                response_model=None,
                status_code=route.status,
                responses=description.responses(
                    route.answer, route.may_answer, route.status, route.media, oauth=route.oauth, beside=route.beside
                ),
                operation_id=route.do.__name__,
                dependencies=[Depends(known_parameters(route.filters))] if route.permission == "key" else [],
                openapi_extra=description.unseen(route.filters, route.sent),
            )
        elif isinstance(route, Plain):
            app.add_route(route.path, route.make(app), methods=[route.method])
        else:
            app.add_route(route.path, door.endpoint(store, settings, route), methods=[route.method])


def _add_errors(app: FastAPI) -> None:
    async def on_purpose(request: Request, error: DatongError) -> Response:
        return await _answer(request, problem_of(error))

    async def raised(request: Request, error: ProblemError) -> Response:
        return await _answer(request, error.problem)

    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return await _answer(request, validation_problem(list(error.errors())))

    async def http(request: Request, error: HTTPException) -> Response:
        kind = KINDS[BY_STATUS.get(error.status_code, "broken")]
        return await _answer(request, Problem(kind, headers=dict(error.headers or {})))

    handlers: list[tuple[Any, Any]] = [
        (DatongError, on_purpose),
        (ProblemError, raised),
        (RequestValidationError, invalid),
        (HTTPException, http),
    ]
    for kind, handler in handlers:
        app.add_exception_handler(kind, handler)


async def _answer(request: Request, problem: Problem) -> Response:
    if request.url.path.startswith("/api/"):
        return problem_json(problem)
    state = request.app.state
    sent = door.sent_of(request, {})
    response = await run_in_threadpool(door.trouble_page, state.store, state.settings, sent, problem)
    response.headers.update(problem.headers)
    return response
