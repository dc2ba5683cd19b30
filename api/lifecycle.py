"""How a table changes over HTTP: drafts, their submission, publication, withdrawal.

Every change is answered when it is committed, and this process answers from it at once.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, TypeVar

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.authentication import actor
from api.http import JSON
from api.keyed import IF_MATCH, Keyed, tag
from api.lifecycle_contract import (
    IDEMPOTENCY_KEY,
    DraftsAnswer,
    NewVersionBody,
    ReasonBody,
    VersionBody,
    VersionState,
    listed,
    state,
)
from api.openapi import header_reference
from api.problems import Problem
from api.reading import NO_STORE, answer, response
from api.roll.job_requests import idempotency_key
from api.state import running
from api.tables import Name, Number, number_of
from tables import lifecycle
from tables.drafts import Draft
from tables.lifecycle import NewTable, Stored
from tables.names import NAME_RULE, is_name

VERSIONS = "/v1/tables/{name}/versions"
VERSION = VERSIONS + "/{version}"
T = TypeVar("T")


def now() -> datetime:
    """The instant at which something changes."""
    return datetime.now(UTC)


def draft_of(body: VersionBody) -> Draft:
    """What an author has sent."""
    provenance = [entry.model_dump(exclude_none=True) for entry in body.provenance]
    return Draft(body.content, body.effective_from, body.effective_to, provenance)


async def _create(request: Request, body: NewVersionBody) -> Response:
    name: str = request.path_params["name"]
    if not is_name(name):
        raise Problem("invalid_request", NAME_RULE, [("", NAME_RULE)])
    here, by = running(request), actor(request.scope, now())
    table, key = NewTable(body.kind, body.title), idempotency_key(request.scope)

    def work() -> Stored:
        made = lifecycle.create_draft(here.store, name, draft_of(body), by, table=table, idempotency_key=key)
        here.follow()
        return made

    made = await run_in_threadpool(work)
    return _shown(made, HTTPStatus.CREATED, location=True)


async def _replace(request: Request, body: VersionBody) -> Response:
    return _shown(await _change(lifecycle.replace_draft, request, draft_of(body)))


async def _submit(request: Request, _body: None) -> Response:
    return _shown(await _change(lifecycle.submit, request))


async def _return(request: Request, body: ReasonBody) -> Response:
    return _shown(await _change(lifecycle.return_to_author, request, reason=body.reason))


async def _publish(request: Request, _body: None) -> Response:
    return _shown(await _change(lifecycle.publish, request))


async def _withdraw(request: Request, body: ReasonBody) -> Response:
    return _shown(await _change(lifecycle.withdraw, request, reason=body.reason))


async def _delete(request: Request, _body: None) -> Response:
    await _change(lifecycle.delete_draft, request)
    return Response(status_code=HTTPStatus.NO_CONTENT, headers={"cache-control": NO_STORE})


async def _list(request: Request, _body: None) -> Response:
    found = await run_in_threadpool(lifecycle.drafts, running(request).store)
    return answer(request, listed(found), cache=NO_STORE)


async def _change(change: Callable[..., T], request: Request, *arguments: Any, **reason: str) -> T:
    """Change the version that the address names, as `If-Match` says it was seen; this process then answers from it."""
    name, number = request.path_params["name"], number_of(request.path_params["version"])
    here, expected, by = running(request), tag(request), actor(request.scope, now())

    def work() -> T:
        changed = change(here.store, name, number, expected, *arguments, by, **reason)
        here.follow()
        return changed

    return await run_in_threadpool(work)


def _shown(stored: Stored, status: HTTPStatus = HTTPStatus.OK, *, location: bool = False) -> Response:
    headers = [(b"etag", f'"{stored.tag}"'.encode()), (b"cache-control", NO_STORE.encode())]
    if location:
        address = VERSION.format(name=stored.row.table_name, version=stored.row.number)
        headers.append((b"location", address.encode()))
    return response(status, JSON, orjson.dumps(state(stored)), headers)


def _of_table(name: Name, body: NewVersionBody) -> None:
    raise NotImplementedError


def _of_version(name: Name, version: Number) -> None:
    raise NotImplementedError


def _of_version_with_body(name: Name, version: Number, body: VersionBody) -> None:
    raise NotImplementedError


def _of_version_with_reason(name: Name, version: Number, body: ReasonBody) -> None:
    raise NotImplementedError


def _of_nothing() -> None:
    raise NotImplementedError


def _leading(status: int, headers: dict[str, Any], *operations: str) -> dict[int | str, Any]:
    """A good answer that leads to what can be done next, with the state that it tells of."""
    given = {
        "name": "$request.path.name",
        "version": "$response.body#/version",
        "header.If-Match": "$response.header.ETag",
    }
    links = {each: {"operationId": each, "parameters": given} for each in operations}
    return {status: {"headers": headers, "links": links}}


_TAG = {"ETag": header_reference("ETag")}
_TAGGED: dict[int | str, Any] = {200: {"headers": _TAG}}
_MADE = _TAG | {"Location": header_reference("Location-Of-Version")}
_CHANGING = (403, 404, 409, 412, 422, 428)
_SENDING = (*_CHANGING, 413, 415)
_WITH_TAG: dict[str, Any] = {"tag": "tables", "answer": VersionState, "responses": _TAGGED, "parameters": (IF_MATCH,)}

CHANGES: tuple[Keyed, ...] = (
    Keyed(
        "POST",
        VERSIONS,
        "createTableVersion",
        "A new draft",
        "Adds a draft to a table, or makes a table with it. No answer is computed from a draft; its number is its own "
        "for ever.",
        "tables",
        ("author",),
        _create,
        _of_table,
        body=NewVersionBody,
        answer=VersionState,
        status=HTTPStatus.CREATED,
        statuses=(403, 409, 413, 415, 422),
        responses=_leading(201, _MADE, "replaceTableVersion", "submitTableVersion", "deleteTableVersion"),
        parameters=(IDEMPOTENCY_KEY,),
    ),
    Keyed(
        "PUT",
        VERSION,
        "replaceTableVersion",
        "Another text of a draft",
        "Puts another content, validity and provenance in the place of a draft's. What was submitted is to be "
        "submitted anew.",
        roles=("author",),
        serve=_replace,
        endpoint=_of_version_with_body,
        body=VersionBody,
        statuses=_SENDING,
        **_WITH_TAG,
    ),
    Keyed(
        "POST",
        VERSION + "/submit",
        "submitTableVersion",
        "A draft is ready",
        "Submits a draft for publication.",
        roles=("author",),
        serve=_submit,
        endpoint=_of_version,
        statuses=_CHANGING,
        **_WITH_TAG | {"responses": _leading(200, _TAG, "returnTableVersion", "publishTableVersion")},
    ),
    Keyed(
        "POST",
        VERSION + "/return",
        "returnTableVersion",
        "A draft is not ready",
        "Gives a submitted draft back to its author.",
        roles=("publish",),
        serve=_return,
        endpoint=_of_version_with_reason,
        body=ReasonBody,
        statuses=_SENDING,
        **_WITH_TAG,
    ),
    Keyed(
        "POST",
        VERSION + "/publish",
        "publishTableVersion",
        "Publication",
        "Approves a submitted draft and publishes it: from now on it is chosen where it is in force, and it never "
        "changes. Nobody publishes what they have written at.",
        roles=("publish",),
        serve=_publish,
        endpoint=_of_version,
        statuses=_CHANGING,
        **_WITH_TAG,
    ),
    Keyed(
        "POST",
        VERSION + "/withdraw",
        "withdrawTableVersion",
        "Withdrawal",
        "Withdraws a published version: from now on it is not chosen; pins and an earlier `known_at` still find it.",
        roles=("publish",),
        serve=_withdraw,
        endpoint=_of_version_with_reason,
        body=ReasonBody,
        statuses=_SENDING,
        **_WITH_TAG,
    ),
    Keyed(
        "DELETE",
        VERSION,
        "deleteTableVersion",
        "No draft after all",
        "Removes a draft. The audit record keeps that it was there.",
        "tables",
        ("author",),
        _delete,
        _of_version,
        status=HTTPStatus.NO_CONTENT,
        statuses=_CHANGING,
        parameters=(IF_MATCH,),
    ),
)
DRAFTS = Keyed(
    "GET",
    "/v1/drafts",
    "listDrafts",
    "Every draft",
    "The drafts of all tables: those that are submitted wait for another person to publish them.",
    "tables",
    ("author", "publish"),
    _list,
    _of_nothing,
    answer=DraftsAnswer,
    statuses=(403, 422),
)
