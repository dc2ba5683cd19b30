"""How the plain GET endpoints answer: orjson bytes with an entity tag, and 304 to who has them."""

import hashlib
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response


def answer(request: Request, content: Any, *, tag: str | None = None, cache: str = "no-cache") -> Response:
    """JSON with `ETag` and `Cache-Control`; 304 without a body where `If-None-Match` names the tag.

    Args:
        request: the request, for its conditions.
        content: what orjson can serialise.
        tag: a strong validator; the hash of the bytes by default.
        cache: `Cache-Control`.
    """
    body = orjson.dumps(content)
    etag = f'"{tag or hashlib.sha256(body).hexdigest()}"'
    headers = {"etag": etag, "cache-control": cache}
    known = request.headers.get("if-none-match", "")
    if known.strip() == "*" or etag in (part.strip().removeprefix("W/") for part in known.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
