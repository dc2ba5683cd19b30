"""What OpenAPI says beyond the models: errors, headers, examples, and the document as it is committed."""

from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import Field

from api.answers import Absent, Part
from api.calculator import Calculator
from api.edge import PROBES
from api.examples import Document, answer_examples
from api.problems import PROBLEMS
from api.settings import Settings

INFO = """\
Prices Cambodian microinsurance in riel, and proves every figure. Today it prices one tariff: packages A to F of the
mutual benefit association (MBA) for trade union members, as the report `suan-2009` publishes them. It does not handle
claims, and it does not price social security (NSSF) or social health insurance yet.

**Figures.** Amounts, rates and numbers of persons come as text (`"1693.566177428997"`), so that no program on the way
can change a digit. A rate is a fraction: `"0.05"` is five per cent.

**Tables.** Every figure comes from a version of a table of assumptions. The date `as_of` chooses the versions. `tables`
pins others; `overrides` asks what if. Each answer has a `receipt`: send the same request with the `as_of`, `known_at`
and `tables` of the receipt, and the same version of the service gives the same bytes.

**Errors.** Every error is `application/problem+json` (RFC 9457). Its `code` says which it is and never changes its
meaning. 409 means that the request is well formed, but the tables or the rules of the tariff refuse it.

**HTTP.** HEAD is answered wherever GET is. Send an `ETag` back in `If-None-Match`, and an answer that has not changed
is 304 without a body. An `X-Request-Id` of up to 64 letters, digits, `.`, `_` and `-` is taken over, else one is made.
The service does not authenticate its callers.
"""

TAGS = {
    "mba": "The tariff of the mutual benefit association: quotes, premiums, rate card, packages.",
    "tables": "The tables of assumptions that every figure comes from, with their versions, hashes and provenance.",
    "catalogue": "What answers refer to: the formulas, and the mistakes known in the source documents.",
    "operations": "For those who run the service.",
}

HEADERS = {
    "X-Request-Id": {
        "description": "Names the request in the service's log: the one that was sent, or one that was made. Only an "
        "error from before the request was read has none.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
    },
    "Cache-Control": {
        "description": "How long the answer may be kept: `no-store` not at all, `no-cache` only to be asked for again "
        "with its ETag, `immutable` for ever.",
        "schema": {"type": "string"},
        "required": True,
    },
    "ETag": {
        "description": "Changes when the answer does. Send it back in `If-None-Match`: 304 says that nothing changed.",
        "schema": {"type": "string", "pattern": '^"[0-9a-f]{64}"$'},
        "required": True,
    },
    "Vary": {
        "description": "The request header that the form of the answer depends on.",
        "schema": {"type": "string"},
        "required": True,
    },
    "Allow": {
        "description": "The methods that this address takes.",
        "schema": {"type": "string"},
        "required": True,
    },
    "Retry-After": {
        "description": "Seconds to wait before trying again.",
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
        "required": True,
    },
}

# What any request can get, whatever it asks for.
_ANY_REQUEST = (400, 405, 406, 408, 431, 500, 503)
_CODES = "".join(f"\n* `{code}` ({each.status}): {each.title}." for code, each in PROBLEMS.items())
_SCHEMAS = "#/components/schemas/"


class ProblemReason(Part):
    """One thing that is wrong, and where."""

    pointer: str = Field(description="Where: a JSON pointer into the request; of an unknown field, its parent.")
    detail: str = Field(description="What is wrong there, for people.")


class ProblemDetails(Part):
    """An error answer (RFC 9457)."""

    type: str = Field(description="URN of the kind of error.")
    title: str = Field(description="The kind of error, for people.")
    status: int = Field(description="HTTP status code.")
    detail: str = Field(description="What is wrong with this request, for people.")
    instance: str = Field(description="Path of the request.")
    code: str = Field(description=f"The kind of error, for programs. A code never changes its meaning.\n{_CODES}")
    errors: list[ProblemReason] | Absent = Field(
        default=None, description="Each thing that is wrong, at most 20; only where there is more to say."
    )


def problems(*statuses: int) -> dict[int | str, Document]:
    """Error answers: these statuses and those that any request can get, each with the codes that it may carry."""
    content = {"application/problem+json": {"schema": {"$ref": f"{_SCHEMAS}ProblemDetails"}}}
    return {
        status: {"description": "Problem:" + _codes(status), "content": content}
        for status in sorted({*statuses, *_ANY_REQUEST})
    }


def linked(operation_id: str, **parameters: str) -> dict[int | str, Document]:
    """A good answer that leads to another operation, with parameters taken out of it by runtime expressions."""
    return {200: {"links": {operation_id: {"operationId": operation_id, "parameters": parameters}}}}


