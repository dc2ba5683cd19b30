"""Rolls as they go out: blocks of rows with their answers to any form.

A writer encodes blocks, which it may do with several at the same time, and puts what it encoded in their order.
"""

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any, Protocol, cast

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from api.mba.quotes import component_answers
from api.roll.blocks import Block, Table, unique
from api.roll.csv_text import lines_of, safe_cells, text_in
from api.roll.reading import Dialect
from api.roll.source import Put
from pricing.bulk.answers import RESULT_SCHEMA, Answer, Answers, Included, Priced, Refused, coverage_premiums
from pricing.mba.benefits import COVERAGES
from pricing.rounding import EXACT, MONTHLY, WHOLE_RIEL

Names = Callable[[], tuple[str, ...]]


class Writer(Protocol):
    """Writes one form; by columns, if blocks must be tables."""

    by_columns: bool

    def encode(self, block: Block, answers: Answers, first_row: int) -> Any:
        """A block with its answers, rows numbered from `first_row`."""

    def put(self, encoded: Any) -> None:
        """Write what was encoded; in order, the first before anything else is encoded."""

    def finish(self, summary: dict[str, Any]) -> None:
        """Write the end, with the summary where the form has a place for it."""


class NdjsonWriter:
    """A JSON object a line; the last is the summary."""

    by_columns = False

    def __init__(self, put: Put, *, components: bool) -> None:
        """Args: where to write, whether premiums come with their components."""
        self._put = put
        self._components = components

    def encode(self, block: Block, answers: Answers, first_row: int) -> list[bytes]:
        """The rows."""
        added = [self._added(answer) for answer in answers.different]
        numbered = enumerate(zip(block.texts(), answers.index.tolist(), strict=True), start=first_row)
        return [_line(text, number, added[which]) for number, (text, which) in numbered]

    def _added(self, answer: Answer) -> bytes:
        fields: dict[str, Any] = {"status": "refused" if isinstance(answer, Refused) else "priced"}
        if isinstance(answer, Priced):
            fields["monthly_premium"] = WHOLE_RIEL.text(answer.monthly_premium)
            fields["monthly_premium_exact"] = EXACT.text(answer.monthly_premium_exact)
            if self._components:
                fields["components"] = component_answers(answer.persons, answer.premium, answer.payments_per_year)
        elif isinstance(answer, Refused):
            fields |= {"code": answer.code, "column": answer.column, "detail": answer.detail}
        elif isinstance(answer, Included):
            fields["monthly_premium"] = None
        return orjson.dumps(fields)[1:]

    def put(self, encoded: list[bytes]) -> None:
        """Write rows."""
        self._put(b"".join(line + b"\n" for line in encoded))

    def finish(self, summary: dict[str, Any]) -> None:
        """Write the summary."""
        self._put(orjson.dumps({"summary": summary}) + b"\n")


class JsonWriter(NdjsonWriter):
    """An array of JSON objects."""

    def __init__(self, put: Put, *, components: bool) -> None:
        """Args: as an `NdjsonWriter`."""
        super().__init__(put, components=components)
        self._before = b"["

    def put(self, encoded: list[bytes]) -> None:
        """Write rows."""
        if encoded:
            self._put(self._before + b",\n".join(encoded))
            self._before = b",\n"

    def finish(self, summary: dict[str, Any]) -> None:
        """Write the end; the summary has no place in an array of rows."""
        self._put((b"[" if self._before == b"[" else b"") + b"]\n")


def _line(text: bytes, number: int, added: bytes) -> bytes:
    """A row's own text with what the answer adds; whitespace between its parts may hold line ends."""
    own = text[:-1].rstrip().replace(b"\n", b" ").replace(b"\r", b" ")
    return b'%s%s"row":%d,%s' % (own, b"" if own == b"{" else b",", number, added)


