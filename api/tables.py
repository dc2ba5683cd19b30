"""`GET /v1/tables…`: every assumption, with its versions, hashes and provenance."""

import re
from contextlib import suppress
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypeAliasType

from api.answers import Absent, DateText, InstantText, Part, Sha256
from api.authentication import may
from api.engine import instant_text
from api.keyed import within_store
from api.openapi import linked, problems
from api.problems import Problem
from api.reading import IMMUTABLE, NO_STORE, answer, no_query
from api.state import running
from tables.errors import VersionAbsent
from tables.kinds import DEFAULT_TABLES
from tables.lifecycle import Stored, find_version
from tables.snapshot import Snapshot, Status, Table, Version

_NUMBER = re.compile("[1-9][0-9]{0,5}")

router = APIRouter(tags=["tables"], dependencies=[Depends(no_query)])

# The patterns are said to clients and not checked: what has no such name is not found, whatever its form.
NAME_FORM: dict[str, Any] = {"pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 64}
NUMBER_FORM: dict[str, Any] = {"pattern": f"^{_NUMBER.pattern}$"}
Name = Annotated[
    str,
    Path(description="A table's name.", json_schema_extra=NAME_FORM, examples=["mba-packages"]),
]
Number = Annotated[
    str,
    Path(description="A version's number, from 1.", json_schema_extra=NUMBER_FORM, examples=["1"]),
]
VersionStatus = TypeAliasType(
    "VersionStatus",
    Annotated[
        Status,
        Field(
            description=(
                "Where a version stands. `draft`: not yet to be used. `published`: in use. `withdrawn`: no longer "
                "chosen; an exact pin and an earlier `known_at` still find it."
            )
        ),
    ],
)


class TableAnswer(Part):
    """A table of assumptions."""

    name: str = Field(description="The table's name, by which a request pins it.")
    kind: str = Field(description="What it holds: the role that it can play in a calculator.")
    title: str = Field(description="What it is, for people.")
    default: bool = Field(description="Whether it plays its role when none is pinned.")
    versions: list[str] = Field(description="Names of its versions, oldest first, drafts left out.")


class TablesAnswer(Part):
    """Every table."""

    tables: list[TableAnswer] = Field(description="The tables, by name.")


class VersionSummary(Part):
    """A version without its content."""

    name: str = Field(description="The version's name, by which a request pins it.")
    version: int = Field(description="The version's number, from 1.")
    status: VersionStatus = Field(description="Where it stands.")
    sha256: Sha256 = Field(description="SHA-256 of its canonical content.")
    effective_from: DateText = Field(description="First date on which it is in force.")
    effective_to: DateText | None = Field(
        description="First date on which it is in force no more; null: it has no end date."
    )
    published_at: InstantText | None = Field(description="Instant of publication, in UTC; null: not published.")
    withdrawn_at: InstantText | None = Field(description="Instant of withdrawal, in UTC; null: not withdrawn.")
    author: str = Field(description="Who wrote it.")
    publisher: str | None = Field(description="Who published it; null: not published.")


class VersionsAnswer(Part):
    """Every version of a table."""

    table: str = Field(description="The table's name.")
    versions: list[VersionSummary] = Field(description="Its versions, oldest first, drafts left out.")


class ProvenanceAnswer(Part):
    """Where some cells of a version come from."""

    cells: str = Field(description="Which cells: a JSON pointer into the content.")
    source: str = Field(description="Short name of the source document.")
    place: str = Field(description="Place in the source document.")
    units: str = Field(description="Units of the cells.")
    checked_by: str = Field(description="How the transcription was checked.")
    remark: str | Absent = Field(default=None, description="What else to know.")


class DraftPart(Part):
    """What there is to say of a draft alone."""

    submitted_at: InstantText | Absent = Field(
        default=None, description="Instant of submission, in UTC; only of one that is submitted for publication."
    )


class VersionAnswer(Part):
    """One version, whole. Once it is published nothing here ever changes, so it may be kept for ever."""

    name: str = Field(description="The version's name, by which a request pins it.")
    table: str = Field(description="The table's name.")
    version: int = Field(description="The version's number, from 1.")
    kind: str = Field(description="What it holds: the role that it can play in a calculator.")
    sha256: Sha256 = Field(description="SHA-256 of the canonical JSON of `content`.")
    effective_from: DateText = Field(description="First date on which it is in force.")
    effective_to: DateText | None = Field(
        description="First date on which it is in force no more; null: it has no end date."
    )
    published_at: InstantText | None = Field(description="Instant of publication, in UTC; null: not published.")
    author: str = Field(description="Who wrote it.")
    publisher: str | None = Field(description="Who published it; null: not published.")
    draft: DraftPart | Absent = Field(
        default=None, description="Only of a draft, which may change until it is published and answers nothing."
    )
    provenance: list[ProvenanceAnswer] = Field(description="Where its cells come from.")
    content: dict[str, Any] = Field(
        description="The assumptions, decimals as text; their form follows from `kind`, their units from `provenance`."
    )


@router.get(
    "/v1/tables",
    operation_id="listTables",
    summary="Every assumption table",
    response_model=TablesAnswer,
    responses=linked("getTable", name="$response.body#/tables/0/name") | problems(422),
)
async def list_tables(request: Request) -> Response:
    """Every table with its kind and versions."""
    tables = running(request).engine.snapshot.tables
    return answer(request, {"tables": [_table(each) for each in tables.values()]})


@router.get(
    "/v1/tables/{name}",
    operation_id="getTable",
    summary="One table",
    response_model=TableAnswer,
    responses=linked("listTableVersions", name="$response.body#/name") | problems(404, 422),
)
async def get_table(request: Request, name: Name) -> Response:
    """One table with its kind and versions."""
    return answer(request, _table(_found(running(request).engine.snapshot, name)))


@router.get(
    "/v1/tables/{name}/versions",
    operation_id="listTableVersions",
    summary="A table's versions",
    response_model=VersionsAnswer,
    responses=linked("getTableVersion", name="$response.body#/table", version="$response.body#/versions/0/version")
    | problems(404, 422),
)
async def list_versions(request: Request, name: Name) -> Response:
    """Validity, publication and hash of every version of a table, drafts left out."""
    table = _found(running(request).engine.snapshot, name)
    published = [_summary(each) for each in table.versions]
    return answer(request, {"table": table.name, "versions": published})


@router.get(
    "/v1/tables/{name}/versions/{version}",
    operation_id="getTableVersion",
    summary="One version of a table",
    response_model=VersionAnswer,
    responses=linked("getTable", name="$response.body#/table") | problems(404, 422),
)
async def get_version(request: Request, name: Name, version: Number) -> Response:
    """Content, hash and provenance of one version; immutable, its ETag is the hash of its content.

    A draft is shown to keys of the roles `author`, `publish` and `admin` alone; nobody else hears of it.
    """
    found = _published(request, name, version)
    if found is not None:
        return answer(request, _version(found), tag=found.sha256, cache=IMMUTABLE)
    stored = await _stored(request, name, version)
    shown, row = _version(stored.version()), stored.row
    if row.published_at is not None:
        return answer(request, shown, tag=stored.tag, cache=IMMUTABLE)
    submitted = {} if row.submitted_at is None else {"submitted_at": instant_text(row.submitted_at)}
    return answer(request, shown | {"draft": submitted}, tag=stored.tag, cache=NO_STORE)


async def known_version(request: Request, name: str, version: str) -> Version:
    """A version that an address names, a draft for who may see it alone.

    Raises: Problem (`not_found`, `store_unavailable`).
    """
    found = _published(request, name, version)
    return (await _stored(request, name, version)).version() if found is None else found


def _published(request: Request, name: str, version: str) -> Version | None:
    table = running(request).engine.snapshot.tables.get(name)
    return None if table is None else next((each for each in table.versions if str(each.number) == version), None)


async def _stored(request: Request, name: str, version: str) -> Stored:
    """A version that this process does not know of: a draft, or one that has just been published elsewhere.

    Raises: Problem (`not_found`, `store_unavailable`).
    """
    if may(request.scope, "author", "publish"):
        with suppress(VersionAbsent):
            number, store = number_of(version), running(request).store
            return await within_store(run_in_threadpool(find_version, store, name, number))
    numbers = ", ".join(str(each.number) for each in _found(running(request).engine.snapshot, name).versions)
    raise Problem("not_found", f"{name} has no such version; it has {numbers}.")


def number_of(version: str) -> int:
    """The number that an address says; 0, which no version has, where it says none."""
    return int(version) if _NUMBER.fullmatch(version) else 0


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
        "versions": [each.name for each in table.versions],
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
