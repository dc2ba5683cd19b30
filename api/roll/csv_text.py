"""Rows as lines of CSV, safe to open in a spreadsheet: no cell begins a formula, and one has quotes only if it must."""

import re
from collections.abc import Sequence
from contextlib import suppress

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from api.roll.blocks import text_of
from pricing.bulk.columns import plain_values

# Spreadsheets also take the wide forms of =, +, - and @ for the beginning of a formula.
_BEGINNINGS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_FORMULA = f"^[{re.escape(_BEGINNINGS)}]"
_NEGATIVE = "^-[0-9]+([.,][0-9]+)?$"
_NOT_ASCII = 0x80
_MAY_BEGIN_FORMULA = np.zeros(256, dtype=bool)
_MAY_BEGIN_FORMULA[[sign.encode()[0] for sign in _BEGINNINGS]] = True


def lines_of(columns: Sequence[pa.Array], delimiter: str, *, plain: bool = False) -> pa.Array:
    """Columns as lines, a line feed before each of them rather than after it.

    Args: the columns, what stands between cells, whether it is known that no cell needs quotes.
    """
    first, *others = [_safe(column) if plain else _quoted(_safe(column), delimiter) for column in columns]
    begun = pc.binary_join_element_wise("\n", first, "", null_handling="replace", null_replacement="")
    return pc.binary_join_element_wise(begun, *others, delimiter, null_handling="replace", null_replacement="")


def lines_in(text: bytes, delimiter: str) -> pa.Array | None:
    """The lines of a text that has no quotes, as `lines_of` has them and not copied; None if a cell needs a change.

    Args: lines, a line feed before each of them; what stands between cells.
    """
    codes = np.frombuffer(text, dtype=np.uint8)
    ends_line = codes == ord("\n")
    before_cell = (codes == ord(delimiter)) | ends_line
    for sign in _BEGINNINGS:
        if sign not in {delimiter, "\n"} and sign.encode()[:1] in text:
            begins = codes[1:] == sign.encode()[0]
            if (begins & before_cell[:-1]).any():
                return None
    offsets = np.append(np.flatnonzero(ends_line), len(text)).astype(np.int32)
    return pa.StringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(text))


def safe_cells(cells: Sequence[str]) -> list[str]:
    """Cells that a spreadsheet takes for no formula."""
    found: list[str] = _safe(pa.array(cells, pa.string())).to_pylist()
    return found


def may_be_blank(column: pa.Array) -> bool:
    """Whether a cell is empty, or may begin with a blank: a look at lengths and first bytes alone."""
    _, offsets, data = column.buffers()
    bounds = np.frombuffer(offsets, dtype=np.int32)[column.offset : column.offset + len(column) + 1]
    if not (bounds[1:] > bounds[:-1]).all():
        return True
    first = np.frombuffer(data, dtype=np.uint8)[bounds[:-1]]
    return bool(((first <= ord(" ")) | (first >= _NOT_ASCII)).any())


def text_in(column: pa.Array) -> memoryview:
    """All of a column's text, one cell after another; not copied."""
    _, offsets, data = column.buffers()
    if data is None or not len(column):
        return memoryview(b"")
    bounds = np.frombuffer(offsets, dtype=np.int32)
    first, last = bounds[column.offset], bounds[column.offset + len(column)]
    return memoryview(data.slice(first, last - first))


def _safe(column: pa.Array) -> pa.Array:
    """A column as text that a spreadsheet takes for no formula."""
    if not pa.types.is_string(column.type):
        if pa.types.is_primitive(column.type):
            with suppress(pa.ArrowNotImplementedError):
                return column.cast(pa.string())
        column = pa.array([text_of(value) for value in plain_values(column)], pa.string())
    if not _may_have_formula(column):
        return column
    is_formula = pc.match_substring_regex(column, _FORMULA)
    is_negative = pc.match_substring_regex(column, _NEGATIVE)
    guarded = pc.binary_join_element_wise("'", column, "")
    return pc.if_else(pc.and_not(is_formula, is_negative), guarded, column)


def _quoted(column: pa.Array, delimiter: str) -> pa.Array:
    """A column of text with those cells between quotes that hold a delimiter, a quote or a line end."""
    text = bytes(text_in(column))
    if not any(sign.encode() in text for sign in (delimiter, '"', "\n", "\r")):
        return column
    needs_quotes = pc.match_substring_regex(column, f'[{re.escape(delimiter)}"\n\r]')
    quoted = pc.binary_join_element_wise('"', pc.replace_substring(column, '"', '""'), '"', "")
    return pc.if_else(needs_quotes, quoted, column)


def _may_have_formula(column: pa.Array) -> bool:
    """Whether any cell may begin with a formula: a look at first bytes alone, for an empty cell at the next one's."""
    _, offsets, data = column.buffers()
    if data is None or not data.size:
        return False
    starts = np.frombuffer(offsets, dtype=np.int32)[column.offset : column.offset + len(column)]
    first = np.frombuffer(data, dtype=np.uint8).take(starts, mode="clip")
    return bool(_MAY_BEGIN_FORMULA.take(first).any())
