"""The application: calculators in front, everything else behind, the edge around both."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api import docs, errata, formulas, operations, published_tables, tables
from api.audit import AUDIT
from api.authentication import Guard
from api.calculator import Calculator
from api.edge import REQUEST_ID, Edge
from api.engine import ENGINE_VERSION
from api.heavy import Pool
from api.http import problem_answer, respond_problem
from api.keyed import KeyedRoute
from api.lifecycle import CHANGES, DRAFTS
from api.lifecycle_examples import lifecycle_examples
from api.logs import log, where
from api.mba.break_even import SOLVE
from api.mba.budget import BUDGET
from api.mba.claims.death import DEATH_CLAIMS
from api.mba.claims.disability import DISABILITY_CLAIMS
from api.mba.claims.hospitalization import HOSPITALIZATION_CLAIMS
from api.mba.covenants import COVENANTS
from api.mba.equity_values import EQUITY_VALUES
from api.mba.packages import PACKAGES
from api.mba.premiums import PREMIUMS
from api.mba.projections import PROJECTIONS
from api.mba.quotes import QUOTES
from api.mba.rate_card import RATE_CARD
from api.mba.reinsurance import REINSURANCE
from api.mba.sensitivity import SENSITIVITY
from api.mba.stochastic import STOCHASTIC
from api.monitoring.claims import CLAIMS
from api.monitoring.development import CLAIMS_DEVELOPMENT
from api.monitoring.earned_premiums import EARNED_PREMIUMS
from api.monitoring.indicators import INDICATORS
from api.monitoring.renewals import RENEWALS
from api.nssf.awards import AWARDS
from api.nssf.cases import CASES
from api.nssf.contributions import CONTRIBUTIONS
from api.nssf.cost_ratios import COST_RATIOS
from api.nssf.economy import ECONOMY
from api.nssf.expenditure import EXPENDITURE
from api.nssf.income_statement import INCOME_STATEMENT
from api.nssf.indexation import INDEXATION
from api.nssf.injury_rates import INJURY_RATES
from api.nssf.liabilities import LIABILITIES
from api.nssf.permanent_disability import PERMANENT_DISABILITY
from api.nssf.survivors import FUNERAL, SURVIVORS
from api.nssf.temporary_disability import TEMPORARY_DISABILITY
from api.openapi import describe
from api.pipeline import CalculatorRoute
from api.problems import Problem, fault
from api.reading import response
from api.refresh import Refresh
from api.roll import samples
from api.roll.job_routes import job_router
from api.roll.jobs import JobRunner
from api.roll.route import RollRoute
from api.settings import Settings
from api.shi.cash_benefits import MATERNITY, SICKNESS
from api.shi.civil_servants import CIVIL_SERVANTS
from api.shi.medical_costs import MEDICAL_COSTS
from api.shi.nssfc_benefits import NSSFC_BENEFITS
from api.shi.pilot import PILOT
from api.shi.projections import SHI_PROJECTIONS
from api.shi.scenarios import SCENARIOS
from api.shi.sensitivity import SHI_SENSITIVITY
from api.shi.solutions import SHI_SOLVE
from api.snapshots import Snapshots
from api.state import IS_HEAD, Running
from api.store_gone import STORE_GONE, store_gone
from api.table_reports import REPORTS
from api.tariffs import schemes
from api.tariffs.quotes import TARIFF_QUOTES
from api.tracing import server_spans
from api.workers import Workers
from tables.errors import CorruptTable
from tables.jobs import Jobs
from tables.keys import load_keys
from tables.shipped import shipped_tables
from tables.store import SchemaOutOfDate, make_ready, open_store

CALCULATORS: tuple[Calculator[Any, Any, Any], ...] = (
    QUOTES,
    PREMIUMS,
    RATE_CARD,
    PACKAGES,
    DEATH_CLAIMS,
    DISABILITY_CLAIMS,
    HOSPITALIZATION_CLAIMS,
    EQUITY_VALUES,
    REINSURANCE,
    COVENANTS,
    BUDGET,
    PROJECTIONS,
    SENSITIVITY,
    SOLVE,
    STOCHASTIC,
    CONTRIBUTIONS,
    TEMPORARY_DISABILITY,
    PERMANENT_DISABILITY,
    SURVIVORS,
    FUNERAL,
    CASES,
    MEDICAL_COSTS,
    MATERNITY,
    SICKNESS,
    SCENARIOS,
    LIABILITIES,
    COST_RATIOS,
    INJURY_RATES,
    EXPENDITURE,
    AWARDS,
    INCOME_STATEMENT,
    INDEXATION,
    ECONOMY,
    CIVIL_SERVANTS,
    NSSFC_BENEFITS,
    PILOT,
    SHI_SENSITIVITY,
    SHI_SOLVE,
    SHI_PROJECTIONS,
    INDICATORS,
    EARNED_PREMIUMS,
    CLAIMS,
    RENEWALS,
    TARIFF_QUOTES,
    CLAIMS_DEVELOPMENT,
)


WARM_SECONDS = 3.0
"""How long after the start a worker for rolls is started, unless a roll has come before."""


class Application(FastAPI):
    """A FastAPI application whose calculators are found by a dictionary from path to route.

    Those in `named` have a part in their path that differs from request to request.
    """

    calculators: dict[str, CalculatorRoute | RollRoute]
    named: list[CalculatorRoute]
    guard: Guard
    edge: Edge

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand requests to the edge, anything else to FastAPI."""
        await (self.edge if scope["type"] == "http" else super().__call__)(scope, receive, send)

    async def dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand who may pass on: to a calculator's route, or to FastAPI, HEAD as the GET that it asks about."""
        if b"%2f" in (scope.get("raw_path") or b"").lower():  # a slash within a name, and no name has one
            await respond_problem(scope, send, _absent())
            return
        route = self.calculators.get(scope["path"]) or self._named(scope)
        if route is not None:
            scope["route"] = route
        inner = {**scope, "method": "GET", IS_HEAD: True} if scope["method"] == "HEAD" else scope
        try:
            self.guard.admit(inner)
        except Problem as problem:
            await respond_problem(scope, send, problem)
            return
        if route is not None:
            await route.handle(scope, receive, send)
            return
        try:
            await super().__call__(inner, receive, send)
        finally:
            scope["route"] = inner.get("route")

    def _named(self, scope: Scope) -> CalculatorRoute | None:
        """The calculator whose path has a part that names a table; the scope gets the part."""
        for route in self.named:
            found = route.path_regex.fullmatch(scope["path"])
            if found is not None:
                scope["path_params"] = found.groupdict()
                return route
        return None


