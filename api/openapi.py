"""What OpenAPI says beyond the models: errors, headers, examples, and the document as it is committed."""

from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import RouteContext
from pydantic import Field

from api.answers import Absent, Part
from api.calculator import Calculator
from api.edge import PROBES
from api.examples import Document, Lived, answer_examples
from api.problems import PROBLEMS
from api.settings import Settings
from tables.keys import Role

INFO = """\
Prices Cambodian microinsurance and social security in riel, and proves every figure. It knows packages A to F of the
mutual benefit association (MBA) for trade union members, as the report `suan-2009` publishes them, with their claims,
equity values, reinsurance, limits and the projection of the programme's fund; contributions and benefits of the
employment injury branch of the National Social Security Fund (NSSF), and what they cost, as the report `giz-2012`
describes them; what social health insurance costs, as the same report assesses it; how a health microinsurance scheme
fares; and the premium scales of other schemes, which are tables alone (`GET /v1/tariffs`).

**Figures.** Amounts, rates and numbers of persons come as text (`"1693.566177428997"`), so that no program on the way
can change a digit. A rate is a fraction: `"0.05"` is five per cent.

**Tables.** Every figure comes from a version of a table of assumptions. The date `as_of` chooses the versions, or the
event's own date where the request says one. `tables` pins others; `overrides` asks what if. Each answer has a
`receipt`: send the same request with the `as_of`, `known_at` and `tables` of the receipt, and the same version of the
service gives the same bytes.

**Errors.** Every error is `application/problem+json` (RFC 9457). Its `code` says which it is and never changes its
meaning. 409 means that the request is well formed, but the tables or the rules of the tariff refuse it.

**HTTP.** HEAD is answered wherever GET is. Send an `ETag` back in `If-None-Match`, and an answer that has not changed
is 304 without a body. An `X-Request-Id` of up to 64 letters, digits, `.`, `_` and `-` is taken over, else one is made.

**Keys.** A service may be set to ask for an API key: send it as `Authorization: Bearer rq_…`. Where none is asked for,
none need be sent. A key that is sent must be valid, everywhere. What changes tables, and what tells of drafts and of
who has done what, always needs a key, of a role that the operation states.

**Changes.** A figure changes by a new version of its table: a draft, submitted, published by another person than its
author. What has been published never changes. Each change says in `If-Match` which state of the version it is of.
"""

TAGS = {
    "mba": "The mutual benefit association: premiums, packages, claims, equity values, reinsurance, projections.",
    "nssf": "The employment injury branch of the National Social Security Fund: contributions, benefits, their cost.",
    "shi": "Social health insurance: what benefits cost, and the contribution rate that pays for them.",
    "monitoring": "A health microinsurance scheme: its statements, indicators, portfolio and claims.",
    "tariffs": "Premium scales of other schemes, each a table of its own.",
    "jobs": "Rolls that are priced while nobody waits: their progress, their answers, their end.",
    "tables": "The tables of assumptions that every figure comes from, with their versions, hashes and provenance.",
    "audit": "Who has changed what, and when.",
    "catalogue": "What answers refer to: the formulas, and the mistakes known in the source documents.",
    "operations": "For those who run the service.",
}

HEADERS = {
    "X-Request-Id": {
        "description": "Names the request in the service's log: the one that was sent, or one that was made.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
    },
    "Cache-Control": {
        "description": "How long the answer may be kept: `no-store` not at all, `no-cache` only to be asked for again "
        "with its ETag, `immutable` for ever.",
        "schema": {"type": "string"},
        "required": True,
    },
    "ETag": {
        "description": "Changes when the answer does. Send it back in `If-None-Match`: 304 says that nothing changed. "
        "To change a version send its own in `If-Match`.",
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
    "WWW-Authenticate": {
        "description": "The scheme by which to send an API key.",
        "schema": {"type": "string", "const": "Bearer"},
        "required": True,
    },
    "Retry-After": {
        "description": "Seconds to wait before trying again.",
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
        "required": True,
    },
    "Retry-After-While-Going": {
        "description": "Seconds to wait before asking again; only while the job has not ended.",
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
    },
    "Location-Of-Version": {
        "description": "Address of the version.",
        "schema": {"type": "string", "pattern": "^/v1/tables/[a-z0-9-]+/versions/[1-9][0-9]*$"},
        "required": True,
    },
    "Location": {
        "description": "Address of the job.",
        "schema": {"type": "string", "pattern": "^/v1/jobs/j_[0-9a-f]{32}$"},
        "required": True,
    },
    "Preference-Applied": {
        "description": "The preference that was followed (RFC 7240).",
        "schema": {"type": "string", "const": "respond-async"},
        "required": True,
    },
}

SECURITY_SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "rq_<prefix>_<secret>",
        "description": "An API key, from the people who run the service.",
    }
}
_OPTIONAL: list[dict[str, list[str]]] = [{}, {"bearer": []}]

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


_CSV_BODY = "The field `csv`: a list with a header row, in UTF-8. The query then has the other fields."


