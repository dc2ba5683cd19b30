"""The one way through: parse, resolve tables, formula, round, answer with receipt.

A `CalculatorRoute` looks like any FastAPI route to OpenAPI, but handles its requests itself: FastAPI's own plumbing
costs several times what a premium does.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import localcontext
from http import HTTPStatus
from inspect import Parameter, Signature
from typing import Annotated, Any

import orjson
from fastapi import Query
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.types import Receive, Scope, Send

from api.addresses import NamedTable
from api.answers import answer_model
from api.asking import Asking, parsed, request_model
from api.calculator import Calculator
from api.engine import Basis, Engine, as_json, today, worker_basis
from api.heavy import Job
from api.http import (
    CSV,
    JSON,
    ClientGone,
    Headers,
    accepted,
    respond,
    respond_problem,
)
from api.openapi import operation
from api.problems import Problem, refused
from api.reading import conditional
from api.requests import given
from api.state import Running
from pricing.arithmetic import CONTEXT
from pricing.errors import DomainError
from pricing.trace import Node, recording
from tables.canonical import canonical_json, sha256
from tables.errors import DateConflict, NoCoverage
from tables.resolution import Pin
from tables.snapshot import Version
from tables.sources import errata

_PRIVATE: tuple[int, Headers] = (HTTPStatus.OK, [(b"cache-control", b"no-store")])


@dataclass(frozen=True)
class _Solved:
    """The part of an answer that depends on question and tables alone."""

    fields: dict[str, orjson.Fragment]
    notes: list[dict[str, str]]
    explanation: list[Node]


class CalculatorRoute(APIRoute):
    """A calculator's route: declared to FastAPI, handled by the pipeline."""

    def __init__(
        self, calculator: Calculator[Any, Any, Any], running: Running, max_body_bytes: int, body_seconds: float
    ) -> None:
        """Args: the calculator, where to find the tables, how large a body may be and how long it may take."""
        self._calculator = calculator
        self._running = running
        self._asking = Asking(calculator, max_body_bytes, body_seconds)
        is_query = calculator.method == "GET"
        self._methods = ("GET", "HEAD") if is_query else ("POST",)
        self._dump = self._asking.model.__pydantic_serializer__.to_python
        self._own_fields = set(calculator.request.model_fields)
        self._is_heavy = calculator.weight == "heavy"
        self._offers = (JSON,) if calculator.csv is None else (JSON, CSV)
        super().__init__(
            calculator.path,
            declaration(self._asking.model, is_query, calculator.named_table, self._asking.beside),
            methods=[calculator.method],
            response_model=answer_model(calculator.answer, explainable=not is_query, identified=calculator.identified),
            **operation(calculator),
        )

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            if scope["method"] not in self._methods:
                allow = [(b"allow", ", ".join(self._methods).encode())]
                raise Problem("method_not_allowed", f"Use {' or '.join(self._methods)}.", headers=allow)
            named = self._calculator.named_table
            said = "" if named is None else named.said(scope, self._running.engine.snapshot)
            request = await self._asking.read(scope, receive)
            media_type = accepted(scope, self._offers if len(self._offers) == 1 else _csv_first(self._offers, request))
            answered = (request, said, media_type)
            content = await self._wait_for(*answered) if self._is_heavy else self._answer(*answered)
        except Problem as problem:
            await respond_problem(scope, send, problem)
        except DomainError as refusal:
            await respond_problem(
                scope, send, refused(refusal, self._asking.pins(scope), self._dated_by(request, refusal))
            )
        except ClientGone:
            return
        else:
            status, headers = _PRIVATE
            if self._calculator.method == "GET":
                status, headers = conditional(scope, content)
            await respond(send, status, media_type, content, headers)

    def _answer(self, request: Any, said: str, media_type: bytes) -> bytes:
        calculator = self._calculator
        basis, question, request_sha256 = self._ask(request, said)
        if media_type is CSV:
            return _csv(calculator, question, basis)
        if getattr(request, "explain", False):
            solved = _solve(calculator, question, basis.without_memo(), explain=True)
        elif calculator.recurring:
            solved = basis.once((calculator.path, question), lambda: _solve(calculator, question, basis))
        else:
            solved = _solve(calculator, question, basis)
        return self._whole(request, basis, request_sha256, solved)

    async def _wait_for(self, request: Any, said: str, media_type: bytes) -> bytes:
        """The same answer, worked out elsewhere while this process goes on."""
        pool = self._running.pool
        if pool is None:
            return self._answer(request, said, media_type)
        basis, question, request_sha256 = self._ask(request, said)
        explain: bool = getattr(request, "explain", False)
        path, assumptions = self._calculator.path, dict(basis.assumptions)
        found = await pool.solve(Job(path, question, basis.as_of, assumptions, explain, csv=media_type is CSV))
        if media_type is CSV:
            return found
        fields, notes, explanation = orjson.loads(found)
        return self._whole(request, basis, request_sha256, _Solved(as_json(fields), notes, explanation))

    def _ask(self, request: Any, said: str) -> tuple[Basis, Any, str]:
        """The tables, the question, and its hash."""
        calculator, named = self._calculator, self._calculator.named_table
        basis = _chosen(calculator, self._running.engine, request, said)
        own = self._dump(request, include=self._own_fields, exclude_none=True, by_alias=True)
        if named is not None:
            own[named.parameter] = said
        overrides = given(getattr(request, "overrides", None))
        if overrides:
            own["overrides"] = overrides
        request_sha256 = sha256(canonical_json(own))
        return basis, calculator.question(request, basis), request_sha256

    def _whole(self, request: Any, basis: Basis, request_sha256: str, solved: _Solved) -> bytes:
        answer: dict[str, Any] = {}
        if self._calculator.identified:
            answer["quote_id"] = _quote_id(request_sha256, basis)
        answer |= solved.fields
        hypothetical = bool(given(getattr(request, "overrides", None)))
        answer["receipt"] = {**basis.receipt, "request_sha256": request_sha256, "hypothetical": hypothetical}
        answer["notes"] = solved.notes
        if getattr(request, "explain", False):
            (answer["explanation"],) = solved.explanation  # a calculator has one outermost formula
        return orjson.dumps(answer)

    def _dated_by(self, request: Any, refusal: DomainError) -> str:
        """The field of the request that says the date, or the later one if that is the date refused."""
        event, later = self._calculator.event_date, self._calculator.later_date
        if later is not None and isinstance(refusal, NoCoverage) and refusal.on != _date(self._calculator, request):
            return later.field
        return "as_of" if event is None or event.of(request) is None else event.field


