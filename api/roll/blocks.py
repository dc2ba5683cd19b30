"""Blocks of a roll's rows, as a table or as JSON objects: what stands between the form that came and the one asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Self

import numpy as np
import orjson
import pyarrow as pa

from pricing.bulk.answers import RESULT_SCHEMA, Refused, invalid
from pricing.bulk.columns import Column, encoded, plain_values
from pricing.bulk.persons import PERSON_COLUMNS
from pricing.bulk.plans import PLAN_COLUMNS
from pricing.mba.benefits import COVERAGES
from tables.numbers import parse_json

ADDED = (*RESULT_SCHEMA.names, *(f"{coverage}_premium" for coverage in COVERAGES))
"""Columns that an answer adds, so that a roll may not have them already."""

WHOLE_ROLL = ("known_at", "tables", "overrides", "explain")
"""Fields of a quote that hold for a whole roll, or not at all."""

PERSON_MARK = "relation"
"""What only a roll of persons has."""

HOUSEHOLD = "household_id"
PLAN_FIELDS = (*PLAN_COLUMNS, "additional_persons", "household")
PERSON_FIELDS = (HOUSEHOLD, *PERSON_COLUMNS)

EMPTY = b"{}"

RefusedRows = Mapping[int, Refused]
"""Rows that their own text has refused already, by place in the block."""


@dataclass(frozen=True)
class Table:
    """Rows by columns.

    Attributes:
        names: of the columns, as they came; two may be alike.
        batch: the columns, named by their places.
        known: the place of each column that means something, by its name.
        refused: rows that could not be read.
        lines: the rows as lines of CSV in the roll's own dialect, a line feed before each of them. Where they are
            kept, the batch has only the columns that mean something.
    """

    names: tuple[str, ...]
    batch: pa.RecordBatch
    known: Mapping[str, int] = field(default_factory=dict)
    refused: RefusedRows = field(default_factory=dict)
    lines: pa.Array | None = None

    def __len__(self) -> int:
        """Rows."""
        return int(self.batch.num_rows)

    @property
    def speaks(self) -> bool:
        """Whether any row says what a row is: the header does."""
        return True

    @property
    def by_person(self) -> bool:
        """Whether a row is a person, or a plan."""
        return PERSON_MARK in self.known

    def column_names(self) -> tuple[str, ...]:
        """The columns of a table of these rows."""
        return self.names

    def columns(self, names: Sequence[str]) -> dict[str, Column]:
        """Columns by their different values, those of the names that there are."""
        return {name: encoded(self.batch.column(self.known[name])) for name in names if name in self.known}

    def slice(self, start: int, end: int) -> Self:
        """Some of the rows."""
        return replace(
            self,
            batch=self.batch.slice(start, end - start),
            refused=_within(self.refused, start, end),
            lines=None if self.lines is None else self.lines.slice(start, end - start),
        )

    def after(self, earlier: Self) -> Self:
        """The rows of both, the earlier ones first."""
        batch = pa.concat_batches([earlier.batch, self.batch])
        lines = None if self.lines is None else pa.concat_arrays([earlier.lines, self.lines])
        return replace(self, batch=batch, refused=_both(earlier, self), lines=lines)

    def refusing(self, refused: RefusedRows) -> Self:
        """With more rows refused."""
        return replace(self, refused={**self.refused, **refused})

    def texts(self) -> list[bytes]:
        """The rows as JSON objects."""
        columns = [plain_values(column) for column in self.batch.columns]
        names = unique(self.names)
        rows = zip(*columns, strict=True) if columns else [()] * len(self)
        return [orjson.dumps(dict(zip(names, row, strict=True)), default=_plain) for row in rows]

    def table(self, _names: tuple[str, ...]) -> "Table":
        """Itself."""
        return self

    def one_empty_row(self) -> "Table":
        """A row that says nothing."""
        types = self.batch.schema.types if self.lines is None else [pa.string() for _ in self.names]
        nothing = [pa.nulls(1, type_) for type_ in types]
        return replace(self, batch=table_batch(nothing, 1), refused={}, lines=None)


@dataclass(frozen=True)
class Objects:
    """Rows as JSON objects.

    Attributes:
        raw: their text as it came; of one that could not be read an empty object.
        cells: what they ask, column by column.
        refused: rows that could not be read.
    """

    raw: Sequence[bytes]
    cells: Sequence[Mapping[str, Any]]
    refused: RefusedRows = field(default_factory=dict)

    def __len__(self) -> int:
        """Rows."""
        return len(self.raw)

    @property
    def speaks(self) -> bool:
        """Whether any row says what a row is."""
        return any(self.cells)

    @property
    def by_person(self) -> bool:
        """Whether a row is a person, or a plan; the first row that asks anything says which."""
        return PERSON_MARK in next((row for row in self.cells if row), {})

    def column_names(self) -> tuple[str, ...]:
        """The columns of a table of these rows: their keys, and whatever else a row may ask by."""
        keys = [key for text in self.raw for key in parse_json(text)]
        return tuple(dict.fromkeys((*keys, *(PERSON_FIELDS if self.by_person else PLAN_FIELDS))))

    def columns(self, names: Sequence[str]) -> dict[str, Column]:
        """Columns by their different values."""
        return {name: _by_value([row.get(name) for row in self.cells]) for name in names}

    def slice(self, start: int, end: int) -> Self:
        """Some of the rows."""
        return replace(
            self, raw=self.raw[start:end], cells=self.cells[start:end], refused=_within(self.refused, start, end)
        )

    def after(self, earlier: Self) -> Self:
        """The rows of both, the earlier ones first."""
        return replace(
            self,
            raw=[*earlier.raw, *self.raw],
            cells=[*earlier.cells, *self.cells],
            refused=_both(earlier, self),
        )

    def refusing(self, refused: RefusedRows) -> Self:
        """With more rows refused."""
        return replace(self, refused={**self.refused, **refused})

    def texts(self) -> Sequence[bytes]:
        """The rows as JSON objects."""
        return self.raw

    def table(self, names: tuple[str, ...]) -> Table:
        """The rows as a table of text; one with a key that is no column is refused: the table has no place for it."""
        rows = [parse_json(text) for text in self.raw]
        keys = set(names)
        more = invalid("the row", "has a key that none of the first rows has, so the table has no column for it")
        others = {place: more for place, row in enumerate(rows) if not keys.issuperset(row)}
        arrays = [pa.array([text_of(row.get(name)) for row in rows], pa.string()) for name in names]
        return Table(names, table_batch(arrays, len(self)), refused={**others, **self.refused})

    def one_empty_row(self) -> Self:
        """A row that says nothing."""
        return replace(self, raw=[EMPTY], cells=[{}], refused={})


Block = Table | Objects


def table_batch(arrays: Sequence[pa.Array], rows: int) -> pa.RecordBatch:
    """Columns named by their places; a table without columns still has rows."""
    if not arrays:
        return pa.RecordBatch.from_struct_array(pa.array([{}] * rows, pa.struct([])))
    return pa.record_batch(arrays, names=[str(place) for place in range(len(arrays))])


def _within(refused: RefusedRows, start: int, end: int) -> RefusedRows:
    return {place - start: each for place, each in refused.items() if start <= place < end}


def _both(earlier: Block, later: Block) -> RefusedRows:
    return {**earlier.refused, **{len(earlier) + place: each for place, each in later.refused.items()}}


def _by_value(values: Sequence[Any]) -> Column:
    """A column of values of any type; `1`, `1.0` and `true` are different ones."""
    numbers: dict[Any, int] = {}
    # A list or an object is no value of any column; as a tuple it is refused like any other wrong type.
    keys = [(each.__class__, () if isinstance(each, list | dict) else each) for each in values]
    codes = [numbers.setdefault(key, len(numbers)) for key in keys]
    return Column(np.array(codes, dtype=np.int64), [value for _, value in numbers])


def unique(names: Sequence[str]) -> list[str]:
    """Names of columns, each once: a later one of two alike gets the number of its place."""
    found: dict[str, None] = {}
    for place, name in enumerate(names, start=1):
        found[name if name not in found else f"{name}_{place}"] = None
    return list(found)


def text_of(value: Any) -> str | None:
    """A value as a cell's text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    return orjson.dumps(value, default=_plain).decode()


def _plain(value: Any) -> str:
    """A value that JSON has no form for, as text."""
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