class CsvWriter:
    """Rows of text, safe to open in a spreadsheet."""

    by_columns = True

    def __init__(self, put: Put, *, names: Names, dialect: Dialect, components: bool) -> None:
        """Args: where to write; the columns and how CSV is written, known when rows are; whether components too."""
        self._put = put
        self._names = names
        self._dialect = dialect
        self._components = components
        self._begun = False
        self._ends: dict[int, tuple[Priced, str]] = {}

    def encode(self, block: Block, answers: Answers, first_row: int) -> memoryview:
        """The rows, in one text but for its last line feed: each its own line, its number, and what its answer adds."""
        table = cast(Table, block)
        delimiter = self._dialect.delimiter
        own = lines_of(table.batch.columns, delimiter) if table.lines is None else table.lines
        numbers = pa.array(np.arange(first_row, first_row + len(table))).cast(pa.string())
        ends = pa.array([self._end(answer) for answer in answers.different], pa.string())
        lines = pc.binary_join_element_wise(own, numbers, ends.take(pa.array(answers.index)), delimiter)
        return text_in(lines)[1:]

    def _end(self, answer: Answer) -> str:
        """What an answer adds after a row's number; of a priced one noted, for a tariff gives it again and again."""
        if not isinstance(answer, Priced):
            return self._line(self._cells(answer))
        if id(answer) not in self._ends:
            self._ends[id(answer)] = answer, self._line(self._cells(answer))
        return self._ends[id(answer)][1]

    def _cells(self, answer: Answer) -> list[str | None]:
        parts: list[str | None] = [None] * len(COVERAGES) if self._components else []
        if isinstance(answer, Refused):
            return ["refused", None, None, answer.code, answer.detail, *parts]
        if isinstance(answer, Included):
            return ["priced", None, None, None, None, *parts]
        if self._components:
            amounts = coverage_premiums(answer)
            parts = [MONTHLY.text(amounts[coverage]) for coverage in COVERAGES]
        premium, exact = WHOLE_RIEL.text(answer.monthly_premium), EXACT.text(answer.monthly_premium_exact)
        return ["priced", premium, exact, None, None, *parts]

    def _line(self, cells: Sequence[str | None]) -> str:
        text = io.StringIO()
        csv.writer(text, delimiter=self._dialect.delimiter, lineterminator="").writerow(cells)
        return text.getvalue()

    def put(self, encoded: memoryview) -> None:
        """Write rows, after the header."""
        if not self._begun:
            self._begun = True
            names = [*self._names(), *added_names(components=self._components)]
            self._put(self._dialect.mark + self._line(safe_cells(names)).encode() + b"\n")
        if encoded:
            self._put(encoded)
            self._put(b"\n")

    def finish(self, summary: dict[str, Any]) -> None:
        """Nothing: a summary is no row."""


class _BatchWriter:
    """Record batches of the rows' own types."""

    by_columns = True

    def __init__(self, put: Put, *, names: Names, components: bool) -> None:
        """Args: where to write; the columns, known when rows are; whether components too."""
        self._sink = pa.PythonFile(_Sink(put), mode="w")
        self._names = names
        self._components = components
        self._writer: Any = None

    def encode(self, block: Block, answers: Answers, first_row: int) -> pa.RecordBatch:
        """The rows."""
        table = cast(Table, block)
        added = added_columns(answers, first_row, components=self._components)
        names = unique([*table.names, *added.schema.names])
        return pa.record_batch([*table.batch.columns, *added.columns], names=names)


class ArrowWriter(_BatchWriter):
    """An Arrow IPC stream; an empty last batch carries the summary."""

    def put(self, encoded: pa.RecordBatch) -> None:
        """Write a batch."""
        if self._writer is None:
            self._no_rows = encoded.slice(0, 0)
            self._writer = pa.ipc.new_stream(self._sink, encoded.schema)
        self._writer.write_batch(encoded)

    def finish(self, summary: dict[str, Any]) -> None:
        """Write the summary, as metadata of a batch without rows."""
        self._writer.write_batch(self._no_rows, custom_metadata={"summary": orjson.dumps(summary)})
        self._writer.close()


class ParquetWriter(_BatchWriter):
    """A Parquet file; its key-value metadata holds the summary."""

    def put(self, encoded: pa.RecordBatch) -> None:
        """Write a row group."""
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._sink, encoded.schema)
        self._writer.write_batch(encoded)

    def finish(self, summary: dict[str, Any]) -> None:
        """Write the summary and the end."""
        self._writer.add_key_value_metadata({"summary": orjson.dumps(summary).decode()})
        self._writer.close()


class _Sink(io.RawIOBase):
    """Somewhere to write as a file; what is written is not copied."""

    def __init__(self, put: Put) -> None:
        super().__init__()
        self._put = put

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        view = memoryview(data)
        self._put(view)
        return len(view)


def added_names(*, components: bool) -> list[str]:
    """Names of the columns that an answer adds."""
    return [*RESULT_SCHEMA.names, *([f"{coverage}_premium" for coverage in COVERAGES] if components else [])]


def added_columns(answers: Answers, first_row: int, *, components: bool) -> pa.RecordBatch:
    """The columns that an answer adds."""
    columns = answers.columns(first_row)
    if components:
        index = pa.array(answers.index)
        amount = pa.decimal128(38, MONTHLY.places)
        parts = [
            coverage_premiums(each) if isinstance(each, Priced) else dict.fromkeys(COVERAGES)
            for each in answers.different
        ]
        columns += [pa.array([each[coverage] for each in parts], amount).take(index) for coverage in COVERAGES]
    return pa.record_batch(columns, names=added_names(components=components))
