"""Routes that only some keys may call: declared to FastAPI, answered here, as those of calculators are.

What they do is done in the store, in a thread of its own, so the event loop never waits for it.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar

from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from api.asking import json_of, parsed, query
from api.examples import Document
from api.http import JSON, ClientGone, accepted, read_body, read_json_body
from api.openapi import needs, problems
from api.problems import Problem, refused
from api.reading import no_query
from api.settings import Settings
from api.store_gone import STORE_GONE, store_gone
from pricing.errors import DomainError
from tables.keys import Role

T = TypeVar("T")
_READING: tuple[Role, ...] = ("read",)
_ETAG = re.compile(rb'"([0-9a-f]{64})"')
IF_MATCH: Document = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The `ETag` of the version as you have seen it. Without it 428, and 412 if it has changed since.",
    "schema": {"type": "string", "pattern": '^"[0-9a-f]{64}"$'},
    "example": f'"{"0123456789abcdef" * 4}"',
}


@dataclass(frozen=True)
class Keyed:
    """An operation that needs a key.

    Attributes:
        method, path, operation_id, summary, description, tag: as in OpenAPI.
        roles: any of them may do it; the role `read` alone asks no more than other reading does.
        serve: answers a request, whose query or body has been read.
        endpoint: what FastAPI reads the parameters from; it is never called.
        body, query: what is sent, if anything is.
        answer: what comes back; None where nothing does.
        status: of a good answer.
        statuses: of refusals, beside those of any request.
        responses, parameters: more for OpenAPI.
    """

    method: str
    path: str
    operation_id: str
    summary: str
    description: str
    tag: str
    roles: tuple[Role, ...]
    serve: Callable[[Request, Any], Awaitable[Response]]
    endpoint: Callable[..., Any]
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    status: HTTPStatus = HTTPStatus.OK
    statuses: tuple[int, ...] = ()
    responses: dict[int | str, Document] = field(default_factory=dict)
    parameters: tuple[Document, ...] = ()


class KeyedRoute(APIRoute):
    """A route of such an operation."""

    def __init__(self, keyed: Keyed, settings: Settings) -> None:
        """Args: the operation, the limits of a body."""
        self._keyed = keyed
        self._max_body_bytes = settings.max_body_bytes
        self._body_seconds = settings.body_seconds
        extra: Document = {} if keyed.roles == _READING else needs(*keyed.roles)
        if keyed.parameters:
            extra["parameters"] = list(keyed.parameters)
        super().__init__(
            keyed.path,
            keyed.endpoint,
            methods=[keyed.method],
            operation_id=keyed.operation_id,
            summary=keyed.summary,
            description=keyed.description,
            tags=[keyed.tag],
            status_code=keyed.status,
            response_model=keyed.answer,
            response_class=Response if keyed.answer is None else JSONResponse,
            response_description="It is done.",
            responses=keyed.responses | problems(*keyed.statuses),
            openapi_extra=extra,
        )

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] not in (self.methods or ()):
            raise HTTPException(HTTPStatus.METHOD_NOT_ALLOWED)
        request = Request(scope, receive)
        try:
            said = await self._said(request)
            if self._keyed.answer is not None:
                accepted(scope, (JSON,))
            response = await within_store(self._keyed.serve(request, said))
        except DomainError as refusal:
            raise refused(refusal, "") from None
        except ClientGone:
            return
        await response(scope, receive, send)

    async def _said(self, request: Request) -> Any:
        keyed, scope = self._keyed, request.scope
        if keyed.query is not None:
            return parsed(keyed.query, query(scope))
        no_query(request)
        if IF_MATCH in keyed.parameters:
            tag(request)  # before a body is read that could not be used
        if keyed.body is not None:
            body = await read_json_body(scope, request.receive, self._max_body_bytes, self._body_seconds)
            return parsed(keyed.body, json_of(body))
        if keyed.method != "GET" and await read_body(request.receive, self._max_body_bytes, self._body_seconds):
            raise Problem("invalid_request", "The request takes no body.", [("", "takes no body")])
        return None


async def within_store(work: Awaitable[T]) -> T:
    """What some work with the store finds. Raises: Problem (`store_unavailable`), and what the work refuses."""
    try:
        return await work
    except STORE_GONE as error:
        raise store_gone(error) from None


def tag(request: Request) -> str:
    """What `If-Match` says. Raises: Problem (`precondition_required`, `precondition_failed`)."""
    sent = [value.strip() for name, value in request.scope["headers"] if name == b"if-match"]
    if not sent or sent == [b"*"]:
        detail = "Say in the header If-Match which state of the version you have seen: its ETag, as it was answered."
        raise Problem("precondition_required", detail)
    found = _ETAG.fullmatch(sent[0]) if len(sent) == 1 else None
    if found is None:
        raise Problem("precondition_failed", "The header If-Match is no ETag of a version: quotes and 64 digits.")
    return found[1].decode()
