"""The tables that ship with the service: one folder a table, one file a version, everything about it in the file.

    tables/data/<name>/table.toml   kind, title
    tables/data/<name>/<n>.toml     sha256, validity, publication, provenance, content
    tables/data/<name>/<n>.<column>.csv   a long column of the content, `key,value` under a header

Nothing is taken from a clock, so every replica seeds the same store.
"""

import csv
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from tables.canonical import canonical_json, sha256
from tables.errors import CorruptTable
from tables.kinds import KINDS
from tables.models import AssumptionTable, AssumptionVersion
from tables.names import NAME_RULE, is_name
from tables.snapshot import canonical_content
from tables.sources import resolve_citation
from tables.validation import reasons

DATA = Path(__file__).parent / "data"


FileT = TypeVar("FileT", bound="_Strict")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Provenance(_Strict):
    """Where some cells come from.

    `cells` is a JSON pointer into the content; `checked_by` says how the transcription was checked.
    """

    cells: str = Field(pattern=r"^(/[^/]+)*$")
    source: str
    place: str
    units: str
    checked_by: str
    remark: str | None = None


class _VersionFile(_Strict):
    sha256: str
    effective_from: date
    effective_to: date | None = None
    published_at: AwareDatetime
    withdrawn_at: AwareDatetime | None = None
    author: str
    publisher: str
    provenance: list[Provenance] = Field(min_length=1)
    columns: dict[str, str] = {}
    content: dict[str, Any]


class _TableFile(_Strict):
    kind: str
    title: str


@dataclass(frozen=True)
class ShippedTable:
    """A table as it ships: rows for the store."""

    table: AssumptionTable
    versions: tuple[AssumptionVersion, ...]


def shipped_tables(data: Path = DATA) -> tuple[ShippedTable, ...]:
    """Every shipped table, checked against its own stated hashes.

    Raises: CorruptTable, naming the file.
    """
    return tuple(_read_table_or_raise(folder) for folder in sorted(data.iterdir()) if folder.is_dir())


@cache
def shipped_contents() -> frozenset[str]:
    """Hashes of the content of every shipped version. Raises as `shipped_tables`."""
    return frozenset(version.sha256 for table in shipped_tables() for version in table.versions)


def _read_table_or_raise(folder: Path) -> ShippedTable:
    try:
        return _read_table(folder)
    except (OSError, LookupError, ValueError, RuntimeError) as error:
        raise CorruptTable(f"{folder}: cannot be read: {error}") from error


def _read_table(folder: Path) -> ShippedTable:
    if not is_name(folder.name):
        raise CorruptTable(f"{folder}: {NAME_RULE}")
    head = _parse(_TableFile, folder / "table.toml")
    if head.kind not in KINDS:
        raise CorruptTable(f"{folder / 'table.toml'}: kind must be one of {', '.join(KINDS)}")
    files = sorted((file for file in folder.glob("*.toml") if file.stem.isdigit()), key=lambda file: int(file.stem))
    versions = tuple(_read_version(folder.name, head.kind, file) for file in files)
    return ShippedTable(AssumptionTable(name=folder.name, kind=head.kind, title=head.title), versions)


def _read_version(name: str, kind: str, file: Path) -> AssumptionVersion:
    stated = _parse(_VersionFile, file)
    content = dict(stated.content)
    for column, column_file in stated.columns.items():
        content[column] = read_column(file.parent / column_file)
    try:
        text, _ = canonical_content(kind, content)
    except ValidationError as error:
        raise CorruptTable(f"{file}: {_sentences(error, content, KINDS[kind], '/content')}") from error
    if sha256(text) != stated.sha256:
        raise CorruptTable(f"{file}: states sha256 {stated.sha256}, but its content has {sha256(text)}")
    for entry in stated.provenance:
        try:
            resolve_citation(f"{entry.source} {entry.place}")
        except CorruptTable as error:
            raise CorruptTable(f"{file}: {error}") from error
    return AssumptionVersion(
        table_name=name,
        number=int(file.stem),
        content=text.decode(),
        sha256=stated.sha256,
        effective_from=stated.effective_from,
        effective_to=stated.effective_to,
        published_at=stated.published_at,
        withdrawn_at=stated.withdrawn_at,
        author=stated.author,
        publisher=stated.publisher,
        provenance=canonical_json([entry.model_dump(exclude_none=True) for entry in stated.provenance]).decode(),
    )


def read_column(file: Path) -> dict[str, str]:
    """A long column of a content. Raises: CorruptTable, where a key stands twice."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        column = {}
        for key, value in rows:
            if key in column:
                stated = file.with_suffix("").with_suffix(".toml")
                raise CorruptTable(f"{stated}: {file.name} has {key} twice")
            column[key] = value
        return column


def _parse(model: type[FileT], file: Path) -> FileT:
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise CorruptTable(f"{file}: {error}") from error
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise CorruptTable(f"{file}: {_sentences(error, given, model)}") from error


def _sentences(error: ValidationError, given: Any, model: type[BaseModel], within: str = "") -> str:
    """What is wrong with a file, each sentence after a pointer to the place."""
    return "; ".join(f"{within}{place} {detail}".strip() for place, detail in reasons(error, given, model))
