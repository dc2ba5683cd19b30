"""How GET endpoints answer: an entity tag, a caching rule, and 304 to who has the answer already."""

import hashlib
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from api.http import JSON, Headers, accepted, header
from api.problems import Problem

REVALIDATE = "no-cache"
IMMUTABLE = "max-age=31536000, immutable"
NO_STORE = "no-store"


def conditional(scope: Scope, body: bytes, *, tag: str | None = None, cache: str = REVALIDATE) -> tuple[int, Headers]:
    """Status and headers of an answer to GET: 304 where `If-None-Match` names its tag, else 200.

    Args:
        scope: the request, for its conditions.
        body: the answer.
        tag: a strong validator; the hash of the body by default.
        cache: `Cache-Control`.
    """
    etag = f'"{tag or hashlib.sha256(body).hexdigest()}"'.encode()
    headers = [(b"etag", etag), (b"cache-control", cache.encode()), (b"vary", b"accept")]
    known = [part.strip().removeprefix(b"W/") for part in (header(scope, b"if-none-match") or b"").split(b",")]
    return (HTTPStatus.NOT_MODIFIED if etag in known or b"*" in known else HTTPStatus.OK), headers


def answer(request: Request, content: Any, *, tag: str | None = None, cache: str = REVALIDATE) -> Response:
    """JSON with `ETag` and `Cache-Control`; 304 without a body where `If-None-Match` names the tag.

    Args: as `conditional`, but the content is what orjson can serialise.
    Raises: Problem (`not_acceptable`).
    """
    accepted(request.scope, (JSON,))
    body = orjson.dumps(content)
    status, headers = conditional(request.scope, body, tag=tag, cache=cache)
    return response(status, JSON, body, headers)


def response(status: int, media_type: bytes, body: bytes, headers: Headers) -> Response:
    """What FastAPI's routes answer with, from the arguments of `api.http.respond`."""
    named = {name.decode(): value.decode() for name, value in headers}
    if status == HTTPStatus.NOT_MODIFIED:
        return Response(status_code=status, headers=named)
    return Response(body, status, named, media_type.decode())


def no_query(request: Request) -> None:
    """Refuse query parameters where there are none, so that a misspelt address never passes in silence.

    Raises: Problem (`invalid_request`).
    """
    if parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True):
        raise Problem("invalid_request", "The request takes no query parameters.", [("", "takes no query parameters")])
