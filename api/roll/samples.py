"""`GET /v1/mba/quotes/batch/template` and `/example`: files that a spreadsheet opens, to be filled in and sent.

They have a byte order mark, without which spreadsheets show Khmer as something else. Members have numbers, no names.
"""

from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.asking import parsed, query
from api.http import CSV, accepted
from api.openapi import problems
from api.reading import conditional, response
from api.requests import OwnFields
from api.roll.forms import BYTE_ORDER_MARK

PATH = "/v1/mba/quotes/batch"
_END = b"\r\n"


class SampleQuery(OwnFields):
    """Which of the two forms of a roll."""

    rows: Literal["plans", "persons"] = "plans"


def _lines(rows: str) -> list[bytes]:
    return (Path(__file__).parent / "files" / f"{rows}.csv").read_bytes().splitlines()


_FILES = {rows: _lines(rows) for rows in ("plans", "persons")}
_ROWS = {
    "name": "rows",
    "in": "query",
    "description": "What a row is: `plans`, a plan a row, or `persons`, a person a row, households together.",
    "schema": {"type": "string", "enum": list(_FILES), "default": "plans", "examples": ["persons"]},
}
_FILE = {
    "description": "A file of a roll, in UTF-8 with a byte order mark.",
    "content": {"text/csv": {"schema": {"type": "string"}}},
}
_DESCRIBED: dict[str, Any] = {
    "response_class": Response,
    "responses": {HTTPStatus.OK.value: _FILE} | problems(422),
    "openapi_extra": {"parameters": [_ROWS]},
}

router = APIRouter(tags=["mba"], prefix=PATH)


@router.get("/template", operation_id="getMbaQuoteBatchTemplate", summary="An empty roll", **_DESCRIBED)
async def template(request: Request) -> Response:
    """The header of a roll as CSV, to be filled in. Other columns may be added; those that are not needed may go."""
    return _file(request, _lines_asked(request)[:1])


@router.get("/example", operation_id="getMbaQuoteBatchExample", summary="A roll as an example", **_DESCRIBED)
async def example(request: Request) -> Response:
    """A small roll as CSV, which `POST /v1/mba/quotes/batch` prices as it is."""
    return _file(request, _lines_asked(request))


def _lines_asked(request: Request) -> list[bytes]:
    asked: Any = parsed(SampleQuery, query(request.scope))
    return _FILES[asked.rows]


def _file(request: Request, lines: list[bytes]) -> Response:
    media_type = accepted(request.scope, (CSV,))
    body = BYTE_ORDER_MARK + b"".join(line + _END for line in lines)
    status, headers = conditional(request.scope, body)
    return response(status, media_type, body, headers)
