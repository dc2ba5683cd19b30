"""`GET /v1/published-tables`: every table of the sources, figure by figure beside the service's own."""

import csv
import io
from collections.abc import Iterable
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.answers import DateText, DecimalText, Part
from api.asking import query
from api.engine import Engine
from api.http import CSV, JSON, accepted
from api.openapi import problems
from api.problems import Problem
from api.proof import Calculators, ProvedCell, ProvedTable, Result, counts, not_shipped, proof_sheet
from api.reading import conditional, response
from api.state import running
from pricing.proof import in_print_unit
from pricing.rounding import plain
from tables.published import counted_tables
from tables.sources import sources

router = APIRouter(tags=["catalogue"])

TABLES = counted_tables()


class CountsAnswer(Part):
    """How many figures agree, and how."""

    cells: int = Field(description="Number of figures that are neither inputs nor repeats of another table.")
    equal: int = Field(description="Number of those that are the service's own figure exactly.")
    within_print_precision: int = Field(
        description="Number of those that are the service's own as far as the print shows it and its inputs."
    )
    erratum: int = Field(description="Number of those that are another figure, by a known mistake of the source.")
    unexplained: int = Field(description="Number of those that are another figure, and nobody knows why.")
    errata: dict[str, int] = Field(
        description="Of those that are mistakes, how many are which: a number by code, as `/v1/errata` has them."
    )


class CellAnswer(Part):
    """A printed figure, and the service's own."""

    row: str = Field(description="The row of the table.")
    column: str = Field(description="The column of the table.")
    printed: str = Field(description="The figure, just as printed.")
    value: DecimalText | None = Field(
        description="The service's figure, a number of the print's units; null: it refuses or has none."
    )
    result: Result = Field(
        description=(
            "`equal`: the printed figure is the service's. `within_print_precision`: it is the service's rounded half "
            "up to the decimals that are printed, or becomes it when inputs move by less than their own print shows. "
            "`erratum`: it is another, for the source has a known mistake there. `unexplained`: it is another."
        )
    )
    erratum: str | None = Field(
        description=(
            "Code of the mistake that the printed figure is; null where it is none. With `equal` or "
            "`within_print_precision` the tables as published repeat the mistake."
        )
    )
    reason: str | None = Field(
        description=(
            "Why a figure counts as the service's although its last digit is another, or although the service takes it "
            "from a table as printed; null where it needs none."
        )
    )
    method: Literal["GET", "POST"] = Field(description="How the calculator is asked that answers with the figure.")
    address: str = Field(description="Its address.")
    request: str = Field(description="What it is asked, as JSON text; to GET, its query.")
    pointer: str = Field(description="Where the figure is in its answer: a JSON pointer.")
    shift: int = Field(
        description="Number of places by which its point is moved for `value`: 2 for percent, -6 for millions."
    )


COLUMNS = ("table", *CellAnswer.model_fields)
"""Columns of the CSV."""


class PublishedTableAnswer(Part):
    """A table of a source."""

    id: str = Field(description="Name of the table, for `?table=`.")
    source: str = Field(description="Short name of the source document.")
    place: str = Field(description="Where it stands there.")
    title: str = Field(description="What it is called there.")
    as_of: DateText = Field(description="The date that chooses the tables' versions.")
    versions: list[str] = Field(
        description="The versions of tables that the service's figures are computed from, by name."
    )
    counts: CountsAnswer = Field(description="How many of its figures agree, and how.")
    cells: list[CellAnswer] = Field(description="Its figures, row by row; inputs and repeats are left out.")


class PublishedSourceAnswer(Part):
    """A source document."""

    source: str = Field(description="Short name of the document.")
    title: str = Field(description="Its title.")
    tables: int = Field(description="Number of its tables.")
    counts: CountsAnswer = Field(description="How many of their figures agree, and how.")


class PublishedTablesAnswer(Part):
    """The proof sheet."""

    totals: CountsAnswer = Field(description="All tables together.")
    not_shipped: list[str] = Field(
        description=(
            "The versions among all `versions` whose content does not ship with this release, by name: a figure "
            "computed from one of them may be unexplained because the table was changed."
        )
    )
    sources: list[PublishedSourceAnswer] = Field(description="The tables of each document together.")
    tables: list[PublishedTableAnswer] = Field(description="The tables, in the documents' order.")


