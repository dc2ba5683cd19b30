"""What OpenAPI says of an operation beyond its models."""

from typing import Any

import orjson
from fastapi import FastAPI
from pydantic import BaseModel

from api.answers import Part
from api.calculator import Calculator
from api.problems import PROBLEMS


class ProblemReason(Part):
    """One thing that is wrong, and where: a JSON pointer into the request."""

    pointer: str
    detail: str


class ProblemDetails(Part):
    """An error answer (RFC 9457). `code` says which one and never changes its meaning."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    errors: list[ProblemReason] | None = None


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Error answers by status, each with the codes that it may carry."""
    schema = {"$ref": "#/components/schemas/ProblemDetails"}
    return {
        status: {
            "description": "Problem: " + ", ".join(code for code, each in PROBLEMS.items() if each.status == status),
            "content": {"application/problem+json": {"schema": schema}},
        }
        for status in statuses
    }


def operation(calculator: Calculator[Any, Any, Any]) -> dict[str, Any]:
    """Arguments of a FastAPI route that describe a calculator."""
    is_query = calculator.method == "GET"
    ok: dict[int | str, dict[str, Any]] = {}
    if calculator.csv is not None:
        ok[200] = {"content": {"text/csv": {"schema": {"type": "string"}}}}
    extra: dict[str, Any] = {}
    if calculator.example is not None:
        extra = {"requestBody": {"content": {"application/json": {"example": dict(calculator.example)}}}}
    return {
        "operation_id": calculator.operation_id,
        "summary": calculator.summary,
        "description": calculator.description,
        "tags": [calculator.tag],
        "responses": ok | problems(*((406, 409, 422, 503) if is_query else (400, 406, 409, 413, 415, 422, 503))),
        "openapi_extra": extra,
    }


def describe(app: FastAPI, *models: type[BaseModel]) -> None:
    """Add models that only error answers use to the document's schemas."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = generate()
            for model in models:
                schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
                document["components"]["schemas"].update(schema.pop("$defs", {}))
                document["components"]["schemas"][model.__name__] = schema
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def canonical(document: dict[str, Any]) -> bytes:
    """The document as it is committed: sorted, indented, one trailing newline."""
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2) + b"\n"
