"""`GET /v1/tables…`: every assumption, with its versions, hashes and provenance."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from api.answers import Part
from api.engine import instant_text
from api.openapi import problems
from api.problems import Problem
from api.reading import IMMUTABLE, answer
from api.state import running
from tables.kinds import DEFAULT_TABLES
from tables.snapshot import Snapshot, Status, Table, Version

router = APIRouter(tags=["tables"])

Name = Annotated[str, Path(description="A table's name, such as mba-packages.", examples=["mba-packages"])]
Number = Annotated[str, Path(description="A version's number.", pattern="^[1-9][0-9]{0,5}$", examples=["1"])]


class TableAnswer(Part):
    """A table. Its kind is the role that it can play; `default` says whether it does when none is pinned."""

    name: str
    kind: str
    title: str
    default: bool
    versions: list[str]


class TablesAnswer(Part):
    """Every table."""

    tables: list[TableAnswer]


class VersionSummary(Part):
    """A version without its content."""

    name: str
    version: int
    status: Status
    sha256: str
    effective_from: str
    effective_to: str | None
    published_at: str | None
    withdrawn_at: str | None
    author: str
    publisher: str | None


class VersionsAnswer(Part):
    """Every version of a table, oldest first."""

    table: str
    versions: list[VersionSummary]


class ProvenanceAnswer(Part):
    """Where some cells come from: `cells` is a JSON pointer into the content."""

    cells: str
    source: str
    place: str
    units: str
    checked_by: str
    remark: str | None = None


class VersionAnswer(Part):
    """One version, whole: nothing here ever changes, so it may be cached for ever; `sha256` is of `content`."""

    name: str
    table: str
    version: int
    kind: str
    sha256: str
    effective_from: str
    effective_to: str | None
    published_at: str | None
    author: str
    publisher: str | None
    provenance: list[ProvenanceAnswer]
    content: dict[str, Any]


@router.get(
    "/v1/tables",
    operation_id="listTables",
    summary="Every assumption table",
    response_model=TablesAnswer,
    responses=problems(406, 503),
)
def list_tables(request: Request) -> Response:
    """Every table with its kind and versions."""
    tables = running(request).engine.snapshot.tables
    return answer(request, {"tables": [_table(each) for each in tables.values()]})


@router.get(
    "/v1/tables/{name}",
    operation_id="getTable",
    summary="One table",
    response_model=TableAnswer,
    responses=problems(404, 406, 503),
)
def get_table(request: Request, name: Name) -> Response:
    """One table with its kind and versions."""
    return answer(request, _table(_found(running(request).engine.snapshot, name)))


@router.get(
    "/v1/tables/{name}/versions",
    operation_id="listTableVersions",
    summary="A table's versions",
    response_model=VersionsAnswer,
    responses=problems(404, 406, 503),
)
def list_versions(request: Request, name: Name) -> Response:
    """Validity, publication and hash of every version of a table, drafts left out."""
    table = _found(running(request).engine.snapshot, name)
    published = [_summary(each) for each in table.versions if each.status != "draft"]
    return answer(request, {"table": table.name, "versions": published})


@router.get(
    "/v1/tables/{name}/versions/{version}",
    operation_id="getTableVersion",
    summary="One version of a table",
    response_model=VersionAnswer,
    responses=problems(404, 406, 503),
)
def get_version(request: Request, name: Name, version: Number) -> Response:
    """Content, hash and provenance of one version; immutable, its ETag is the hash of its content."""
    table = _found(running(request).engine.snapshot, name)
    found = next((each for each in table.versions if str(each.number) == version), None)
    if found is None or found.status == "draft":
        numbers = ", ".join(str(each.number) for each in table.versions if each.status != "draft")
        raise Problem("not_found", f"{table.name} has no such version; it has {numbers}.")
    return answer(request, _version(found), tag=found.sha256, cache=IMMUTABLE)


def _found(snapshot: Snapshot, name: str) -> Table:
    table = snapshot.tables.get(name)
    if table is None:
        raise Problem("not_found", f"There is no such table. Tables: {', '.join(snapshot.tables)}.")
    return table


def _table(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "kind": table.kind,
        "title": table.title,
        "default": DEFAULT_TABLES.get(table.kind) == table.name,
        "versions": [each.name for each in table.versions if each.status != "draft"],
    }


def _summary(version: Version) -> dict[str, Any]:
    return {
        "name": version.name,
        "version": version.number,
        "status": version.status,
        "sha256": version.sha256,
        "effective_from": version.effective_from,
        "effective_to": version.effective_to,
        "published_at": version.published_at and instant_text(version.published_at),
        "withdrawn_at": version.withdrawn_at and instant_text(version.withdrawn_at),
        "author": version.author,
        "publisher": version.publisher,
    }


def _version(version: Version) -> dict[str, Any]:
    return {
        "name": version.name,
        "table": version.table,
        "version": version.number,
        "kind": version.kind,
        "sha256": version.sha256,
        "effective_from": version.effective_from,
        "effective_to": version.effective_to,
        "published_at": version.published_at and instant_text(version.published_at),
        "author": version.author,
        "publisher": version.publisher,
        "provenance": [dict(each) for each in version.provenance],
        "content": orjson.Fragment(version.content),
    }
