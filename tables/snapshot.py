"""The immutable picture of all tables that every answer is computed from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

import orjson
from pydantic import ValidationError

from tables.canonical import canonical_json, sha256
from tables.errors import CorruptTable
from tables.kinds import KINDS
from tables.numbers import parse_json

Status = Literal["draft", "published", "withdrawn"]


@dataclass(frozen=True)
class Version:
    """One version of a table, hash-checked and validated.

    Attributes:
        table, number, kind: what it is a version of.
        content: canonical JSON.
        sha256: of `content`.
        effective_from, effective_to: half-open validity; no end when `effective_to` is None.
        published_at, withdrawn_at: instants, or None.
        author, publisher: who wrote and who published it.
        provenance: where its cells come from, who checked them.
        assumptions: the content as the frozen dataclass that formulas take.
    """

    table: str
    number: int
    kind: str
    content: bytes
    sha256: str
    effective_from: date
    effective_to: date | None
    published_at: datetime | None
    withdrawn_at: datetime | None
    author: str
    publisher: str | None
    provenance: tuple[Mapping[str, str], ...]
    assumptions: Any

    @property
    def name(self) -> str:
        """`mba-packages@1`."""
        return f"{self.table}@{self.number}"

    @property
    def status(self) -> Status:
        """Where it stands in its life."""
        if self.published_at is None:
            return "draft"
        return "published" if self.withdrawn_at is None else "withdrawn"

    def covers(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.effective_from <= on and (self.effective_to is None or on < self.effective_to)

    def precedence(self) -> tuple[bool, datetime, int]:
        """Of several that cover a date the greatest holds: the one published last."""
        return self.published_at is not None, self.published_at or datetime.min.replace(tzinfo=UTC), self.number

    def known(self, known_at: datetime | None) -> bool:
        """Whether it was published by an instant (None: by now), withdrawn since or not."""
        return self.published_at is not None and (known_at is None or self.published_at <= known_at)

    def standing(self, known_at: datetime | None) -> bool:
        """Whether it was published and not withdrawn at an instant (None: now)."""
        if not self.known(known_at):
            return False
        return self.withdrawn_at is None or (known_at is not None and known_at < self.withdrawn_at)


@dataclass(frozen=True)
class Table:
    """A named table with its versions in ascending order."""

    name: str
    kind: str
    title: str
    versions: tuple[Version, ...]

    def version(self, number: int) -> Version | None:
        """A version by number."""
        return next((version for version in self.versions if version.number == number), None)


@dataclass(frozen=True)
class Snapshot:
    """All tables by name."""

    tables: Mapping[str, Table]

    def of_kind(self, kind: str) -> tuple[str, ...]:
        """Names of the tables of a kind."""
        return tuple(sorted(name for name, table in self.tables.items() if table.kind == kind))


def canonical_content(kind: str, content: Any) -> tuple[bytes, Any]:
    """Validate content; its canonical JSON and its assumptions.

    Args:
        kind: one of `KINDS`.
        content: parsed JSON or TOML, decimals as strings.
    Raises: pydantic.ValidationError.
    """
    model = KINDS[kind].model_validate(content)
    return canonical_json(model.model_dump(exclude_unset=True)), model.assumptions()


def checked_version(*, kind: str, content: bytes, stated_sha256: str, **fields: Any) -> Version:
    """A version from stored text, if the text is what its hash says and valid content of its kind.

    Raises: CorruptTable.
    """
    name = f"{fields['table']}@{fields['number']}"
    if sha256(content) != stated_sha256:
        raise CorruptTable(f"{name}: the content's SHA-256 is {sha256(content)}, stated is {stated_sha256}")
    if kind not in KINDS:
        raise CorruptTable(f"{name}: unknown kind {kind}")
    try:
        _, assumptions = canonical_content(kind, parse_json(content))
    except (ValueError, ValidationError) as error:
        raise CorruptTable(f"{name}: the content is not valid: {error}") from error
    return Version(kind=kind, content=content, sha256=stated_sha256, assumptions=assumptions, **fields)


def provenance_from_json(text: str) -> tuple[Mapping[str, str], ...]:
    """Provenance as it is stored."""
    return tuple(orjson.loads(text))


def snapshot(tables: Iterable[Table]) -> Snapshot:
    """A snapshot of these tables."""
    return Snapshot({table.name: table for table in sorted(tables, key=lambda table: table.name)})
