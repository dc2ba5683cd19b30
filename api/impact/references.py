"""The questions by which impact is measured, as `references.toml` states them."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

FILE = Path(__file__).with_name("references.toml")


class _Stated(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    path: str
    body: dict[str, Any]
    fields: list[str] = Field(min_length=1)
    vary: dict[str, list[Any]] = {}
    scheme: str = ""


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    reference: list[_Stated]


@dataclass(frozen=True)
class Reference:
    """One question.

    Attributes:
        name: what is asked, for people; no other has it.
        path: of the calculator.
        said: what the address says where a part of it names a table.
        fields: pointers to the figures that are looked at, with * for any step.
    """

    name: str
    path: str
    said: str
    fields: tuple[str, ...]
    _body: Mapping[str, Any]

    def body(self, on: date) -> dict[str, Any]:
        """The request, on a day."""
        filled: dict[str, Any] = _on(self._body, on)
        return filled

    @property
    def is_dated(self) -> bool:
        """Whether it asks about the day of the comparison, and so never about today."""
        return self.body(date.min) != self.body(date.max)

    def looks_at(self, pointer: str) -> bool:
        """Whether a field of an answer is one of those that are looked at."""
        return any(re.fullmatch(_pattern(field), pointer) for field in self.fields)


@cache
def references() -> tuple[Reference, ...]:
    """Every question."""
    stated = _File.model_validate(tomllib.loads(FILE.read_text(encoding="utf-8"))).reference
    return tuple(each for entry in stated for each in _each(entry))


def _each(stated: _Stated) -> Iterator[Reference]:
    scheme = f" of {stated.scheme}" if stated.scheme else ""
    for values in product(*stated.vary.values()):
        varied = dict(zip(stated.vary, values, strict=True))
        name = " ".join([f"{stated.name}{scheme}", *(f"{key}={_text(value)}" for key, value in varied.items())])
        yield Reference(name, stated.path, stated.scheme, tuple(stated.fields), {**stated.body, **varied})


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "+".join(map(_text, value)) if isinstance(value, list) else str(value)


def _on(value: Any, on: date) -> Any:
    if isinstance(value, Mapping):
        return {key: _on(child, on) for key, child in value.items()}
    if isinstance(value, list):
        return [_on(child, on) for child in value]
    if value == "{year}":
        return on.year
    if isinstance(value, str):
        return value.replace("{day}", on.isoformat()).replace("{month}", on.isoformat()[: len("YYYY-MM")])
    return value


def _pattern(field: str) -> str:
    return re.escape(field).replace(r"\*", "[^/]+")
