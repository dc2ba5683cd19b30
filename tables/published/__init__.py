"""The tables that the source documents print, figure by figure as printed, each with the way to the service's own.

    tables/published/<source>/<name>.toml   the table `<source>-<name>`; `text.toml` has figures of the running text,
                                            which no table counts. In it:

    place, title            where it stands in the document, and what it is called there
    as_of                   the day that the document speaks of: it chooses the versions
    computed                how many of its figures are neither inputs nor repeats
    path                    address of the calculator that answers with its figures
    columns.<name>          what is asked of the calculator, and a name to put into the rows' places
    rows: title, cell       the row; dotted place of its figure in the answer, `{}` standing for the column's name.
                            `sector=services` chooses the one entry of a list whose `sector` is that, `men,women`
                            adds up two fields
          path, request     of the row alone; `overrides` where the figure rests on other assumptions
          printed           by column, just as printed
          shift             the print is the answer's figure with its point moved so many places: 2 for percent, -6 for
                            millions; a print that ends in % needs none
          given             columns that are inputs, or repeats of another table
          errata.<column>   the mistake that a figure is, and what it should say, from the document's own figures;
                            `overrides` find that where the service repeats the mistake and no table corrects it
          within.<column>   why a figure may differ in its last digit: `overrides` move inputs by less than their own
                            print shows, and give the printed figure
          taken.<column>    why a figure that the document computes is an assumption of the service, as printed

Nothing here was ever copied from an answer.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tables.errors import CorruptTable
from tables.sources import errata, resolve_citation

FOLDER = Path(__file__).parent
_RUNNING_TEXT = "text"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Misprint(_Strict):
    """A mistake: its code, what the figure should be, written like the print, and what to override to find it."""

    code: str
    recomputed: str
    overrides: dict[str, Any] = {}


class Within(_Strict):
    """Why a figure may differ from the print in its last digit, and the inputs that show it."""

    reason: str
    overrides: dict[str, Any]


class _Column(_Strict):
    request: dict[str, Any] = {}
    name: str = ""


class _Row(_Strict):
    title: str
    cell: str
    printed: dict[str, str] = Field(min_length=1)
    path: str | None = None
    request: dict[str, Any] | None = None
    overrides: dict[str, Any] = {}
    shift: int = 0
    given: list[str] = []
    errata: dict[str, Misprint] = {}
    within: dict[str, Within] = {}
    taken: dict[str, str] = {}


class _TableFile(_Strict):
    place: str
    title: str
    as_of: date
    computed: int
    path: str
    columns: dict[str, _Column]
    rows: list[_Row] = Field(min_length=1)


@dataclass(frozen=True)
class PublishedCell:
    """A printed figure, and where the service has its own.

    Attributes:
        row, column: where it stands in its table.
        printed: just as printed.
        computed: whether it is neither an input nor a repeat.
        path, request, overrides: what to ask the service.
        keys: where the figure is in the answer.
        shift: places that the answer's point is moved by in the print.
        misprint, within: why it may differ, if it may.
        taken: why the service takes it as printed, if it does.
    """

    row: str
    column: str
    printed: str
    computed: bool
    path: str
    request: Mapping[str, Any]
    overrides: Mapping[str, Any]
    keys: tuple[str, ...]
    shift: int
    misprint: Misprint | None
    within: Within | None
    taken: str | None


@dataclass(frozen=True)
class PublishedTable:
    """A table of a document, with the figures that are inputs or repeats as well."""

    id: str
    source: str
    place: str
    title: str
    as_of: date
    counted: bool
    cells: tuple[PublishedCell, ...]


@cache
def published_tables() -> Mapping[str, PublishedTable]:
    """Every table by id, in the order of the documents' names and of their own."""
    return {table.id: table for table in map(read_published_table, _files())}


def counted_tables() -> list[str]:
    """Ids of the tables that are counted, all but the figures of the running text, in the same order; reads no file."""
    return [_id(file) for file in _files() if file.stem != _RUNNING_TEXT]


def read_published_table(file: Path) -> PublishedTable:
    """A table from its file. Raises: CorruptTable, naming the file."""
    try:
        stated = _TableFile.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        raise CorruptTable(f"{file}: {error}") from error
    table = PublishedTable(
        id=_id(file),
        source=file.parent.name,
        place=stated.place,
        title=stated.title,
        as_of=stated.as_of,
        counted=file.stem != _RUNNING_TEXT,
        cells=tuple(cell for row in stated.rows for cell in _cells(row, stated)),
    )
    _check(table, stated, file)
    return table


def _cells(row: _Row, stated: _TableFile) -> Iterator[PublishedCell]:
    for name, printed in row.printed.items():
        column = stated.columns[name]
        misprint = row.errata.get(name)
        yield PublishedCell(
            row=row.title,
            column=name,
            printed=printed,
            computed=name not in row.given,
            path=row.path or stated.path,
            request={**column.request, **(row.request or {})},
            overrides=row.overrides,
            keys=tuple(row.cell.format(column.name).split(".")),
            shift=2 if printed.endswith("%") else row.shift,
            misprint=misprint,
            within=row.within.get(name),
            taken=row.taken.get(name),
        )


def _check(table: PublishedTable, stated: _TableFile, file: Path) -> None:
    if table.counted:
        resolve_citation(f"{table.source} {table.place}")
    computed = sum(cell.computed for cell in table.cells)
    if computed != stated.computed:
        raise CorruptTable(f"{file}: states {stated.computed} computed figures and has {computed}")
    for row in stated.rows:
        unprinted = {*row.given, *row.errata, *row.within, *row.taken} - set(row.printed)
        if unprinted:
            raise CorruptTable(f"{file}: {row.title!r} has no column {', '.join(sorted(unprinted))}")
        for misprint in row.errata.values():
            if misprint.code not in errata():
                raise CorruptTable(f"{file}: {row.title!r} names no known erratum: {misprint.code}")
    places = [(cell.row, cell.column) for cell in table.cells]
    if len(set(places)) < len(places):
        raise CorruptTable(f"{file}: a row stands there twice")


def _files() -> list[Path]:
    return sorted(FOLDER.glob("*/*.toml"), key=_order)


def _id(file: Path) -> str:
    return f"{file.parent.name}-{file.stem}"


def _order(file: Path) -> tuple[str, bool, list[tuple[bool, int, str]]]:
    """As in a document: `table-4.9`, `table-4.10`, `table-a.2`, `annex-e`."""
    parts = file.stem.replace(".", "-").split("-")
    numbers = [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts[1:]]
    return file.parent.name, parts[0] != "table", numbers
