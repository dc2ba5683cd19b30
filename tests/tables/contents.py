"""What the tests of the tables share: the shipped contents, and ways to walk and to change them."""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from decimal import Decimal
from typing import Any

from tables.numbers import parse_json
from tables.shipped import shipped_tables

Path = tuple[str | int, ...]

SHIPPED = {
    f"{version.table_name}@{version.number}": (shipped.table.kind, version)
    for shipped in shipped_tables()
    for version in shipped.versions
}
NAMES = tuple(SHIPPED)
TABLES = tuple(dict.fromkeys(name.partition("@")[0] for name in NAMES))

_DECIMAL = re.compile(r"[0-9]+(\.[0-9]+)?")


def shipped(name: str) -> tuple[str, Any]:
    """Kind and content of a shipped version; the content may be changed."""
    kind, version = SHIPPED[name]
    return kind, parse_json(version.content.encode())


def is_decimal(leaf: Any) -> bool:
    """Whether a leaf of canonical content is a decimal."""
    return isinstance(leaf, str) and _DECIMAL.fullmatch(leaf) is not None


def is_whole(leaf: Any) -> bool:
    """Whether a leaf of canonical content is a whole number."""
    return isinstance(leaf, int) and not isinstance(leaf, bool)


def nodes(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Everything in some content with its path, the content itself first."""
    yield path, value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from nodes(child, (*path, key))


def at(content: Any, path: Path) -> Any:
    """What stands at a path."""
    for step in path:
        content = content[step]
    return content


def replaced(content: Any, path: Path, value: Any) -> Any:
    """A copy with another value at a path."""
    if not path:
        return value
    copy = deepcopy(content)
    at(copy, path[:-1])[path[-1]] = value
    return copy


def without(content: Any, path: Path) -> Any:
    """A copy without the key at a path."""
    copy = deepcopy(content)
    del at(copy, path[:-1])[path[-1]]
    return copy


def renamed(content: Any, path: Path, key: str) -> Any:
    """A copy in which the key at a path is spelt otherwise."""
    copy = without(content, path)
    at(copy, path[:-1])[key] = at(content, path)
    return copy


def mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """A copy with every leaf changed and every object's keys in the opposite order."""
    if isinstance(value, dict):
        return {key: mapped(child, change) for key, child in reversed(value.items())}
    if isinstance(value, list):
        return [mapped(child, change) for child in value]
    return change(value)


def exact(value: Any) -> Any:
    """Decimals of canonical content as decimals."""
    return mapped(value, lambda leaf: Decimal(leaf) if is_decimal(leaf) else leaf)


def pointer(path: Path) -> str:
    """A JSON pointer, for messages and for lists of exceptions."""
    return "".join(f"/{step}" for step in path)
