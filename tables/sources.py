"""The source documents, the places in them that may be cited, and the mistakes known in them."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from tables.errors import CorruptTable

_DATA = Path(__file__).parent / "data"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Source(_Strict):
    """A source document. `places` are its sections, tables and appendices as citations name them."""

    short_name: str
    title: str
    authors: str
    year: int
    places: frozenset[str] = Field(strict=False)


class Erratum(_Strict):
    """A mistake in a source.

    Attributes:
        code: `suan-2009-e1`.
        source: short name.
        where: a citation's place in it.
        printed: what it says.
        correct: what it should say, or how it was recomputed.
        effect: what depends on it.
        role, published, corrected: the tables that hold both readings, where there are two.
    """

    code: str
    source: str
    where: str
    printed: str
    correct: str
    effect: str
    role: str | None = None
    published: str | None = None
    corrected: str | None = None


@cache
def sources() -> dict[str, Source]:
    """Source documents by short name."""
    return {entry["short_name"]: Source(**entry) for entry in _read("sources.toml")["source"]}


@cache
def errata() -> dict[str, Erratum]:
    """Known mistakes by code."""
    return {entry["code"]: Erratum(**entry) for entry in _read("errata.toml")["erratum"]}


def resolve_citation(citation: str) -> tuple[Source, tuple[str, ...]]:
    """The source and places that a citation such as `suan-2009 Tables 3-7` names.

    Raises: CorruptTable, when the source or a place in it is not known.
    """
    short_name, _, place = citation.partition(" ")
    source = sources().get(short_name)
    if source is None:
        raise CorruptTable(f"citation {citation!r} names no known source")
    places = tuple(_expand(place))
    unknown = [name for name in places if name not in source.places]
    if unknown or not places:
        raise CorruptTable(f"citation {citation!r} names no known place of {short_name}")
    return source, places


def _expand(place: str) -> list[str]:
    if not place.startswith("Tables "):
        return [place]
    first, _, last = place.removeprefix("Tables ").partition("-")
    return [f"Table {number}" for number in range(int(first), int(last) + 1)]


def _read(name: str) -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((_DATA / name).read_text(encoding="utf-8"))
