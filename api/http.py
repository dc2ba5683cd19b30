"""The little HTTP that the pipeline needs: bodies in, answers out, media types."""

import asyncio
import re
from collections.abc import Coroutine, Generator, Iterable, Sequence
from http import HTTPStatus
from types import coroutine
from typing import Any

from starlette.types import Receive, Scope, Send

from api.problems import MEDIA_TYPE, Problem

JSON = b"application/json"
CSV = b"text/csv; charset=utf-8"

Headers = Sequence[tuple[bytes, bytes]]

_JSON_BODIES = (JSON, JSON + b";charset=utf-8")
CSV_PARAMETERS = (b"", b"charset=utf-8", b"header=present", b"charset=utf-8;header=present")
_CSV_BODIES = tuple(b";".join(filter(None, (b"text/csv", each))) for each in CSV_PARAMETERS)
_WEIGHT = re.compile(rb"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")
_CLOSE: Headers = ((b"connection", b"close"),)


class ClientGone(Exception):
    """The client hung up before its body was complete; nobody is left to answer."""


def header(scope: Scope, name: bytes) -> bytes | None:
    """The first header of a (lower case) name."""
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value)
    return None


async def read_json_body(scope: Scope, receive: Receive, limit: int, seconds: float, *, or_csv: bool = False) -> bytes:
    """The request's body, if it says it is JSON, is not too large and arrives in time.

    Args: the request, the limits, and whether to say that CSV would have done too.

    Raises: Problem (`unsupported_media_type`, `body_too_large`, `request_timeout`), ClientGone.
    """
    if not _says(scope, _JSON_BODIES):
        also = " Or send CSV in UTF-8, as text/csv." if or_csv else ""
        detail = f"Send plain JSON in UTF-8, with one header Content-Type: application/json.{also}"
        raise Problem("unsupported_media_type", detail)
    return await read_plain_body(scope, receive, limit, seconds)


def says_csv(scope: Scope) -> bool:
    """Whether a request's body says that it is CSV in UTF-8."""
    return _says(scope, _CSV_BODIES)


async def read_plain_body(scope: Scope, receive: Receive, limit: int, seconds: float) -> bytes:
    """The request's body, whatever it is, if it does not say that it is too large, is not, and arrives in time.

    Raises: Problem (`body_too_large`, `request_timeout`), ClientGone.
    """
    declared = header(scope, b"content-length")
    if declared is not None and declared.isdigit() and int(declared[:20]) > limit:
        raise _body_too_large(limit)
    return await read_body(receive, limit, seconds)


async def read_body(receive: Receive, limit: int, seconds: float) -> bytes:
    """The request's body, if it is not too large and arrives in time.

    Raises: Problem (`body_too_large`, `request_timeout`), ClientGone.
    """
    try:
        return await _within(seconds, _read(receive, limit))
    except TimeoutError:
        detail = f"The body did not arrive within {seconds:g} seconds."
        raise Problem("request_timeout", detail, headers=_CLOSE) from None


def _says(scope: Scope, bodies: Sequence[bytes]) -> bool:
    """Whether there is one Content-Type, of these, and no coding: of several, each reader could believe another."""
    media_types = []
    for name, value in scope["headers"]:
        if name == b"content-type":
            media_types.append(value if value == JSON else value.lower().replace(b" ", b"").replace(b'"', b""))
        elif name == b"content-encoding" and value.lower() != b"identity":
            return False
    return len(media_types) == 1 and media_types[0] in bodies


async def _read(receive: Receive, limit: int) -> bytes:
    chunks = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise _body_too_large(limit)
        chunks.append(chunk)
        more = message.get("more_body", False)
    return b"".join(chunks)


async def _within(seconds: float, work: Coroutine[Any, Any, bytes]) -> bytes:
    """Do some work in bounded time; without a timer if it waits for nothing.

    Most bodies come together with their head, and a timer costs a tenth of what a quote does.
    """
    try:
        awaited = work.send(None)
    except StopIteration as done:
        return bytes(done.value)
    async with asyncio.timeout(seconds):
        return await _resumed(work, awaited)


@coroutine
def _resumed(work: Coroutine[Any, Any, bytes], awaited: Any) -> Generator[Any, Any, bytes]:
    """The rest of some work that has been done as far as its first wait."""
    try:
        while True:
            try:
                sent = yield awaited
            except BaseException as error:  # noqa: BLE001  (a cancellation, passed on to the work)
                awaited = work.throw(error)
            else:
                awaited = work.send(sent)
    except StopIteration as done:
        return bytes(done.value)


def _body_too_large(limit: int) -> Problem:
    return Problem("body_too_large", f"The body may have at most {limit} bytes.", headers=_CLOSE)


def accepted(scope: Scope, offers: Iterable[bytes]) -> bytes:
    """The offered media type that the Accept header likes best; of equals the one offered first.

    Who names problems and none of the offers, as generated clients do that look for JSON, gets the first.

    Raises: Problem (`not_acceptable`).
    """
    values = [value for name, value in scope["headers"] if name == b"accept"]
    accept = b",".join(values) if values else None
    offers = tuple(offers)
    if accept is None or accept in (b"*/*", offers[0]):
        return offers[0]
    quality = {offer: _quality(accept, offer.partition(b";")[0]) for offer in offers}
    best = max(offers, key=lambda offer: quality[offer])
    if quality[best] <= 0 and _quality(accept, MEDIA_TYPE) and MEDIA_TYPE in accept.lower():
        return offers[0]
    if quality[best] <= 0:
        forms = " or ".join(offer.partition(b";")[0].decode() for offer in offers)
        raise Problem("not_acceptable", f"The answer comes as {forms}: name one of them in Accept, or */*.")
    return best


def _quality(accept: bytes, offer: bytes) -> float:
    """The quality that an Accept header gives a media type, by its most specific range (RFC 9110, 12.5.1).

    A range whose weight is none (`q=2`, `q=nan`) is passed over, as if it were not there: nothing is guessed.
    """
    found = (0, 0.0)
    for part in accept.lower().split(b","):
        media_range, *parameters = (piece.strip() for piece in part.split(b";"))
        specificity = {offer: 3, offer.partition(b"/")[0] + b"/*": 2, b"*/*": 1}.get(media_range, 0)
        weights = [value for name, _, value in (each.partition(b"=") for each in parameters) if name.strip() == b"q"]
        if specificity and all(map(_WEIGHT.fullmatch, weights)):
            found = max(found, (specificity, float(weights[0]) if weights else 1.0))
    return found[1]


async def respond(send: Send, status: int, media_type: bytes, body: bytes, headers: Headers) -> None:
    """Send an answer; 304 says nothing but its headers."""
    if status == HTTPStatus.NOT_MODIFIED:
        start, body = list(headers), b""
    else:
        start = [(b"content-type", media_type), (b"content-length", str(len(body)).encode()), *headers]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})


async def respond_problem(scope: Scope, send: Send, problem: Problem) -> None:
    """Send a problem."""
    await respond(send, *problem_answer(scope, problem))


def problem_answer(scope: Scope, problem: Problem) -> tuple[int, bytes, bytes, Headers]:
    """Status, media type, body and headers of a problem."""
    headers = [(b"cache-control", b"no-store"), *problem.headers]
    return problem.status, MEDIA_TYPE, problem.body(instance(scope)), headers


def instance(scope: Scope) -> str:
    """The request's path, percent-encoded as it came, without its query."""
    raw: bytes = scope.get("raw_path") or b"/"
    return raw.decode("ascii", "replace")[:200]