@router.get(
    "/v1/published-tables",
    operation_id="listPublishedTables",
    summary="Every published table beside the service's",
    response_model=PublishedTablesAnswer,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, **problems(422)},
)
async def list_published_tables(
    request: Request,
    table: Annotated[
        str | None,
        Query(
            description="One table alone, by its `id`. Default: all of them.",
            json_schema_extra={"enum": TABLES},
            examples=["giz-2012-table-3.13"],
        ),
    ] = None,
) -> Response:
    """Every figure that the sources' tables compute, as printed and as the service has it now, and how they agree.

    Computed from the tables of this service, once for each set of them; inputs and repeats of other tables are left
    out. Also as CSV, a line a figure, with `Accept: text/csv`.
    """
    _check(query(request.scope))
    media_type = accepted(request.scope, (JSON, CSV))
    state = running(request)
    body = await run_in_threadpool(_body, state.engine, state.calculators, table, media_type)
    status, headers = conditional(request.scope, body)
    return response(status, media_type, body, headers)


def _check(asked: dict[str, str]) -> None:
    surplus = sorted(set(asked) - {"table"})
    if surplus:
        reason = "takes one query parameter, table"
        raise Problem("invalid_request", f"The request {reason}.", [("", reason)])
    if asked.get("table", TABLES[0]) not in TABLES:
        reason = f"must be one of {', '.join(TABLES)}"
        raise Problem("invalid_request", f"/table {reason}.", [("/table", reason)])


def _body(engine: Engine, calculators: Calculators, table: str | None, media_type: bytes) -> bytes:
    """The answer as it is sent, made once."""

    def make() -> bytes:
        sheet = proof_sheet(engine, calculators).tables
        tables = [each for each in sheet if table in {None, each.table.id}]
        return orjson.dumps(sheet_fields(tables)) if media_type is JSON else _csv(tables)

    return engine.once((_body, table, media_type), make)


def sheet_fields(tables: list[ProvedTable]) -> dict[str, Any]:
    """Some tables as they stand in the answer, with their totals."""
    return {
        "totals": counts(tables),
        "not_shipped": not_shipped(tables),
        "sources": [*_sources(tables)],
        "tables": [_table(each) for each in tables],
    }


def _sources(tables: list[ProvedTable]) -> Iterable[dict[str, Any]]:
    for name in dict.fromkeys(each.table.source for each in tables):
        of_source = [each for each in tables if each.table.source == name]
        yield {"source": name, "title": sources()[name].title, "tables": len(of_source), "counts": counts(of_source)}


def _table(proved: ProvedTable) -> dict[str, Any]:
    table = proved.table
    return {
        "id": table.id,
        "source": table.source,
        "place": table.place,
        "title": table.title,
        "as_of": table.as_of.isoformat(),
        "versions": [each.name for each in proved.versions],
        "counts": counts([proved]),
        "cells": [cell_fields(each) for each in proved.cells],
    }


def cell_fields(proved: ProvedCell) -> dict[str, Any]:
    """A figure as it stands in the answer."""
    cell = proved.cell
    return {
        "row": cell.row,
        "column": cell.column,
        "printed": cell.printed,
        "value": None if proved.value is None else plain(in_print_unit(proved.value, cell.shift)),
        "result": proved.result,
        "erratum": None if cell.misprint is None else cell.misprint.code,
        "reason": cell.taken if cell.within is None else cell.within.reason,
        "method": proved.method,
        "address": cell.path,
        "request": proved.request,
        "pointer": proved.pointer,
        "shift": cell.shift,
    }


def _csv(tables: list[ProvedTable]) -> bytes:
    text = io.StringIO()
    lines = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    lines.writeheader()
    for each in tables:
        lines.writerows({"table": each.table.id, **cell_fields(cell)} for cell in each.cells)
    return text.getvalue().encode()
