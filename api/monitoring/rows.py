"""Rows of a list as a request sends them, as JSON or as CSV text; a bad row is refused, and the rest goes on."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from api.answers import Part
from api.choices import Choice, ExactlyOne
from api.requests import LIST_FORMS, OwnFields, with_whole_numbers
from api.roll.delimiters import DELIMITERS, delimiter_of, stated_delimiter
from pricing.rounding import EXACT
from tables.validation import reasons

MAX_ROWS = 500
MAX_CSV_ROWS = 2_000
MAX_CSV = 60_000
MAX_LABEL = 80

_MONTH = re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])")
_MONTHS_PER_YEAR = 12
# Spreadsheets also take the wide forms of =, +, - and @ for the beginning of a formula.
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_BLANK = " \t\n;,"
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")

RowT = TypeVar("RowT", bound=OwnFields)


def _parse_month(value: Any) -> str:
    if isinstance(value, str) and _MONTH.fullmatch(value):
        return value
    raise PydanticCustomError("month", 'must be a month as "2010-01", from 1900 to 2099')


Month = Annotated[
    str,
    BeforeValidator(_parse_month),
    WithJsonSchema({"type": "string", "pattern": f"^{_MONTH.pattern}$"}),
]
"""A month of the calendar, `YYYY-MM`."""

Label = Annotated[str, StringConstraints(min_length=1, max_length=MAX_LABEL, pattern=r"^[^\x00-\x1f]+$")]
"""A name that comes back as it was sent."""


def month_number(month: str) -> int:
    """Months counted from a fixed one."""
    year, _, number = month.partition("-")
    return int(year) * _MONTHS_PER_YEAR + int(number)


class RefusedRow(Part):
    """A row that could not be used."""

    row: int = Field(description="Number of the row, from 1; blank rows do not count. 0: the header.")
    detail: str = Field(description="What is wrong with it, for people.")


@dataclass(frozen=True)
class Rows(Generic[RowT]):
    """Rows by their number, and those that are refused, with the reason."""

    rows: Mapping[int, RowT]
    refused: Mapping[int, str]

    def without(self, refused: Mapping[int, str]) -> "Rows[RowT]":
        """The same, with more rows refused."""
        rows = {number: row for number, row in self.rows.items() if number not in refused}
        return Rows(rows, dict(sorted({**self.refused, **refused}.items())))


_ROWS, _CSV = LIST_FORMS
_FORM = ExactlyOne(Choice(_ROWS, "array"), Choice(_CSV, "string"))
ONE_FORM = _FORM.schema()
"""`rows` or `csv`, as the contract says it."""


class ListRequest(OwnFields):
    """A list, as `rows` or as `csv`."""

    csv: str | None = Field(
        default=None,
        max_length=MAX_CSV,
        description="The list as CSV text with a header row, in place of `rows`; its columns are the fields of a row. "
        f"At most {MAX_CSV_ROWS} rows. A bad row is refused under `refused_rows`.",
    )

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        _FORM.check(self)
        return self


def read_rows(rows: Sequence[RowT] | None, text: str | None, model: type[RowT]) -> Rows[RowT]:
    """The rows of a request. Under a header that is not the list's, no row can be used."""
    if rows is not None:
        return Rows(dict(enumerate(rows, start=1)), {})
    lines = _lines(text or "")
    first = next(lines, None)
    header = _without_empty_end(first or [])
    unusable = _unusable(header, model)
    found: dict[int, RowT] = {}
    refused: dict[int, str] = {0: unusable} if unusable else {}
    for number, line in enumerate(lines, start=1):
        if number > MAX_CSV_ROWS:
            refused[number] = f"A list has at most {MAX_CSV_ROWS} rows; this and all after it are not read."
            break
        refusal = "The header cannot be used." if unusable else _misfit(header, line)
        if refusal is None:
            try:
                found[number] = model.model_validate(_cells(header, line or [], model))
            except ValidationError as error:
                refusal = _sentence(error, model)
        if refusal is not None:
            refused[number] = refusal
    return Rows(found, refused)


def _lines(text: str) -> Iterator[list[str] | None]:
    """The cells of each row, the header too, without blank rows; None for a row whose quotes do not match."""
    lines = list(io.StringIO(text.removeprefix("\ufeff"), newline=None))
    delimiter, position = None, 0
    if lines and (stated := stated_delimiter(lines[0].rstrip("\n"))) in DELIMITERS:
        delimiter, position = stated, 1
    header = next((line for line in lines[position:] if line.strip(_BLANK)), "")
    delimiter = delimiter or delimiter_of(header)
    while position < len(lines):
        reader = csv.reader(lines[position:], delimiter=delimiter, strict=True)
        try:
            cells = [cell.strip() for cell in next(reader)]
        except csv.Error:  # only this line: an open quote does not take the rows after it along
            position += 1
            yield None
            continue
        position += reader.line_num
        if any(cells):
            yield cells


def _without_empty_end(cells: list[str]) -> list[str]:
    """Cells without the empty ones that spreadsheets add at the end of a row."""
    return cells[: max((place for place, cell in enumerate(cells, start=1) if cell), default=0)]


def _unusable(header: list[str], model: type[OwnFields]) -> str | None:
    """Why no row under a header can be used, or None."""
    fields = model.model_fields
    unknown = [place for place, name in enumerate(header, start=1) if name not in fields]
    faults = [f"column {place} is none of these" for place in unknown[:1]]
    faults += [f"{name} stands twice" for name in fields if header.count(name) > 1]
    faults += [f"{name} is missing" for name, field in fields.items() if field.is_required() and name not in header]
    if not faults:
        return None
    return (
        f"The header is not one of this list: its columns are {', '.join(fields)}, each once, "
        f"with commas, semicolons or tabs between them; {'; '.join(faults)}."
    )


def _misfit(header: list[str], line: list[str] | None) -> str | None:
    if line is None:
        return "The row's quotes do not match."
    cells = max(len(_without_empty_end(line)), min(len(line), len(header)))
    return None if cells == len(header) else f"It has {cells} cells, and the header {len(header)}."


def _cells(header: list[str], line: list[str], model: type[OwnFields]) -> dict[str, Any]:
    """Cells by column; empty ones are left out, and a cell is a whole number where the column has those."""
    return with_whole_numbers(model, {name: cell for name, cell in zip(header, line, strict=False) if cell})


def _sentence(error: ValidationError, model: type[OwnFields]) -> str:
    found = reasons(error, {}, model)
    return "; ".join(f"{pointer.removeprefix('/') or 'The row'} {detail}" for pointer, detail in found) + "."


def refused_rows(refused: Mapping[int, str]) -> list[dict[str, Any]]:
    """Refused rows as an answer shows them."""
    return [{"row": number, "detail": detail} for number, detail in refused.items()]


def csv_lines(rows: Sequence[Mapping[str, Any]], names: Sequence[str], refused: Mapping[int, str]) -> list[list[str]]:
    """A table as CSV, with the refused rows after it, each in the columns `row` and `problem`."""
    lines = [[*names, "row", "problem"]]
    lines += [[*(_cell(row[name]) for name in names), "", ""] for row in rows]
    lines += [[*("" for _ in names), str(number), _cell(detail)] for number, detail in refused.items()]
    return lines


def _cell(value: Any) -> str:
    """A value as text that a spreadsheet takes for no formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def exact_text(value: Decimal | None) -> str | None:
    """A figure that may not be known."""
    return None if value is None else EXACT.text(value)
