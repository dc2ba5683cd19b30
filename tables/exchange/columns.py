"""The long columns of contents, as CSV: a key and its values a row."""

import csv
import io
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

COLUMNS: Mapping[str, tuple[str, Mapping[str, str]]] = MappingProxyType(
    {
        "life_table": ("age", {"survivors": "survivors"}),
        "multipliers": ("age", {"multipliers": "multiplier"}),
        "packages": ("package", {"basic_benefit": "basic_benefit"}),
    }
)
"""By kind: what the rows are, and the keys of the content that are columns, with the heading of each."""

IN_FILES_OF_THEIR_OWN = ("life_table", "multipliers")
"""The kinds whose columns are too long to stand in the version's file."""


class NotColumns(ValueError):
    """A CSV file that does not hold the columns of its kind."""


def column_csv(heading: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """CSV as the shipped columns are written."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([heading, *rows])
    return text.getvalue()


def written(kind: str, content: Mapping[str, Any]) -> str:
    """The columns of a content side by side. Raises: NotColumns, where the kind has none."""
    key, columns = _of(kind)
    keys = in_order(dict.fromkeys(each for column in columns for each in content[column]))
    return column_csv(
        (key, *columns.values()), [(each, *(content[column][each] for column in columns)) for each in keys]
    )


def read(kind: str, text: str) -> dict[str, dict[str, str]]:
    """The columns that a CSV file holds. Raises: NotColumns."""
    key, columns = _of(kind)
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    heading, needed = next(rows, []), [key, *columns.values()]
    if heading != needed:
        raise NotColumns(f"must begin with the heading {','.join(needed)}")
    found: dict[str, dict[str, str]] = {column: {} for column in columns}
    for number, row in enumerate(rows, start=1):
        if len(row) != len(needed):
            raise NotColumns(f"row {number} must have {len(needed)} cells")
        if row[0] in next(iter(found.values())):
            raise NotColumns(f"row {number} has the {key} of another row")
        for column, cell in zip(columns, row[1:], strict=True):
            found[column][row[0]] = cell
    return found


def in_order(keys: Iterable[str]) -> list[str]:
    """Keys as people read them: ages by number, names as they are."""
    return sorted(keys, key=lambda key: (int(key), "") if key.isdecimal() else (0, key))


def _of(kind: str) -> tuple[str, Mapping[str, str]]:
    if kind not in COLUMNS:
        raise NotColumns(f"a {kind} table has no columns: CSV is for {', '.join(COLUMNS)}; use TOML or JSON")
    return COLUMNS[kind]
