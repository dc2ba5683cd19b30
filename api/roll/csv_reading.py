"""CSV as people's spreadsheets write it: `,`, `;` or tab, with or without a byte order mark, blank lines and all."""

import csv
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from api.roll.blocks import RefusedRows, Table, table_batch
from api.roll.csv_text import lines_in, lines_of, may_be_blank
from api.roll.delimiters import DELIMITERS, delimiter_of, stated_delimiter
from api.roll.forms import BYTE_ORDER_MARK
from api.roll.reading import Dialect, Lines, known_columns
from api.roll.source import LONGEST_ROW, Faulty, Source
from pricing.bulk.answers import Refused

_CELL = re.compile(rb"[^\s;,]")
"""What no blank line has, nor one of delimiters alone."""
_LONE_CR = re.compile(rb"\r(?!\n)")
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


class CsvReader(Lines):
    """Reads CSV. What stands between quotes may hold delimiters and line ends."""

    def __init__(self, *, keeps_lines: bool) -> None:
        """Args: whether the rows' own lines go into the answer, so that only columns that mean something are read."""
        super().__init__()
        self._keeps_lines = keeps_lines
        self.dialect = Dialect()
        self.names: tuple[str, ...] = ()
        self._delimiter: str | None = None
        self._known: dict[str, int] = {}
        self._quoted = self._opening = re.compile(b"")

    def pieces(self, source: Source) -> Iterator[bytes | None]:
        """Pieces of whole rows, without the header."""
        pieces = super().pieces(source)
        for piece in pieces:
            if piece is not None:
                rest = self._read_header(piece)
                if rest is None:
                    continue
                if rest:
                    yield rest
                break
        else:
            raise Faulty("invalid_request", "The roll is empty: it needs a header row.")
        yield from pieces

    def _read_header(self, piece: bytes) -> bytes | None:
        """Read the first row that is not blank; what follows it, or None if there is none."""
        if not self.names and piece.startswith(_WIDE_MARKS):
            raise Faulty("invalid_request", "The roll is in UTF-16. Save it as CSV in UTF-8.")
        if piece.startswith(BYTE_ORDER_MARK):
            self.dialect.mark = BYTE_ORDER_MARK
            piece = piece[len(BYTE_ORDER_MARK) :]
        while cell := _CELL.search(piece):
            line, _, piece = piece[piece.rfind(b"\n", 0, cell.start()) + 1 :].partition(b"\n")
            stated = None if self._delimiter else stated_delimiter(line.decode(errors="replace"))
            if stated is None:
                break
            self._delimiter = _known_delimiter(stated)
        else:
            return None
        if b"\r" in line.rstrip(b"\r"):
            raise Faulty("invalid_request", "The roll's lines must end with LF or CRLF.")
        try:
            header = line.decode()
        except UnicodeDecodeError:
            raise Faulty("invalid_request", "The roll is not in UTF-8. Save it as CSV in UTF-8.") from None
        if len(line) > LONGEST_ROW:
            raise Faulty("row_too_long", f"A row may have at most {LONGEST_ROW} bytes.")
        self.dialect.delimiter = self._delimiter or delimiter_of(header)
        self.names = tuple(next(csv.reader([header], delimiter=self.dialect.delimiter)))
        self._known = known_columns(self.names)
        between = re.escape(self.dialect.delimiter.encode())
        self._opening = re.compile(rb"(?:\A|(?<=[" + between + rb'\n]))"')
        self._quoted = re.compile(self._opening.pattern + rb'[^"]*(?:""[^"]*)*"(?=[' + between + rb"\r\n]|\Z)")
        return piece

    def end_of_rows(self, buffer: bytearray) -> int:
        """Where the last row ends whose quotes are all closed."""
        if not self.names:  # the header alone: what follows is cut when its delimiter is known
            cell = _CELL.search(buffer)
            end = buffer.find(b"\n", cell.start()) if cell else -1
            return (buffer.rfind(b"\n") if end < 0 else end) + 1
        end = buffer.rfind(b"\n") + 1
        if b'"' not in buffer:
            return end
        if not self._opening.search(self._quoted.sub(b"", buffer[:end])):
            return end
        masked = self._masked(buffer)
        opened = self._opening.search(masked)
        if opened and len(buffer) - opened.start() <= LONGEST_ROW:
            return masked.rfind(b"\n", 0, opened.start()) + 1
        return masked.rfind(b"\n") + 1

    def _masked(self, text: bytes | bytearray) -> bytes:
        """The text with something harmless in place of its quoted cells."""
        return self._quoted.sub(lambda quoted: b"x" * len(quoted[0]), text)

    def empty(self) -> Table:
        """A block without rows."""
        return self._kept([pa.array([], pa.string()) for _ in self.names], 0, plain=True)

    def block(self, piece: bytes) -> Table:
        """The rows of a piece: by columns at once, or row by row where something is wrong with one."""
        try:
            plain = b'"' not in piece
            rest = piece if plain else self._quoted.sub(b"", piece)
            if b'"' in rest or (b"\r" in rest and _LONE_CR.search(rest)) or self._has_long_row(piece, rest):
                return self._row_by_row(piece)
            found = self._as_they_are(piece) if plain and self._keeps_lines else None
            return found or self._at_once(piece, plain=plain)
        except pa.ArrowInvalid:
            return self._row_by_row(piece)

    def _kept(
        self, columns: Sequence[pa.Array], rows: int, refused: RefusedRows | None = None, *, plain: bool = False
    ) -> Table:
        """All columns of some rows; or their lines, and the columns that mean something."""
        if not self._keeps_lines:
            return Table(self.names, table_batch(columns, rows), self._known, refused or {})
        lines = lines_of(columns, self.dialect.delimiter, plain=plain)
        return self._with_lines([columns[place] for place in self._known.values()], lines, refused)

    def _with_lines(self, meant: Sequence[pa.Array], lines: pa.Array, refused: RefusedRows | None = None) -> Table:
        known = {name: place for place, name in enumerate(self._known)}
        return Table(self.names, table_batch(meant, len(lines)), known, refused or {}, lines)

    def _has_long_row(self, piece: bytes, rest: bytes) -> bool:
        """Whether a row is too long. Args: rows, and the same without what stands between quotes."""
        if rest is not piece and rest.count(b"\n") != piece.count(b"\n"):  # a line end between quotes ends no row
            piece = self._masked(piece)
        start = 0
        while len(piece) - start > LONGEST_ROW:  # from row to row as far on as one may be long
            end = piece.rfind(b"\n", start, start + LONGEST_ROW)
            if end < 0:
                return True
            start = end + 1
        return False

    def _as_they_are(self, piece: bytes) -> Table | None:
        """The rows with their own text, if it can go into the answer as it is. Raises: pa.ArrowInvalid."""
        if b"\r" in piece:
            piece = piece.replace(b"\r\n", b"\n")
        text = b"\n" + piece.removesuffix(b"\n")
        lines = lines_in(text, self.dialect.delimiter)
        if lines is None or not (text.isascii() or _is_utf8(text)):
            return None
        batch = self._read(text, list(self._known.values()))
        if len(batch) != len(lines) or may_be_blank(batch.column(0)):  # blank lines, or lines of nothing but blanks
            return None
        return self._with_lines(batch.columns, lines)

    def _at_once(self, piece: bytes, *, plain: bool) -> Table:
        """The rows. Raises: pa.ArrowInvalid."""
        if not piece.strip(b"\r\n"):
            return self.empty()
        batch = self._read(b"\n" + piece, list(range(len(self.names))))  # a mark at the very beginning would be lost
        empty = _empty_rows(batch)
        if empty is not None:
            batch = batch.filter(pc.invert(empty))
        return self._kept(batch.columns, len(batch), plain=plain)

    def _read(self, piece: bytes, places: Sequence[int]) -> pa.RecordBatch:
        """Columns of a piece, by their places. Raises: pa.ArrowInvalid."""
        names = [str(place) for place in range(len(self.names))]
        read = arrow_csv.read_csv(
            pa.py_buffer(piece),
            read_options=arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=len(piece) + 1),
            parse_options=arrow_csv.ParseOptions(delimiter=self.dialect.delimiter, newlines_in_values=True),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=[names[place] for place in places],
                strings_can_be_null=False,
                check_utf8=not piece.isascii(),
            ),
        )
        (batch,) = read.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], read.schema)]
        return batch

    def _row_by_row(self, piece: bytes) -> Table:
        width = len(self.names)
        columns: list[list[str]] = [[] for _ in self.names]
        refused: dict[int, Refused] = {}
        for line in self._rows(piece):
            cells, fault = self._cells(line, width)
            if cells is None:
                continue
            if fault is not None:
                refused[len(columns[0])] = fault
            for column, cell in zip(columns, cells, strict=True):
                column.append(cell)
        return self._kept([pa.array(column, pa.string()) for column in columns], len(columns[0]), refused)

    def _rows(self, piece: bytes) -> Iterator[bytes]:
        masked = self._masked(piece)
        start = 0
        while start < len(piece):
            end = masked.find(b"\n", start) + 1 or len(piece)
            yield piece[start:end].rstrip(b"\r\n")
            start = end

    def _cells(self, line: bytes, width: int) -> tuple[list[str] | None, Refused | None]:
        """The cells of a row, as many as there are columns, and what is wrong with them; None for a blank line."""
        fault = None
        if len(line) > LONGEST_ROW:
            fault = Refused("row_too_long", f"A row may have at most {LONGEST_ROW} bytes.")
        try:
            text = line.decode()
        except UnicodeDecodeError:
            text = line.decode(errors="replace")
            fault = fault or Refused("malformed_row", "The row is not in UTF-8.")
        try:
            found = [
                cell for part in csv.reader([text], delimiter=self.dialect.delimiter, strict=True) for cell in part
            ]
        except csv.Error:
            found = [text]
            fault = fault or Refused("malformed_row", "The row's quotes do not match.")
        if not any(cell.strip() for cell in found):
            return None, None
        while len(found) > width and not found[-1].strip():
            found.pop()
        if len(found) != width:
            fault = fault or Refused("malformed_row", f"The row has {len(found)} cells, the header has {width}.")
        return [*found[:width], *[""] * (width - len(found))], fault


def _known_delimiter(stated: str) -> str:
    """What a first line `sep=` says. Raises: Faulty (`invalid_request`)."""
    if stated in DELIMITERS:
        return stated
    raise Faulty("invalid_request", "The roll's first line `sep=` must name a comma, a semicolon or a tab.")


def _empty_rows(batch: pa.RecordBatch) -> pa.Array | None:
    """Which rows have nothing in any cell; None if there is no such row."""
    empty: Any = None
    for column in batch.columns:
        blank = pc.equal(pc.utf8_trim_whitespace(column), "")
        empty = blank if empty is None else pc.and_(empty, blank)
        if not pc.any(empty).as_py():
            return None
    return empty


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