def _date(calculator: Calculator[Any, Any, Any], request: Any) -> date:
    """The date that chooses the versions: the event's own, else `as_of`, else today in Phnom Penh."""
    as_of: date | None = request.as_of
    event = calculator.event_date
    on = None if event is None else event.of(request)
    if event is None or on is None:
        return as_of or today()
    if as_of not in (None, on):
        raise DateConflict(event.field)
    return on


def _chosen(calculator: Calculator[Any, Any, Any], engine: Engine, request: Any, said: str) -> Basis:
    """The tables that a request is answered from."""
    named = calculator.named_table
    overrides = given(getattr(request, "overrides", None))
    pinned = request if calculator.method == "GET" else request.tables
    pins: tuple[tuple[str, Pin], ...] = ()
    if pinned is not None:
        pins = tuple((role, pin) for role in calculator.roles if (pin := getattr(pinned, role)) is not None)
    if named is not None and named.role not in dict(pins):
        pins += ((named.role, named.table(said)),)
    basis = engine.basis(calculator.roles, _date(calculator, request), request.known_at, pins, overrides)
    later = calculator.later_date
    if later is not None and (on := later.of(request)) is not None:
        basis = engine.with_later(basis, later.roles, on, request.known_at, pins, overrides)
    if named is not None:
        named.check(basis, said)
    return basis


def own_fields(calculator: Calculator[Any, Any, Any], engine: Engine, body: Any, said: str = "") -> Any:
    """An answer's own fields alone. Args and what it raises: as `own_answer`."""
    return own_answer(calculator, engine, body, said)[0]


