"""`/docs`: the contract as a page. Everything that it loads comes from here, and the browser is told so."""

import hashlib
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.problems import Problem
from api.reading import conditional

router = APIRouter(include_in_schema=False)

_FOLDER = Path(__file__).parent / "static" / "docs"
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True)
class Asset:
    """A file of the page."""

    body: bytes
    media_type: str
    tag: str


@cache
def assets() -> dict[str, Asset]:
    """The files by name."""
    files = (file for file in _FOLDER.rglob("*") if file.suffix in _MEDIA_TYPES)
    return {file.name: _asset(file.read_bytes(), _MEDIA_TYPES[file.suffix]) for file in files}


def _asset(body: bytes, media_type: str) -> Asset:
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
    status, headers = conditional(request.scope, asset.body, tag=asset.tag)
    named = {name.decode(): value.decode() for name, value in headers} | _HEADERS
    if status == HTTPStatus.OK:
        return Response(asset.body, media_type=asset.media_type, headers=named)
    return Response(status_code=status, headers=named)
