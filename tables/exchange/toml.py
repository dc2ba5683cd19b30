"""TOML as the shipped tables are written. The standard library reads it and does not write it."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import orjson

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml(document: Mapping[str, Any]) -> str:
    """A document: what is no object first, then objects and lists of objects, each under a heading."""
    return "\n".join(_lines(document, ()))


def _lines(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    headed = {key: value for key, value in table.items() if _is_headed(value)}
    plain = {key: value for key, value in table.items() if key not in headed}
    for key, value in plain.items():
        yield f"{_key(key)} = {_value(value)}"
    for key, value in headed.items():
        here = (*path, key)
        name = ".".join(map(_key, here))
        if isinstance(value, list):
            for each in value:
                yield f"\n[[{name}]]"
                yield from _lines(each, here)
        else:
            if not value or any(not _is_headed(child) for child in value.values()):
                yield f"\n[{name}]"
            yield from _lines(value, here)
    if not path:
        yield ""


def _is_headed(value: Any) -> bool:
    return isinstance(value, Mapping) or (
        isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)
    )


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, int):
        return str(value).lower()  # True is true
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_key(key)} = {_value(child)}' for key, child in value.items())} }}"
    raise TypeError(f"{type(value).__name__} has no form in TOML")


def _text(text: str) -> str:
    """A basic string, which is a JSON string but for one sign that JSON leaves as it is."""
    return orjson.dumps(text).decode().replace("\x7f", "\\u007f")