def own_answer(
    calculator: Calculator[Any, Any, Any], engine: Engine, body: Any, said: str = ""
) -> tuple[Any, tuple[Version, ...]]:
    """An answer's own fields, worked out here and now, whatever the calculator weighs: for a question of no client.

    Args:
        calculator: whom to ask.
        engine: the tables.
        body: the request as parsed JSON, or its query.
        said: what the address says, where a part of it names a table.
    Returns: the fields, and the versions that they are computed from.
    Raises: Problem, DomainError.
    """
    request = parsed(request_model(calculator), body)
    basis = _chosen(calculator, engine, request, said)
    fields = orjson.loads(orjson.dumps(_solve(calculator, calculator.question(request, basis), basis).fields))
    return fields, basis.versions


# What the context holds for begins with the formula and ends with the last rounded amount: totals and differences are
# taken where an answer is written, and need the same digits.


def _solve(calculator: Calculator[Any, Any, Any], question: Any, basis: Basis, *, explain: bool = False) -> _Solved:
    roots: list[Node] = []
    with localcontext(CONTEXT):
        if explain:
            with recording() as roots:
                answered = calculator.formula(question, basis)
        else:
            answered = calculator.formula(question, basis)
        fields = calculator.fields(answered.result, basis)
    pins = "" if calculator.method == "GET" else "tables."
    notes = [note(code, pins) for code in answered.errata]
    return _Solved(as_json(fields), notes, roots)


def _csv(calculator: Calculator[Any, Any, Any], question: Any, basis: Basis) -> bytes:
    assert calculator.csv is not None  # noqa: S101  (else CSV is not offered)
    with localcontext(CONTEXT):
        return _csv_text(calculator.csv(calculator.formula(question, basis).result, question))


def work_out(calculator: Calculator[Any, Any, Any], job: Job) -> bytes:
    """A heavy calculation, in the worker: the answer's fields, notes and explanation as JSON, or all of it as CSV.

    Raises: Problem, where the calculator refuses.
    """
    basis = worker_basis(job.as_of, job.assumptions, keep=not job.explain)
    try:
        if job.csv:
            return _csv(calculator, job.question, basis)
        solved = _solve(calculator, job.question, basis, explain=job.explain)
    except DomainError as refusal:
        raise refused(refusal, "/tables") from None
    return orjson.dumps((solved.fields, solved.notes, solved.explanation))


def _quote_id(request_sha256: str, basis: Basis) -> str:
    """The same question on the same tables has the same id, for ever.

    `q_` and 32 hex digits of SHA-256 over request_sha256, as_of, the sorted hashes of the table contents used and the
    engine version, one a line.
    """
    question = f"{request_sha256}\n{basis.identity}"
    return f"q_{sha256(question.encode())[:32]}"


def declaration(
    model: type[BaseModel], is_query: bool, named: NamedTable | None = None, beside: type[BaseModel] | None = None
) -> Callable[..., Any]:
    """The endpoint as FastAPI reads it for the contract; requests never reach it."""

    def endpoint(request: Any) -> Any:
        raise NotImplementedError("the pipeline handles requests")

    annotation: Any = Annotated[model, Query()] if is_query else model
    parameters = [Parameter("request", Parameter.POSITIONAL_OR_KEYWORD, annotation=annotation)]
    if named is not None:
        parameters.append(named.declared())
    if beside is not None:
        parameters.append(Parameter("beside", Parameter.KEYWORD_ONLY, annotation=Annotated[beside, Query()]))
    endpoint.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    return endpoint


def _csv_first(offers: tuple[bytes, ...], request: Any) -> tuple[bytes, ...]:
    """Naming one of several tables asks for CSV, unless Accept asks for JSON."""
    return offers[::-1] if getattr(request, "table", None) is not None else offers


def _csv_text(rows: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def note(code: str, pins: str) -> dict[str, str]:
    """What an answer says of a published mistake that it used. Args: its code, what stands before a role in a pin."""
    erratum = errata()[code]
    message = f"{erratum.where} as published: {erratum.printed} {erratum.correct}"
    if erratum.corrected is not None:
        message += f" For the corrected figure pin {pins}{erratum.role} to {erratum.corrected}."
    return {"code": code, "message": message}
