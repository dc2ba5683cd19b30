"""`GET /v1/tables/…/diff`, `…/lint` and `…/impact`: what a version changes, before anybody depends on it.

Of what is published anybody may ask; of drafts only keys that may see them.
"""

from typing import Annotated, Any

import orjson
from fastapi import Path, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.heavy import Task
from api.impact.comparison import comparison, work_out
from api.keyed import Keyed
from api.openapi import linked
from api.problems import Problem
from api.reading import NO_STORE, REVALIDATE, answer
from api.report_contract import DiffAnswer, DiffQuery, ImpactAnswer, ImpactQuery, LintAnswer, LintQuery
from api.reports import diff_answer, lint_answer
from api.state import running
from api.tables import NAME_FORM, NUMBER_FORM, known_version
from tables.lint import default_limits, version_before
from tables.snapshot import Version

Name = Annotated[str, Path(description="A table's name.", json_schema_extra=NAME_FORM, examples=["nssf-contributions"])]
Number = Annotated[str, Path(description="A version's number.", json_schema_extra=NUMBER_FORM, examples=["3"])]


async def _diff(request: Request, asked: DiffQuery) -> Response:
    name: str = request.path_params["name"]
    other, _, number = asked.to.rpartition("@")
    before = await known_version(request, name, asked.from_)
    after = await known_version(request, other or name, number)
    if before.kind != after.kind:
        detail = f"{before.name} is a {before.kind} table and {after.name} a {after.kind}: compare two of one kind."
        raise Problem("wrong_kind", detail, [("/to", detail)])
    return _answer(request, diff_answer(before, after), before, after)


async def _lint(request: Request, asked: LintQuery) -> Response:
    version = await _asked_about(request)
    limits = default_limits()
    if asked.movement is not None:
        limits = limits.model_copy(update={"movement_share": asked.movement})
    found = await run_in_threadpool(lint_answer, version, _published(request, version), limits)
    return _answer(request, found, version)


async def _impact(request: Request, asked: ImpactQuery) -> Response:
    after, here = await _asked_about(request), running(request)
    if asked.against is None:
        others = [each for each in _published(request, after) if each.number != after.number and each.standing(None)]
        before = version_before(after.effective_from, others)
    else:
        before = await known_version(request, after.table, asked.against)
    compared = comparison(here.engine.snapshot, before, after, asked.on)
    found = work_out(compared) if here.pool is None else await here.pool.solve(Task(work_out, (compared,)))
    return _answer(request, orjson.Fragment(found), after, *(() if before is None else (before,)))


async def _asked_about(request: Request) -> Version:
    return await known_version(request, request.path_params["name"], request.path_params["version"])


def _published(request: Request, version: Version) -> tuple[Version, ...]:
    table = running(request).engine.snapshot.tables.get(version.table)
    return () if table is None else table.versions


def _answer(request: Request, content: Any, *versions: Version) -> Response:
    has_draft = any(version.status == "draft" for version in versions)
    return answer(request, content, cache=NO_STORE if has_draft else REVALIDATE)


def _two_versions(name: Name, asked: Annotated[DiffQuery, Query()]) -> None:
    raise NotImplementedError


def _linted(name: Name, version: Number, asked: Annotated[LintQuery, Query()]) -> None:
    raise NotImplementedError


def _measured(name: Name, version: Number, asked: Annotated[ImpactQuery, Query()]) -> None:
    raise NotImplementedError


_OF_TABLE = linked("getTable", name="$response.body#/table")
_READ: dict[str, Any] = {"tag": "tables", "roles": ("read",), "responses": _OF_TABLE, "statuses": (404, 422)}
REPORTS: tuple[Keyed, ...] = (
    Keyed(
        "GET",
        "/v1/tables/{name}/diff",
        "getTableDiff",
        "What differs between two versions",
        "Cell by cell, with the ratio of numbers; and what differs in validity and provenance. The second may be of "
        "another table of the same kind. Drafts are compared for those who may see them.",
        serve=_diff,
        endpoint=_two_versions,
        query=DiffQuery,
        answer=DiffAnswer,
        **_READ | {"statuses": (404, 409, 422)},
    ),
    Keyed(
        "GET",
        "/v1/tables/{name}/versions/{version}/lint",
        "getVersionFindings",
        "What the checks find in a version",
        "What a valid version can still have wrong with it: the checks that a draft must pass to be published, against "
        "the versions of its table that stand as published.",
        serve=_lint,
        endpoint=_linted,
        query=LintQuery,
        answer=LintAnswer,
        **_READ,
    ),
    Keyed(
        "GET",
        "/v1/tables/{name}/versions/{version}/impact",
        "getVersionImpact",
        "What a version changes in answers",
        "Puts a version, as if it were published, and the one that it follows to a fixed set of reference questions, "
        "and says of each figure of the answers what it was and what it is.",
        serve=_impact,
        endpoint=_measured,
        query=ImpactQuery,
        answer=ImpactAnswer,
        **_READ,
    ),
)
