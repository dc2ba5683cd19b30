"""`/docs`: the contract as a page. Everything that it loads comes from here, and the browser is told so."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.http import accepted
from api.problems import Problem
from api.reading import conditional, response

router = APIRouter(include_in_schema=False)

_FOLDER = Path(__file__).parent / "static" / "docs"
_MEDIA_TYPES = {
    ".css": b"text/css; charset=utf-8",
    ".html": b"text/html; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".svg": b"image/svg+xml",
}
_HEADERS = (
    (
        b"content-security-policy",
        (
            b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
    ),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


@dataclass(frozen=True)
class Asset:
    """A file of the page."""

    body: bytes
    media_type: bytes
    tag: str


@cache
def assets() -> dict[str, Asset]:
    """The files by name."""
    files = (file for file in _FOLDER.rglob("*") if file.suffix in _MEDIA_TYPES)
    return {file.name: _asset(file.read_bytes(), _MEDIA_TYPES[file.suffix]) for file in files}


def _asset(body: bytes, media_type: bytes) -> Asset:
    return Asset(body, media_type, hashlib.sha256(body).hexdigest())


@router.get("/docs")
def page(request: Request) -> Response:
    """The page."""
    return _respond(request, assets()["index.html"])


@router.get("/docs/{name}")
def asset(request: Request, name: str) -> Response:
    """A file that the page loads."""
    found = assets().get(name)
    if found is None:
        raise Problem("not_found", "The page has no such file. See /docs.")
    return _respond(request, found)


def _respond(request: Request, asset: Asset) -> Response:
    media_type = accepted(request.scope, (asset.media_type,))
    status, headers = conditional(request.scope, asset.body, tag=asset.tag)
    return response(status, media_type, asset.body, [*headers, *_HEADERS])
