"""The published tables, as typed from the documents: one CSV file a table, lines that start with # are comments."""

import csv
from collections.abc import Sequence
from pathlib import Path

PACKAGES = ("A", "B", "C", "D", "E", "F")

Row = dict[str, str]
Cells = dict[tuple[str, ...], str]


def rows(source: str, table: str) -> list[Row]:
    """The rows of a published table, as text by column."""
    with (Path(__file__).parent / source / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader((line for line in file if not line.startswith("#")), strict=True))


def package_cells(source: str, table: str, key: Sequence[str]) -> Cells:
    """The cells of a table with a column a package, by the columns that name the row and the package."""
    return {
        (*(row[column] for column in key), package): row[package] for row in rows(source, table) for package in PACKAGES
    }
