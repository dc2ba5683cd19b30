"""Rows of a list as a request sends them, as JSON or as CSV text; a bad row is refused, and the rest goes on."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from api.answers import Part
from api.choices import Choice, ExactlyOne
from api.requests import LIST_FORMS, OwnFields, with_whole_numbers
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

    row: int = Field(description="Number of the row, from 1, the header not counted.")
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
    """The rows of a request. A list that has no header, or unknown columns, has no row that can be used."""
    if rows is not None:
        return Rows(dict(enumerate(rows, start=1)), {})
    lines = csv.reader(io.StringIO((text or "").removeprefix("\ufeff")))
    found: dict[int, RowT] = {}
    refused: dict[int, str] = {}
    try:
        header = [name.strip() for name in next(lines, [])]
        unusable = _unusable(header, model)
        for number, line in enumerate((line for line in lines if any(line)), start=1):
            if number > MAX_CSV_ROWS:
                refused[number] = f"A list has at most {MAX_CSV_ROWS} rows; this and all after it are not read."
                break
            refusal = unusable or _misfit(header, line)
            if refusal is None:
                try:
                    found[number] = model.model_validate(_cells(header, line, model))
                except ValidationError as error:
                    refusal = _sentence(error, model)
            if refusal is not None:
                refused[number] = refusal
    except csv.Error:
        refused[len(found) + len(refused) + 1] = "This row and all after it cannot be read as CSV."
    return Rows(found, refused)


def _unusable(header: list[str], model: type[OwnFields]) -> str | None:
    """Why no row under a header can be used, or None."""
    columns = ", ".join(model.model_fields)
    required = {name for name, field in model.model_fields.items() if field.is_required()}
    if len(set(header)) < len(header) or not set(header) <= set(model.model_fields) or not required <= set(header):
        return f"The header is not one of this list: its columns are {columns}, each once."
    return None


def _misfit(header: list[str], line: list[str]) -> str | None:
    return None if len(line) == len(header) else f"It has {len(line)} cells, and the header {len(header)}."


def _cells(header: list[str], line: list[str], model: type[OwnFields]) -> dict[str, Any]:
    """Cells by column; empty ones are left out, and a cell is a whole number where the column has those."""
    cells = {name: cell.strip() for name, cell in zip(header, line, strict=True)}
    return with_whole_numbers(model, {name: cell for name, cell in cells.items() if cell})


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