def _codes(status: int) -> str:
    return "".join(f"\n* `{code}`: {each.title}." for code, each in PROBLEMS.items() if each.status == status)


def operation(calculator: Calculator[Any, Any, Any]) -> dict[str, Any]:
    """Arguments of a FastAPI route that describe a calculator."""
    is_query = calculator.method == "GET"
    ok: dict[int | str, Document] = {}
    if calculator.csv is not None:
        ok[200] = {"content": {"text/csv": {"schema": {"type": "string"}}}}
    extra: Document = {}
    if not is_query:
        examples = {
            name: {"summary": each.summary, "value": dict(each.request)}
            for name, each in calculator.request.examples.items()
        }
        extra = {"requestBody": {"content": {"application/json": {"examples": examples}}}}
    return {
        "operation_id": calculator.operation_id,
        "summary": calculator.summary,
        "description": calculator.description,
        "tags": [calculator.tag],
        "responses": ok | problems(*((409, 422) if is_query else (409, 413, 415, 422))),
        "openapi_extra": extra,
    }


def describe(app: FastAPI, create_app: Callable[[Settings], FastAPI]) -> None:
    """Make an application's document complete.

    Args:
        app: the application.
        create_app: makes another one, which answers the document's examples.
    """
    making = Lock()

    def openapi() -> Document:
        with making:
            if app.openapi_schema is None:
                document = get_openapi(title=app.title, version=app.version, description=INFO, routes=app.routes)
                _complete(document)
                answer_examples(document, create_app(Settings(otel=False, access_log=False)))
                app.openapi_schema = document
            return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def canonical(document: Document) -> bytes:
    """The document as it is committed: sorted, indented, one trailing newline."""
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2) + b"\n"


def _complete(document: Document) -> None:
    document["servers"] = [{"url": "/"}]
    document["tags"] = [{"name": name, "description": description} for name, description in TAGS.items()]
    components = document["components"]
    components["headers"] = HEADERS
    _add_problem_details(components["schemas"])
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            _complete_parameters(described)
            _complete_responses(described["responses"], components["schemas"], method == "get" and path not in PROBES)
    for schema in _schemas(document):
        _tidy(schema)


def _add_problem_details(schemas: Document) -> None:
    """In place of the shape that FastAPI's own errors would have."""
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    details = ProblemDetails.model_json_schema(ref_template=f"{_SCHEMAS}{{model}}")
    schemas.update(details.pop("$defs"))
    schemas["ProblemDetails"] = details


def _complete_parameters(described: Document) -> None:
    for parameter in described.get("parameters", ()):
        schema = parameter["schema"]
        schema.pop("description", None)
        (parameter["example"],) = schema["examples"]
        # A query has no null: what is not asked is left out.
        if "anyOf" in schema:
            (choice,) = (each for each in schema.pop("anyOf") if each != {"type": "null"})
            schema.update(choice)


def _complete_responses(responses: Document, schemas: Document, is_cached: bool) -> None:
    if "HTTPValidationError" in str(responses.get("422")):
        del responses["422"]  # FastAPI's own; the paths' parameters are not validated, what they do not name is absent
    for status, response in responses.items():
        names = ["X-Request-Id", "Cache-Control"]
        if status == "200":
            name = response["content"]["application/json"]["schema"]["$ref"].removeprefix(_SCHEMAS)
            response["description"] = schemas[name]["description"]
            names += ["ETag", "Vary"] if is_cached else []
        names += {"405": ["Allow"], "503": ["Retry-After"]}.get(status, [])
        response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _schemas(document: Document) -> Iterator[Document]:
    """Every schema of a document, those inside others too."""
    for schema in document["components"]["schemas"].values():
        yield from _inside(schema)
    for methods in document["paths"].values():
        for described in methods.values():
            for parameter in described.get("parameters", ()):
                yield from _inside(parameter["schema"])
            for message in (described.get("requestBody", {}), *described["responses"].values()):
                for content in message.get("content", {}).values():
                    yield from _inside(content["schema"])


def _inside(schema: Document) -> Iterator[Document]:
    yield schema
    for keyword in ("items", "additionalProperties", "not", "if", "then", "else"):
        if isinstance(schema.get(keyword), dict):
            yield from _inside(schema[keyword])
    for keyword in ("anyOf", "oneOf", "allOf"):
        for each in schema.get(keyword, ()):
            yield from _inside(each)
    for each in schema.get("properties", {}).values():
        yield from _inside(each)


def _tidy(schema: Document) -> None:
    """Leave out titles that only repeat names and defaults that only say `left out`; whole bounds are integers."""
    schema.pop("title", None)
    if schema.get("default", ...) is None:
        del schema["default"]
    for keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        if isinstance(schema.get(keyword), float) and schema[keyword].is_integer():
            schema[keyword] = int(schema[keyword])
