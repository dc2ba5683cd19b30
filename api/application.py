"""The application: calculators in front, everything else behind, the edge around both."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api import docs, errata, formulas, operations, tables
from api.calculator import Calculator
from api.edge import REQUEST_ID, Edge
from api.engine import ENGINE_VERSION, Engine
from api.http import instance, respond_problem
from api.logs import log, where
from api.mba.packages import PACKAGES
from api.mba.premiums import PREMIUMS
from api.mba.quotes import QUOTES
from api.mba.rate_card import RATE_CARD
from api.openapi import describe
from api.pipeline import CalculatorRoute
from api.problems import MEDIA_TYPE, Problem, fault
from api.settings import Settings
from api.state import Running
from api.tracing import server_spans
from tables.errors import CorruptTable
from tables.shipped import shipped_tables
from tables.store import SchemaOutOfDate, check_schema, load, open_store, prepare

CALCULATORS: tuple[Calculator[Any, Any, Any], ...] = (QUOTES, PREMIUMS, RATE_CARD, PACKAGES)


class Application(FastAPI):
    """A FastAPI application whose calculators are found by a dictionary from path to route."""

    calculators: dict[str, CalculatorRoute]
    edge: Edge

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand requests to the edge, anything else to FastAPI."""
        await (self.edge if scope["type"] == "http" else super().__call__)(scope, receive, send)

    async def dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a calculator's request to its route, any other to FastAPI, HEAD as the GET that it asks about."""
        route = self.calculators.get(scope["path"])
        if route is not None:
            scope["route"] = route
            await route.handle(scope, receive, send)
            return
        inner = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        try:
            await super().__call__(inner, receive, send)
        finally:
            scope["route"] = inner.get("route")


def create_app(settings: Settings | None = None) -> Application:
    """The application; tables are read when it starts, so it can be made without a store to read its contract."""
    settings = settings or Settings()
    app = Application(
        title="rielquote",
        version=ENGINE_VERSION,
        description="Prices Cambodian microinsurance and social security, and can prove every riel.",
        lifespan=_lifespan(settings),
        openapi_url=None,
        redirect_slashes=False,
    )
    app.calculators = {}
    state = app.state.running = Running()
    for calculator in CALCULATORS:
        route = CalculatorRoute(calculator, state, settings.max_body_bytes, settings.body_seconds)
        app.calculators[calculator.path] = route
        app.router.routes.append(route)
    for router in (tables.router, formulas.router, errata.router, operations.router, docs.router):
        app.include_router(router)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(Exception, _fault)
    describe(app, create_app)
    app.edge = Edge(
        app.dispatch,
        settings,
        state.metrics,
        span=server_spans() if settings.otel else None,
        wrap=partial(_cors, settings.cors_origins) if settings.cors_origins else None,
    )
    return app


class _Cors(CORSMiddleware):
    """CORS whose refusals are problems like any other."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what a browser asks before it calls; hand on what is no such question."""
        asked = Headers(scope=scope)
        is_preflight = scope["method"] == "OPTIONS" and "origin" in asked and "access-control-request-method" in asked
        if is_preflight and self.preflight_response(asked).status_code != HTTPStatus.OK:
            detail = "The service is not set to let this origin ask this."
            await respond_problem(scope, send, Problem("preflight_refused", detail))
        else:
            await super().__call__(scope, receive, send)


def _cors(origins: str, inside: ASGIApp) -> ASGIApp:
    request_id = REQUEST_ID.decode()
    return _Cors(
        inside,
        allow_origins=[origin.strip() for origin in origins.split(",")],
        allow_methods=["GET", "HEAD", "POST"],
        allow_headers=["content-type", "if-none-match", request_id],
        expose_headers=["etag", "retry-after", request_id],
    )


def _lifespan(settings: Settings) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        state: Running = app.state.running
        try:
            engine = await run_in_threadpool(_start, settings)
        except Exception as error:
            state.metrics.load_failures += 1
            ours = isinstance(error, CorruptTable | SchemaOutOfDate)
            log.error("no tables", reason=str(error) if ours else None, **where(error))
            raise
        state.current = engine
        state.metrics.snapshot_loaded(len(engine.snapshot.tables))
        log.info("tables loaded", tables=len(engine.snapshot.tables), engine=ENGINE_VERSION)
        yield
        log.info("stopped")

    return lifespan


def _start(settings: Settings) -> Engine:
    """Read the tables; an embedded store is migrated and seeded first, a server's is only checked."""
    store = open_store(settings.database_url)
    try:
        if store.dialect.name == "sqlite":
            prepare(store, shipped_tables())
        check_schema(store)
        return Engine(load(store))
    finally:
        store.dispose()


async def _problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)  # noqa: S101  (registered for Problem alone)
    headers = {name.decode(): value.decode() for name, value in problem.headers}
    body = problem.body(instance(request.scope))
    return Response(body, problem.status, {"cache-control": "no-store"} | headers, MEDIA_TYPE.decode())


async def _http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  (registered for HTTPException alone)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = (error.headers or {}).get("Allow", "").replace("GET", "GET, HEAD")
        detail = f"Use {allowed.replace(', ', ' or ')}."
        return await _problem(request, Problem("method_not_allowed", detail, headers=[(b"allow", allowed.encode())]))
    return await _problem(request, Problem("not_found", "See /openapi.json for what there is."))


async def _fault(request: Request, _error: Exception) -> Response:
    """The answer to an unexpected error; the edge, which it goes on to, logs it."""
    return await _problem(request, fault())
