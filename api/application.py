"""The application: calculators in front, everything else behind."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api import errata, formulas, operations, tables
from api.calculator import Calculator
from api.engine import ENGINE_VERSION, Engine
from api.http import instance
from api.mba.packages import PACKAGES
from api.mba.premiums import PREMIUMS
from api.mba.quotes import QUOTES
from api.mba.rate_card import RATE_CARD
from api.openapi import ProblemDetails, describe
from api.pipeline import CalculatorRoute
from api.problems import MEDIA_TYPE, Problem
from api.settings import Settings
from api.state import engine_or_none
from tables.shipped import shipped_tables
from tables.store import check_schema, load, open_store, prepare

CALCULATORS: tuple[Calculator[Any, Any, Any], ...] = (QUOTES, PREMIUMS, RATE_CARD, PACKAGES)

_log = logging.getLogger("rielquote")


class Application(FastAPI):
    """A FastAPI application whose calculators are found by a dictionary from path to route."""

    calculators: dict[str, CalculatorRoute]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a calculator's request to its route, any other to FastAPI."""
        if scope["type"] == "http":
            route = self.calculators.get(scope["path"])
            if route is not None:
                await route.handle(scope, receive, send)
                return
        await super().__call__(scope, receive, send)


def create_app(settings: Settings | None = None) -> Application:
    """The application; tables are read when it starts, so it can be made without a store to read its contract."""
    settings = settings or Settings()
    app = Application(
        title="rielquote",
        version=ENGINE_VERSION,
        description="Prices Cambodian microinsurance and social security, and can prove every riel.",
        lifespan=_lifespan(settings),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.calculators = {}
    for calculator in CALCULATORS:
        route = CalculatorRoute(calculator, lambda: engine_or_none(app), settings.max_body_bytes)
        app.calculators[calculator.path] = route
        app.router.routes.append(route)
    for router in (tables.router, formulas.router, errata.router, operations.router):
        app.include_router(router)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(Exception, _fault)
    describe(app, ProblemDetails)
    return app


def _lifespan(settings: Settings) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.engine = await run_in_threadpool(_start, settings)
        yield

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
    body = b"" if request.method == "HEAD" else problem.body(instance(request.scope))
    return Response(body, problem.status, headers, MEDIA_TYPE.decode())


async def _http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  (registered for HTTPException alone)
    headers = [(name.lower().encode(), value.encode()) for name, value in (error.headers or {}).items()]
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = (error.headers or {}).get("Allow", "another method")
        return await _problem(request, Problem("method_not_allowed", f"Use {allowed}.", headers=headers))
    return await _problem(request, Problem("not_found", "See /openapi.json for what there is.", headers=headers))


async def _fault(request: Request, error: Exception) -> Response:
    _log.error("request failed: %s", type(error).__name__)
    return await _problem(request, Problem("internal_error", "The fault is ours, not in the request."))
