"""Fields of a request of which exactly one is given: the check, and how the contract says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticCustomError

AMOUNT = ("string", "number")
"""The JSON types of a decimal."""


@dataclass(frozen=True)
class Choice:
    """One field of the two.

    Attributes:
        field: its name.
        types: the JSON types that it may have.
        beside: by name, the JSON types of what must be given beside it.
    """

    field: str
    types: str | tuple[str, ...]
    beside: Mapping[str, str | tuple[str, ...]] | None = None

    def given(self) -> dict[str, Any]:
        """A schema that holds where the field is given, with what must be beside it."""
        types = {self.field: self.types, **(self.beside or {})}
        properties = {name: {"type": list(each) if isinstance(each, tuple) else each} for name, each in types.items()}
        return {"required": list(types), "properties": properties}


@dataclass(frozen=True)
class ExactlyOne:
    """Two fields, of which a request gives one; null is not given.

    Attributes:
        first, second: the fields.
        not_with_second: names of further fields that are not given beside the second.
    """

    first: Choice
    second: Choice
    not_with_second: tuple[str, ...] = ()

    def schema(self) -> dict[str, Any]:
        """The rule in JSON Schema, for `json_schema_extra`."""
        other = self.second.given()
        other["properties"] |= {name: {"type": "null"} for name in self.not_with_second}
        return {
            "if": self.first.given(),
            "then": {"properties": {self.second.field: {"type": "null"}}},
            "else": other,
        }

    def check(self, request: BaseModel) -> None:
        """Raises: PydanticCustomError, where both are given, or neither."""
        first, second = self.first.field, self.second.field
        if (getattr(request, first) is None) == (getattr(request, second) is None):
            raise PydanticCustomError("exactly_one", f"needs exactly one of {first} and {second}")


def both(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Two rules as one, for `json_schema_extra`: the second holds whichever way the first goes.

    `allOf` would say the same, but generators of clients take it for inheritance, and one of them ends there.

    Args: rules of `if`, `then` and `else`; neither way of the first has an `if` of its own.
    """
    return {**first, **{way: {**first.get(way, {}), **second} for way in ("then", "else")}}
