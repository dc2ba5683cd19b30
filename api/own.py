"""Questions that the service puts to itself, as a client would send them, and places in what it answers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from api.calculator import Calculator
from tables.pointers import pointer as to

BOTH = ","
"""In a place: stands between fields that are added up."""


def as_asked(
    calculator: Calculator[Any, Any, Any],
    own: Mapping[str, Any],
    pins: Mapping[str, str],
    **common: Any,
) -> dict[str, Any]:
    """What a client would send, in the body or the query.

    Args:
        calculator: whom to ask.
        own: its own fields.
        pins: tables by role.
        common: fields that every calculator takes; those that say nothing are left out.
    """
    tables = pins if calculator.method == "GET" else {"tables": pins} if pins else {}
    return {**own, **tables, **{name: value for name, value in common.items() if value}}


def located(answer: Any, keys: Sequence[str]) -> tuple[str, list[Any]]:
    """Where a place is in an answer, as a JSON pointer, and what stands there.

    Args:
        answer: as JSON has it.
        keys: names of fields and numbers of entries. `name=value`, joined by `&`, chooses the one entry of a list whose
            fields have these values; `a,b` takes two fields, and stays in the pointer.
    Raises: LookupError, where there is no such place.
    """
    pointer, parts = "", [answer]
    for key in keys:
        step, parts = _step(key, parts)
        pointer += to(step)
    return pointer, parts


def _step(key: str, parts: list[Any]) -> tuple[str, list[Any]]:
    if BOTH in key:
        return key, [part[name] for part in parts for name in key.split(BOTH)]
    if "=" in key:
        wanted = dict(pair.split("=") for pair in key.split("&"))
        ((place, entry),) = _chosen(wanted, parts)
        return str(place), [entry]
    return key, [part[int(key) if isinstance(part, list) else key] for part in parts]


def _chosen(wanted: Mapping[str, str], parts: list[Any]) -> list[tuple[int, Any]]:
    (part,) = parts
    found = [
        (place, entry)
        for place, entry in enumerate(part)
        if all(_text(entry[name]) == value for name, value in wanted.items())
    ]
    if len(found) != 1:
        raise LookupError(f"{len(found)} entries are {wanted}")
    return found


def _text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def texts(part: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a part of an answer, by its JSON pointer."""
    if isinstance(part, str):
        yield pointer, part
    children = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, child in children:
        yield from texts(child, pointer + to(key))
