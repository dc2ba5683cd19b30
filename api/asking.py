"""What a request asks, read from its query, from a body of JSON, or from a body of CSV with the query beside it."""

from functools import cache
from typing import Any, cast
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError
from starlette.types import Receive, Scope

from api.calculator import Calculator
from api.http import read_json_body, read_plain_body, says_csv
from api.problems import Problem
from api.requests import beside_csv_model, body_model, query_model, with_whole_numbers
from tables.numbers import parse_json
from tables.validation import reasons


class Asking:
    """How the requests of a calculator are read.

    Attributes:
        model: what a request is validated against.
        beside: what the query beside a body of CSV is; None where no body is CSV.
    """

    def __init__(self, calculator: Calculator[Any, Any, Any], max_body_bytes: int, body_seconds: float) -> None:
        """Args: the calculator, how large a body may be, and how long it may take."""
        self._is_query = calculator.method == "GET"
        self._roles = calculator.roles
        self._limits = (max_body_bytes, body_seconds)
        self.model = request_model(calculator)
        self.beside = beside_csv_model(calculator.request, calculator.roles) if calculator.takes_csv else None

    async def read(self, scope: Scope, receive: Receive) -> BaseModel:
        """What a request asks. Raises: Problem, ClientGone."""
        if self._is_query:
            return parsed(self.model, query(scope))
        if self.beside is None:
            return parsed(self.model, json_of(await read_json_body(scope, receive, *self._limits)))
        if not says_csv(scope):
            asked = parsed(self.model, json_of(await read_json_body(scope, receive, *self._limits, or_csv=True)))
            self._beside_csv(self.beside, scope)  # beside JSON it says nothing, but nothing wrong either
            return asked
        said = self._beside_csv(self.beside, scope)
        body = await read_plain_body(scope, receive, *self._limits)
        return parsed(self.model, {**said, "csv": _text(body)}, said_in_query=True)

    def pins(self, scope: Scope) -> str:
        """The pointer to the pins of a request: those of a query stand for themselves."""
        return "" if self._is_query or (self.beside is not None and says_csv(scope)) else "/tables"

    def _beside_csv(self, model: type[BaseModel], scope: Scope) -> dict[str, Any]:
        """The query beside a body of CSV, as the fields of a request. Raises: Problem (`invalid_request`)."""
        said = with_whole_numbers(model, query(scope))
        parsed(model, said)
        pins = {role: said.pop(role) for role in self._roles if role in said}
        return {**said, "tables": pins}


@cache
def request_model(calculator: Calculator[Any, Any, Any]) -> type[BaseModel]:
    """What a calculator's request is validated against."""
    return (query_model if calculator.method == "GET" else body_model)(calculator.request, calculator.roles)


def parsed(model: type[BaseModel], data: Any, *, said_in_query: bool = False) -> BaseModel:
    """What a request asks.

    Raises: Problem (`invalid_request`, or `query_incomplete` where a query, sound in itself, leaves something out).
    """
    try:
        return cast(BaseModel, model.__pydantic_validator__.validate_python(data))
    except ValidationError as error:
        found = reasons(error, data, model)
        detail = "; ".join(f"{pointer or 'The request'} {sentence}" for pointer, sentence in found[:3])
        is_short = said_in_query and all(each["type"] == "missing" for each in error.errors())
        raise Problem("query_incomplete" if is_short else "invalid_request", f"{detail}.", found) from None


def _text(body: bytes) -> str:
    """A body as text. Raises: Problem (`invalid_request`)."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        detail = "The body is not text in UTF-8."
        raise Problem("invalid_request", detail, [("", detail)]) from None


def json_of(body: bytes) -> Any:
    """A body, read. Raises: Problem (`malformed_json`)."""
    try:
        return parse_json(body)
    except ValueError as error:
        # The parser's message may quote a key; its position does not.
        _, _, position = str(error).rpartition(" at ")
        where = f" at {position}" if position.startswith("line ") else ""
        what = "an object has a key twice" if "duplicate key" in str(error) else "it cannot be read"
        raise Problem("malformed_json", f"The body is not JSON as it should be: {what}{where}.") from None


def query(scope: Scope) -> dict[str, str]:
    """The query's parameters. Raises: Problem (`invalid_request`)."""
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    query = dict(pairs)
    if len(query) < len(pairs):
        detail = "A query parameter is given twice; give each once."
        raise Problem("invalid_request", detail, [("", detail)])
    return query