def create_app(settings: Settings | None = None) -> Application:
    """The application; tables are read when it starts, so it can be made without a store to read its contract."""
    settings = settings or Settings()
    state = Running(calculators={calculator.path: calculator for calculator in CALCULATORS})
    rolls = RollRoute(state, settings)
    app = Application(
        title="rielquote",
        version=ENGINE_VERSION,
        description="Prices Cambodian microinsurance and social security, and can prove every riel.",
        lifespan=_lifespan(settings, rolls),
        openapi_url=None,
        redirect_slashes=False,
    )
    app.calculators, app.named = {}, []
    app.state.running = state
    for calculator in CALCULATORS:
        route = CalculatorRoute(calculator, state, settings.max_body_bytes, settings.body_seconds)
        if calculator.named_table is None:
            app.calculators[calculator.path] = route
        else:
            app.named.append(route)
        app.router.routes.append(route)
    app.calculators[rolls.path] = rolls
    app.router.routes.append(rolls)
    app.router.routes.extend(KeyedRoute(each, settings) for each in (*CHANGES, *REPORTS, DRAFTS, AUDIT))
    jobs = job_router(settings)
    catalogues = (schemes.router, tables.router, formulas.router, errata.router, published_tables.router)
    for router in (samples.router, jobs, *catalogues, operations.router, docs.router):
        app.include_router(router)
    app.guard = Guard(state, app.routes, require_key=settings.require_key)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http_exception)
    for gone in STORE_GONE:
        app.add_exception_handler(gone, _store_gone)
    app.add_exception_handler(Exception, _fault)
    describe(app, create_app, lifecycle_examples)
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
        allow_methods=["GET", "HEAD", "POST", "PUT", "DELETE"],
        allow_headers=[
            *("authorization", "content-type", "idempotency-key", "if-match", "if-none-match", "prefer", request_id)
        ],
        expose_headers=["etag", "location", "preference-applied", "retry-after", request_id],
    )


def _lifespan(settings: Settings, rolls: RollRoute) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        state: Running = app.state.running
        try:
            refresh = await run_in_threadpool(_start, settings, state)
        except Exception as error:
            state.metrics.load_failed()
            ours = isinstance(error, CorruptTable | SchemaOutOfDate)
            log.error("no tables", reason=str(error) if ours else None, **where(error))
            raise
        pool = state.pool = Pool(settings)
        refresh.start()
        runner = JobRunner(state, rolls.pricers, settings)
        runner.start()
        warming = asyncio.create_task(_warm(rolls.pricers.workers))
        try:
            yield
        finally:
            warming.cancel()
            await runner.stop()
            await rolls.pricers.workers.close()
            refresh.stop()
            await pool.workers.close()
        log.info("stopped")

    return lifespan


async def _warm(workers: Workers) -> None:
    """The first long roll finds a worker that has loaded what it needs; who starts and stops at once starts none."""
    await asyncio.sleep(WARM_SECONDS)
    await workers.warm()


def _start(settings: Settings, state: Running) -> Refresh:
    """Read the tables and the keys; the store stays open for what changes there."""
    store = open_store(settings.database_url)
    try:
        make_ready(store, shipped_tables())
        state.known_keys = load_keys(store)
        state.metrics.keys_loaded()
        state.known_jobs = Jobs(store)
        state.known_store = store
        state.snapshots = Snapshots(store, state.metrics, state.answer_from)
        return Refresh(state, store, state.snapshots)
    except BaseException:
        store.dispose()
        raise


async def _problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)  # noqa: S101  (registered for Problem alone)
    return response(*problem_answer(request.scope, problem))


async def _http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  (registered for HTTPException alone)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(_methods(request))
        detail = f"Use {allowed.replace(', ', ' or ')}."
        return await _problem(request, Problem("method_not_allowed", detail, headers=[(b"allow", allowed.encode())]))
    return await _problem(request, _absent())


def _absent() -> Problem:
    """What is said of an address at which there is nothing."""
    return Problem("not_found", "See /openapi.json for what there is.")


def _methods(request: Request) -> list[str]:
    """The methods that an address takes, by any of its routes."""
    path = request.scope["path"]
    routes = iter_route_contexts(request.app.routes)
    found = {method for each in routes if each.path_regex.match(path) for method in each.methods or ()}
    return [*(["GET", "HEAD"] if "GET" in found else []), *sorted(found - {"GET", "HEAD"})]


async def _store_gone(request: Request, error: Exception) -> Response:
    return await _problem(request, store_gone(error))


async def _fault(request: Request, _error: Exception) -> Response:
    """The answer to an unexpected error; the edge, which it goes on to, logs it."""
    return await _problem(request, fault())
