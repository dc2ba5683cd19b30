"""Around every request: its id, a place among those worked on, its metric, its trace and its log line."""

import re
import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import count
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http import header, respond_problem
from api.logs import log, where
from api.metrics import UNMATCHED, Metrics
from api.problems import Problem, fault
from api.settings import Settings

PROBES = frozenset({"/livez", "/readyz", "/metrics"})
REQUEST_ID = b"x-request-id"
REQUEST_ID_KEY = "rielquote.request_id"
"""Where a request's scope has its id."""

_GIVEN_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_process = secrets.token_hex(8)
_numbers = count(1)

Span = Callable[[Scope], AbstractContextManager[Any]]


class Edge:
    """An ASGI application around another."""

    def __init__(
        self,
        app: ASGIApp,
        settings: Settings,
        metrics: Metrics,
        span: Span | None = None,
        wrap: Callable[[ASGIApp], ASGIApp] | None = None,
    ) -> None:
        """Args: what answers, the limits, where to count, how to trace a request, what to put around every answer."""
        self._app, self._shed, self._fault = (
            each if wrap is None else wrap(each) for each in (app, _respond_overloaded, _respond_fault)
        )
        self._metrics = metrics
        self._limit = settings.max_concurrency
        self._access_log = settings.access_log
        self._span = span
        self._in_flight = 0
        metrics.in_flight = lambda: self._in_flight

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens inside."""
        request_id = name_request(header(scope, REQUEST_ID))
        scope[REQUEST_ID_KEY] = request_id.decode()
        started = time.perf_counter()
        status = 0
        method: str = scope["method"]

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (REQUEST_ID, request_id)]
            elif method == "HEAD":
                message["body"] = b""
            await send(message)

        self._in_flight += 1
        try:
            if self._in_flight > self._limit and scope["path"] not in PROBES:
                self._metrics.shed += 1
                await self._shed(scope, receive, answer)
            elif self._span is None:
                await self._app(scope, receive, answer)
            else:
                with self._span(scope):
                    await self._app(scope, receive, answer)
        except Exception as error:  # noqa: BLE001  (the last resort: the client gets an answer, the log its place)
            log.error("request failed", request_id=request_id.decode(), **where(error))
            if not status:
                await self._fault(scope, receive, answer)
        finally:
            self._in_flight -= 1
            seconds = time.perf_counter() - started
            route = route_template(scope)
            self._metrics.observe(method, route, status, seconds)
            if self._access_log:
                facts = {"method": method, "route": route, "status": status, "seconds": round(seconds, 6)}
                log.info("request", request_id=request_id.decode(), **facts)


def name_request(given: bytes | None) -> bytes:
    """A request's id: the one that it was given, if it has the form of one, or a new one."""
    if given is not None and _GIVEN_ID.fullmatch(given):
        return given
    return f"{_process}-{next(_numbers):x}".encode()


def route_template(scope: Scope) -> str:
    """The template of the route that answered, as the application noted it; never the path itself."""
    route = scope.get("route")
    return UNMATCHED if route is None else str(route.path)


async def _respond_overloaded(scope: Scope, _receive: Receive, send: Send) -> None:
    await respond_problem(scope, send, Problem("overloaded", "The service is busy. Try again shortly."))


async def _respond_fault(scope: Scope, _receive: Receive, send: Send) -> None:
    await respond_problem(scope, send, fault())
