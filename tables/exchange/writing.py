"""A version as files: TOML as it would ship, one JSON, or its columns as CSV."""

from collections.abc import Mapping
from typing import Any

import orjson

from tables.exchange import columns
from tables.exchange.toml import toml
from tables.numbers import parse_json
from tables.snapshot import Version


def as_shipped(version: Version, title: str) -> dict[str, str]:
    """The files of a table's folder under `tables/data`, by name, with this version alone."""
    content: dict[str, Any] = parse_json(version.content)
    files = {"table.toml": toml({"kind": version.kind, "title": title})}
    beside: dict[str, str] = {}
    if version.kind in columns.IN_FILES_OF_THEIR_OWN:
        key, headings = columns.COLUMNS[version.kind]
        for column, heading in headings.items():
            cells: Mapping[str, str] = content.pop(column)
            beside[column] = f"{version.number}.{column}.csv"
            rows = [(each, cells[each]) for each in columns.in_order(cells)]
            files[beside[column]] = columns.column_csv((key, heading), rows)
    stated = _facts(version) | ({"columns": beside} if beside else {}) | {"content": content}
    return {**files, f"{version.number}.toml": toml(stated)}


def as_json(version: Version, title: str) -> bytes:
    """One JSON object that says all of it."""
    head = {"name": version.table, "kind": version.kind, "title": title, "version": version.number}
    whole = head | _facts(version) | {"content": parse_json(version.content)}
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)


def as_csv(version: Version) -> str:
    """Its columns. Raises: NotColumns."""
    return columns.written(version.kind, parse_json(version.content))


def _facts(version: Version) -> dict[str, Any]:
    """What a version's file states beside its content; what is not there is left out."""
    names = (
        *("sha256", "effective_from", "effective_to", "published_at", "withdrawn_at", "author", "publisher"),
        "provenance",
    )
    stated = {name: getattr(version, name) for name in names}
    stated["provenance"] = [dict(entry) for entry in version.provenance]
    return {name: value for name, value in stated.items() if value is not None}
