"""What is wrong with some data, as (JSON pointer, sentence) pairs that never repeat what was sent."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tables.pointers import pointer

MAX_REASONS = 20

_SENTENCES = {
    "missing": "is required",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "dict_type": "must be an object",
    "list_type": "must be a list",
    "string_type": "must be a string",
    "bool_type": "must be true or false",
    "literal_error": "must be {expected}",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "too_short": "must have at least {min_length} items",
    "too_long": "must have at most {max_length} items",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "must match {pattern}",
}


def reasons(error: ValidationError, given: Any, model: type[BaseModel]) -> list[tuple[str, str]]:
    """At most 20 (pointer, sentence) pairs; the pointer of an unknown field is its parent.

    Args:
        error: what pydantic found.
        given: the data that it was found in.
        model: what the data was validated against.
    """
    found: dict[tuple[str, str], None] = {}
    parents: set[tuple[int | str, ...]] = set()
    details = error.errors(include_url=False, include_input=False)
    unknown_keys = {detail["loc"][:-1] for detail in details if detail["loc"][-1:] == ("[key]",)}
    for detail in details:
        location = detail["loc"]
        if detail["type"] == "extra_forbidden":
            if location[:-1] in parents:
                continue  # one sentence says it of all unknown fields there
            parents.add(location[:-1])
        # An unknown key is named once, and nothing that is inside its value.
        outer = location[:-2] if location[-1:] == ("[key]",) else location
        if not any(outer[:length] in unknown_keys for length in range(1, len(outer) + 1)):
            path, sentence = _reason(detail, given, model)
            found[pointer(*path), sentence] = None
            if len(found) == MAX_REASONS:
                break
    return list(found)


def _reason(detail: ErrorDetails, given: Any, model: type[BaseModel]) -> tuple[list[int | str], str]:
    path, kind, context = _path(detail["loc"], given), detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        path = path[:-1]
        return path, f"has an unknown field; its fields are {', '.join(_fields(_schema(model), path))}"
    if detail["loc"][-1:] == ("[key]",):
        return path[
            :-1
        ], f"has an unknown key; its keys are {context.get('expected', context.get('pattern', 'others'))}"
    if kind == "value_error":
        return path, str(context["error"])
    if kind in _SENTENCES:
        return path, _SENTENCES[kind].format(**context)
    return path, detail["msg"]


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def _path(location: tuple[int | str, ...], given: Any) -> list[int | str]:
    """The part of a location that is really in the data (pydantic adds names of unions and validators), and a last
    field that is missing there.
    """
    path: list[int | str] = []
    for position, step in enumerate(location):
        last = position == len(location) - 1
        if isinstance(given, dict) and isinstance(step, str) and (step in given or (last and step != "[key]")):
            given = given.get(step)
            path.append(step)
        elif isinstance(given, list) and isinstance(step, int) and step < len(given):
            given = given[step]
            path.append(step)
    return path


def _fields(schema: dict[str, Any], path: list[int | str]) -> list[str]:
    """Names of the fields that a schema knows at a path."""
    nodes = list(_alternatives(schema, schema))
    for step in path:
        nodes = [
            alternative
            for node in nodes
            for child in _children(node, step)
            for alternative in _alternatives(child, schema)
        ]
    return sorted({name for node in nodes for name in node.get("properties", ())})


def _alternatives(node: dict[str, Any], schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "$ref" in node:
        yield from _alternatives(schema["$defs"][node["$ref"].rpartition("/")[2]], schema)
        return
    yield node
    for alternative in node.get("anyOf", []):
        yield from _alternatives(alternative, schema)


def _children(node: dict[str, Any], step: int | str) -> Iterator[dict[str, Any]]:
    if isinstance(step, int):
        candidates = [node.get("items")]
    else:
        by_pattern = node.get("patternProperties", {}).values()  # all keys of one object have the same
        candidates = [node.get("properties", {}).get(step), node.get("additionalProperties"), *by_pattern]
    yield from (child for child in candidates if isinstance(child, dict))
