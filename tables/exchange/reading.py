"""A version from files: what is read is what may become a draft; who has published it elsewhere does not count."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pricing.fractional_ages import ASSUMPTIONS, UNIFORM
from tables.canonical import sha256
from tables.errors import CorruptTable
from tables.exchange import columns
from tables.exchange.expansion import expanded
from tables.exchange.stated import Read
from tables.kinds import KINDS
from tables.numbers import parse_json
from tables.shipped import Provenance, read_column
from tables.snapshot import canonical_content
from tables.validation import reasons

LIFE_TABLE = "life_table"
SURVIVORS = "survivors"
FRACTIONAL_AGE = "fractional_age_assumption"


class NotReadable(Exception):
    """Files that hold no version, with what would be right."""


class _Stated(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sha256: str | None = None
    effective_from: date
    effective_to: date | None = None
    published_at: datetime | None = None
    withdrawn_at: datetime | None = None
    author: str | None = None
    publisher: str | None = None
    provenance: list[Provenance] = Field(min_length=1)
    columns: dict[str, str] = {}
    content: dict[str, Any]


class _Head(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: str
    title: str


class _Whole(_Stated, _Head):
    name: str
    version: int | None = None


def read(path: Path) -> Read:
    """A version from a folder as tables ship in (its newest version), from one of its files, or from JSON.

    Raises: NotReadable.
    """
    try:
        if path.is_dir():
            numbered = [file for file in path.glob("*.toml") if file.stem.isdecimal()]
            if not numbered:
                raise NotReadable(f"{path} has no version: a file 1.toml, 2.toml or so on.")
            path = max(numbered, key=lambda file: int(file.stem))
        return _json(path) if path.suffix == ".json" else _toml(path)
    except OSError as error:
        raise NotReadable(f"{error.filename or path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise NotReadable(f"{path} is not UTF-8 text.") from None


def _json(file: Path) -> Read:
    try:
        document = parse_json(file.read_bytes())
    except ValueError as error:
        raise NotReadable(f"{file} is not JSON as it should be: {error}.") from None
    whole = _held(_Whole, document, file)
    return _read(whole.name, whole, whole, whole.content)


def _toml(file: Path) -> Read:
    head_file = file.with_name("table.toml")
    stated = _held(_Stated, _parsed(file), file)
    if not head_file.exists():
        raise NotReadable(f"{head_file} is not there: it says the table's kind and title.")
    content = dict(stated.content)
    for column, beside in stated.columns.items():
        try:
            content[column] = read_column(file.parent / beside)
        except (CorruptTable, ValueError, StopIteration) as error:
            said = str(error) or "it has no heading"
            raise NotReadable(f"{beside} is no column of a key and a value a row: {said}.") from None
    return _read(file.absolute().parent.name, _held(_Head, _parsed(head_file), head_file), stated, content)


def _parsed(file: Path) -> Any:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise NotReadable(f"{file} is not TOML as it should be: {error}.") from None


def _held(model: Callable[..., Any], document: Any, file: Path) -> Any:
    held: Any = model
    try:
        return held.model_validate(document)
    except ValidationError as error:
        said = "; ".join(f"{where or 'the file'} {sentence}" for where, sentence in reasons(error, document, held))
        raise NotReadable(f"{file}: {said}.") from None


def _read(name: str, head: _Head, stated: _Stated, content: dict[str, Any]) -> Read:
    provenance = tuple(entry.model_dump(exclude_none=True) for entry in stated.provenance)
    validity = (stated.effective_from, stated.effective_to)
    return Read(name, head.kind, head.title, content, *validity, provenance, stated.sha256)


def with_columns(version: Read, file: Path) -> Read:
    """A version with the columns of a CSV file in place of its own. Raises: NotReadable."""
    try:
        found = columns.read(version.kind, file.read_text(encoding="utf-8"))
    except OSError as error:
        raise NotReadable(f"{error.filename or file} cannot be read: {error.strerror}.") from None
    except (UnicodeDecodeError, columns.NotColumns) as error:
        said = "is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)
        raise NotReadable(f"{file} {said}.") from None
    content = {**version.content, **found}
    if version.kind == LIFE_TABLE:
        content.pop(FRACTIONAL_AGE, None)  # that of the version before says nothing of these ages
    return replace(version, content=content, sha256=None)


def with_fractional_ages(version: Read, assumption: str | None) -> Read:
    """A version whose life table says what holds between its ages.

    Uniform deaths stay as they are, abridged: answers interpolate them exactly. By another assumption the table gets
    every age. A table with every age needs none.

    Args:
        version: what was read.
        assumption: one of `pricing.fractional_ages.ASSUMPTIONS`, or None where the user has stated none.
    Raises: NotReadable, where an abridged table has none stated, neither in the file nor by the user.
    """
    if version.kind != LIFE_TABLE:
        if assumption is not None:
            raise NotReadable(f"A fractional-age assumption is for a life_table; {version.name} is a {version.kind}.")
        return version
    survivors = version.content.get(SURVIVORS)
    ages = sorted(int(age) for age in survivors if age.isdecimal()) if isinstance(survivors, dict) else []
    is_abridged = any(after - age > 1 for age, after in pairwise(ages))
    stated = version.content.get(FRACTIONAL_AGE)
    if assumption is None and stated is None and is_abridged:
        raise NotReadable(
            "The life table has gaps between its ages, and nothing says how people die in between. State it: "
            f"--fractional-age {' or '.join(ASSUMPTIONS)}. There is no default."
        )
    content = {**version.content, FRACTIONAL_AGE: stated or UNIFORM}
    if assumption is None or not is_abridged:
        return replace(version, content=content)
    content[FRACTIONAL_AGE] = UNIFORM  # which is what the formulas hold between two ages that are left
    if assumption == UNIFORM:
        return replace(version, content=content)
    return expanded(replace(version, content=content, sha256=None), SURVIVORS, assumption)


def checked(version: Read) -> Read:
    """A version whose content is valid and has the hash that it states. Raises: NotReadable."""
    if version.kind not in KINDS:
        raise NotReadable(f"{version.name} is of no known kind. Kinds: {', '.join(KINDS)}.")
    try:
        text, _ = canonical_content(version.kind, version.content)
    except ValidationError as error:
        found = reasons(error, version.content, KINDS[version.kind])
        said = "; ".join(f"{where or 'the content'} {sentence}" for where, sentence in found)
        raise NotReadable(f"The content is not valid: {said}.") from None
    if version.sha256 not in (None, sha256(text)):
        raise NotReadable(
            f"The file states sha256 {version.sha256}, but its content has {sha256(text)}. If you have changed it on "
            "purpose, take the line sha256 out."
        )
    return version