def problems(*statuses: int) -> dict[int | str, Document]:
    """Error answers: these statuses and those that any request can get, each with the codes that it may carry."""
    content = {"application/problem+json": {"schema": {"$ref": f"{_SCHEMAS}ProblemDetails"}}}
    return {
        status: {"description": "Problem:" + _codes(status), "content": content}
        for status in sorted({*statuses, *_ANY_REQUEST})
    }


def needs(*roles: Role) -> Document:
    """`openapi_extra` of a route under `/v1/` that takes more than the role `read`, which all others there take.

    The guard reads it where the contract does; such a route needs a key, of any of these roles, even where reading does
    not.
    """
    return {"security": [{"bearer": [role]} for role in roles]}


def roles_needed(route: RouteContext) -> frozenset[Role]:
    """The roles that a route declares by `needs`, any of which will do."""
    extra: Document = getattr(route, "openapi_extra", None) or {}
    return frozenset(role for each in extra.get("security", ({"bearer": ["read"]},)) for role in each["bearer"])


def linked(operation_id: str, **parameters: str) -> dict[int | str, Document]:
    """A good answer that leads to another operation, with parameters taken out of it by runtime expressions."""
    return {200: {"links": {operation_id: {"operationId": operation_id, "parameters": parameters}}}}


def header_reference(component: str) -> Document:
    """A header that the components describe."""
    return {"$ref": f"#/components/headers/{component}"}


def _codes(status: int) -> str:
    return "".join(f"\n* `{code}`: {each.title}." for code, each in PROBLEMS.items() if each.status == status)


def operation(calculator: Calculator[Any, Any, Any]) -> dict[str, Any]:
    """Arguments of a FastAPI route that describe a calculator."""
    is_query = calculator.method == "GET"
    absent = () if calculator.named_table is None else (404,)
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
        if calculator.takes_csv:
            extra["requestBody"]["content"]["text/csv"] = {"schema": {"type": "string", "description": _CSV_BODY}}
    return {
        "operation_id": calculator.operation_id,
        "summary": calculator.summary,
        "description": calculator.description,
        "tags": [calculator.tag],
        "responses": ok | problems(*absent, *((409, 422) if is_query else (409, 413, 415, 422))),
        "openapi_extra": extra,
    }


def describe(app: FastAPI, create_app: Callable[[Settings], FastAPI], lived: Lived) -> None:
    """Make an application's document complete.

    Args:
        app: the application.
        create_app: makes another one, which answers the document's examples.
        lived: as in `api.examples.answer_examples`.
    """
    making = Lock()

    def openapi() -> Document:
        with making:
            if app.openapi_schema is None:
                document = get_openapi(title=app.title, version=app.version, description=INFO, routes=app.routes)
                _complete(document)
                # By default the service reads every example, whatever this one is set to read.
                limit = Settings.model_fields["max_body_bytes"].default
                settings = Settings(otel=False, access_log=False, require_key=False, max_body_bytes=limit)
                answer_examples(document, create_app(settings), lived)
                _share_problems(document)
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
    components["securitySchemes"] = SECURITY_SCHEMES
    _add_problem_details(components["schemas"])
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            _complete_security(described, is_guarded=path.startswith("/v1/"))
            _complete_parameters(described)
            is_cached = method == "get" and path not in PROBES and described["tags"] != ["jobs"]
            _complete_responses(described["responses"], components["schemas"], is_cached)
    for schema in _schemas(document):
        _tidy(schema)


def _add_problem_details(schemas: Document) -> None:
    """In place of the shape that FastAPI's own errors would have."""
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    details = ProblemDetails.model_json_schema(ref_template=f"{_SCHEMAS}{{model}}")
    schemas.update(details.pop("$defs"))
    schemas["ProblemDetails"] = details


def _complete_security(described: Document, *, is_guarded: bool) -> None:
    if not is_guarded:
        described["security"] = []
        return
    declared = described.setdefault("security", _OPTIONAL)
    statuses = (401,) if declared == _OPTIONAL else (401, 403)
    described["responses"] |= {str(status): problem for status, problem in problems(*statuses).items()}


def _complete_parameters(described: Document) -> None:
    for parameter in described.get("parameters", ()):
        schema = parameter["schema"]
        schema.pop("description", None)
        if "examples" in schema:
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
        if status in {"200", "201", "202"}:
            if "application/json" in response["content"]:
                name = response["content"]["application/json"]["schema"]["$ref"].removeprefix(_SCHEMAS)
                response["description"] = schemas[name]["description"]
            names += ["ETag", "Vary"] if is_cached and status == "200" else []
        names += {"401": ["WWW-Authenticate"], "405": ["Allow"], "503": ["Retry-After"]}.get(status, [])
        own = response.get("headers", {})
        response["headers"] = own | {name: header_reference(name) for name in names}


def _share_problems(document: Document) -> None:
    """Say once what an error without examples of its own looks like, and refer to it: half the document else."""
    shared = document["components"]["responses"] = {}
    for methods in document["paths"].values():
        for described in methods.values():
            for status, response in described["responses"].items():
                (content,) = response.get("content", {"": {}}).values() if status[0] != "2" else ({"examples": {}},)
                if "examples" not in content:
                    shared[f"Problem{status}"] = response
                    described["responses"][status] = {"$ref": f"#/components/responses/Problem{status}"}


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
