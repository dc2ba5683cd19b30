"""Columns of a roll by their different values: however many rows there are, each value is looked at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Codes: TypeAlias = npt.NDArray[np.int64]

_LARGEST_KEY = np.iinfo(np.int64).max
_FEW_KEYS = 1 << 14
"""Combinations that are looked up in a list of all that there can be, rather than among those that there are."""


@dataclass(frozen=True)
class Column:
    """A column by its different values.

    Attributes:
        codes: which of the values each row has.
        values: the values; several may be equal. Times the rows of a block they are fewer than 2^63.
    """

    codes: Codes
    values: Sequence[Any]


def encoded(array: pa.Array) -> Column:
    """A column of a record batch."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    try:
        by_value = pc.dictionary_encode(array, null_encoding="encode")
    except pa.ArrowNotImplementedError:  # lists and the like: no value of any column
        return Column(np.zeros(len(array), dtype=np.int64), [()])
    return Column(by_value.indices.to_numpy().astype(np.int64), plain_values(by_value.dictionary))


def plain_values(array: pa.Array) -> list[Any]:
    """The values of a column as Python has them; one that Python has no value for, such as a nanosecond, as text."""
    try:
        values: list[Any] = array.to_pylist()
    except _NO_VALUE:
        values = [_plain_value(each) for each in array]
    return values


_NO_VALUE = (ValueError, OverflowError, LookupError)


def _plain_value(value: Any) -> Any:
    try:
        return value.as_py()
    except _NO_VALUE:
        if isinstance(value, pa.StructScalar):
            return {name: _plain_value(each) for name, each in value.items()}
        if isinstance(value, pa.ListScalar):
            return [_plain_value(each) for each in value]
        return value.cast(pa.string()).as_py()


def column_of(columns: Mapping[str, Column], name: str, rows: int) -> Column:
    """A column, or nothing in every row."""
    return columns.get(name) or Column(np.zeros(rows, dtype=np.int64), [None])


def different(columns: Sequence[Column], rows: int) -> tuple[Codes, Codes]:
    """The different combinations of values: which of them each row has, and the first row that has each."""
    key, bound = np.zeros(rows, dtype=np.int64), 1
    for column in columns:
        bound *= len(column.values)
        if bound > _LARGEST_KEY:
            key, firsts = _numbered(key)
            bound = len(firsts) * len(column.values)
        key = key * len(column.values) + column.codes
    return _numbered_below(key, bound) if bound <= _FEW_KEYS else _numbered(key)


def _numbered_below(key: Codes, bound: int) -> tuple[Codes, Codes]:
    """Keys of a few that there can be, numbered in their own order, and where each first comes."""
    first = np.full(bound, len(key), dtype=np.int64)
    first[key[::-1]] = np.arange(len(key))[::-1]  # of several the last assigned stays: the first row
    found = np.flatnonzero(first < len(key))
    number = np.empty(bound, dtype=np.int64)
    number[found] = np.arange(len(found))
    return number[key], first[found]


def _numbered(key: Codes) -> tuple[Codes, Codes]:
    """Keys numbered in the order in which they first come, and where they do."""
    by_value = pc.dictionary_encode(pa.array(key))
    index = by_value.indices.to_numpy().astype(np.int64)
    firsts = np.empty(len(by_value.dictionary), dtype=np.int64)
    firsts[index[::-1]] = np.arange(len(key))[::-1]  # of several the last assigned stays: the first row
    return index, firsts
