"""The one way through: parse, resolve tables, formula, round, answer with receipt.

A `CalculatorRoute` looks like any FastAPI route to OpenAPI, but handles its requests itself: FastAPI's own plumbing
costs several times what a premium does.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from decimal import localcontext
from http import HTTPStatus
from inspect import Parameter, Signature
from typing import Annotated, Any, cast
from urllib.parse import parse_qsl

import orjson
from fastapi import Query
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.types import Receive, Scope, Send

from api.answers import answer_model
from api.calculator import Answered, Calculator
from api.engine import Basis, as_json, today
from api.http import CSV, JSON, ClientGone, Headers, accepted, read_json_body, respond, respond_problem
from api.openapi import operation
from api.problems import Problem, refused
from api.reading import conditional
from api.requests import body_model, given, query_model
from api.state import Running
from pricing.arithmetic import CONTEXT
from pricing.errors import DomainError
from pricing.trace import Node, recording
from tables.canonical import canonical_json, sha256
from tables.numbers import parse_json
from tables.resolution import Pin
from tables.sources import errata
from tables.validation import reasons

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
        self._max_body_bytes = max_body_bytes
        self._body_seconds = body_seconds
        is_query = calculator.method == "GET"
        self._methods = ("GET", "HEAD") if is_query else ("POST",)
        self._model = (query_model if is_query else body_model)(calculator.request, calculator.roles)
        self._validate = self._model.__pydantic_validator__.validate_python
        self._dump = self._model.__pydantic_serializer__.to_python
        self._own_fields = set(calculator.request.model_fields)
        self._offers = (JSON,) if calculator.csv is None else (JSON, CSV)
        super().__init__(
            calculator.path,
            _declaration(self._model, is_query),
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
            if self._calculator.method == "GET":
                request = self._parse(_query(scope))
            else:
                body = await read_json_body(scope, receive, self._max_body_bytes, self._body_seconds)
                request = self._parse(_json(body))
            media_type = accepted(scope, self._offers if len(self._offers) == 1 else _csv_first(self._offers, request))
            content = self._answer(request, media_type)
        except Problem as problem:
            await respond_problem(scope, send, problem)
        except DomainError as refusal:
            await respond_problem(scope, send, refused(refusal))
        except ClientGone:
            return
        else:
            status, headers = _PRIVATE
            if self._calculator.method == "GET":
                status, headers = conditional(scope, content)
            await respond(send, status, media_type, content, headers)

    def _parse(self, data: Any) -> BaseModel:
        try:
            return cast(BaseModel, self._validate(data))
        except ValidationError as error:
            found = reasons(error, data, self._model)
            detail = "; ".join(f"{pointer or 'The request'} {sentence}" for pointer, sentence in found[:3])
            raise Problem("invalid_request", f"{detail}.", found) from None

    def _answer(self, request: Any, media_type: bytes) -> bytes:
        engine = self._running.engine
        calculator = self._calculator
        explain: bool = getattr(request, "explain", False)
        overrides = given(getattr(request, "overrides", None))
        pinned = request if calculator.method == "GET" else request.tables
        pins: tuple[tuple[str, Pin], ...] = ()
        if pinned is not None:
            pins = tuple((role, pin) for role in calculator.roles if (pin := getattr(pinned, role)) is not None)
        basis = engine.basis(calculator.roles, request.as_of or today(), request.known_at, pins, overrides)
        own = self._dump(request, include=self._own_fields, exclude_none=True, by_alias=True)
        if overrides:
            own["overrides"] = overrides
        request_sha256 = sha256(canonical_json(own))
        question = calculator.question(request, basis)
        if media_type is CSV and calculator.csv is not None:
            return _csv_text(calculator.csv(self._compute(question, basis).result, question))
        if explain:
            solved = self._solve(question, basis.without_memo(), explain=True)
        elif calculator.recurring:
            solved = basis.once((calculator.path, question), lambda: self._solve(question, basis))
        else:
            solved = self._solve(question, basis)
        answer: dict[str, Any] = {}
        if calculator.identified:
            answer["quote_id"] = _quote_id(request_sha256, basis)
        answer |= solved.fields
        answer["receipt"] = {**basis.receipt, "request_sha256": request_sha256, "hypothetical": bool(overrides)}
        answer["notes"] = solved.notes
        if explain:
            (answer["explanation"],) = solved.explanation  # a calculator has one outermost formula
        return orjson.dumps(answer)

    def _compute(self, question: Any, basis: Basis) -> Answered[Any]:
        with localcontext(CONTEXT):
            return self._calculator.formula(question, basis)

    def _solve(self, question: Any, basis: Basis, *, explain: bool = False) -> _Solved:
        roots: list[Node] = []
        if explain:
            with recording() as roots:
                answered = self._compute(question, basis)
        else:
            answered = self._compute(question, basis)
        fields = self._calculator.fields(answered.result, basis)
        notes = [_note(code) for code in answered.errata]
        return _Solved(as_json(fields), notes, roots)


def _quote_id(request_sha256: str, basis: Basis) -> str:
    """The same question on the same tables has the same id, for ever.

    `q_` and 32 hex digits of SHA-256 over request_sha256, as_of, the sorted hashes of the table contents used and the
    engine version, one a line.
    """
    question = f"{request_sha256}\n{basis.identity}"
    return f"q_{sha256(question.encode())[:32]}"


def _declaration(model: type[BaseModel], is_query: bool) -> Callable[..., Any]:
    """The endpoint as FastAPI reads it for the contract; requests never reach it."""

    def endpoint(request: Any) -> Any:
        raise NotImplementedError("the pipeline handles requests")

    annotation: Any = Annotated[model, Query()] if is_query else model
    parameter = Parameter("request", Parameter.POSITIONAL_OR_KEYWORD, annotation=annotation)
    endpoint.__signature__ = Signature([parameter])  # type: ignore[attr-defined]
    return endpoint


def _json(body: bytes) -> Any:
    try:
        return parse_json(body)
    except ValueError as error:
        # The parser's message may quote a key; its position does not.
        _, _, position = str(error).rpartition(" at ")
        where = f" at {position}" if position.startswith("line ") else ""
        what = "an object has a key twice" if "duplicate key" in str(error) else "it cannot be read"
        raise Problem("malformed_json", f"The body is not JSON as it should be: {what}{where}.") from None


def _query(scope: Scope) -> dict[str, str]:
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    query = dict(pairs)
    if len(query) < len(pairs):
        detail = "A query parameter is given twice; give each once."
        raise Problem("invalid_request", detail, [("", detail)])
    return query


def _csv_first(offers: tuple[bytes, ...], request: Any) -> tuple[bytes, ...]:
    """Naming one of several tables asks for CSV, unless Accept asks for JSON."""
    return offers[::-1] if getattr(request, "table", None) is not None else offers


def _csv_text(rows: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _note(code: str) -> dict[str, str]:
    erratum = errata()[code]
    message = f"{erratum.where} as published: {erratum.printed} {erratum.correct}"
    if erratum.corrected is not None:
        message += f" For the corrected figure pin tables.{erratum.role} to {erratum.corrected}."
    return {"code": code, "message": message}
