"""The immutable picture of all tables that every answer is computed from."""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cached_property
from heapq import heappop, heappush
from typing import Any, Literal

import orjson
from pydantic import ValidationError

from tables.canonical import canonical_json, sha256
from tables.errors import CorruptTable
from tables.kinds import KINDS
from tables.numbers import parse_json

Status = Literal["draft", "published", "withdrawn"]


Parsed = Mapping[tuple[str, str], Any]
"""Assumptions by the kind and the hash of the content that they were made from."""


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

    def __reduce__(self) -> tuple[Any, ...]:
        """What another process makes the version from: its text, checked and validated there again."""
        stated = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "assumptions"}
        return _restored, (stated,)

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

    def precedence(self) -> tuple[datetime, int]:
        """Of several that are published and cover a date the greatest holds: the one published last."""
        assert self.published_at is not None  # noqa: S101  (a draft is never a candidate)
        return self.published_at, self.number

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
    """A named table with its versions in ascending order, and the numbers of its drafts, of which it says no more."""

    name: str
    kind: str
    title: str
    versions: tuple[Version, ...]
    drafts: frozenset[int] = frozenset()

    def version(self, number: int) -> Version | None:
        """A version by number."""
        return self._by_number.get(number)

    def held(self, on: date) -> Version | None:
        """The version that holds on a day by what is known now; found as fast among thousands as among two."""
        days, holding = self._timeline
        place = bisect_right(days, on)
        return holding[place - 1] if place else None

    @cached_property
    def _by_number(self) -> Mapping[int, Version]:
        return {version.number: version for version in self.versions}

    @cached_property
    def _timeline(self) -> tuple[Sequence[date], Sequence[Version | None]]:
        """The days on which what holds may change, and what holds from each on."""
        ranked = sorted((each for each in self.versions if each.standing(None)), key=Version.precedence, reverse=True)
        coming = deque(sorted(range(len(ranked)), key=lambda rank: ranked[rank].effective_from))
        ends = {each.effective_to for each in ranked if each.effective_to is not None}
        days = sorted({each.effective_from for each in ranked} | ends)
        begun: list[int] = []
        holding: list[Version | None] = []
        for day in days:
            while coming and ranked[coming[0]].effective_from <= day:
                heappush(begun, coming.popleft())
            while begun and not ranked[begun[0]].covers(day):
                heappop(begun)
            holding.append(ranked[begun[0]] if begun else None)
        return days, holding


@dataclass(frozen=True)
class Snapshot:
    """All tables by name, as they stood at a revision of their store."""

    tables: Mapping[str, Table]
    revision: int = 0

    def only(self, names: Iterable[str]) -> "Snapshot":
        """These of the tables, as far as they exist."""
        return Snapshot({name: self.tables[name] for name in sorted(set(names)) if name in self.tables})

    def parsed(self) -> Parsed:
        """What a later snapshot need not parse again."""
        versions = (version for table in self.tables.values() for version in table.versions)
        return {(version.kind, version.sha256): version.assumptions for version in versions}

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


def checked_version(
    *, kind: str, content: bytes, stated_sha256: str, parsed: Parsed | None = None, **fields: Any
) -> Version:
    """A version from stored text, if the text is what its hash says and valid content of its kind.

    Args: its fields; what has been parsed before.
    Raises: CorruptTable.
    """
    name = f"{fields['table']}@{fields['number']}"
    if sha256(content) != stated_sha256:
        raise CorruptTable(f"{name}: the content's SHA-256 is {sha256(content)}, stated is {stated_sha256}")
    if kind not in KINDS:
        raise CorruptTable(f"{name}: unknown kind {kind}")
    assumptions = None if parsed is None else parsed.get((kind, stated_sha256))
    if assumptions is None:
        try:
            _, assumptions = canonical_content(kind, parse_json(content))
        except (ValueError, ValidationError) as error:
            raise CorruptTable(f"{name}: the content is not valid: {error}") from error
    return Version(kind=kind, content=content, sha256=stated_sha256, assumptions=assumptions, **fields)


def _restored(stated: dict[str, Any]) -> Version:
    return checked_version(stated_sha256=stated.pop("sha256"), **stated)


def provenance_from_json(text: str) -> tuple[Mapping[str, str], ...]:
    """Provenance as it is stored."""
    return tuple(orjson.loads(text))


def snapshot(tables: Iterable[Table], revision: int = 0) -> Snapshot:
    """A snapshot of these tables."""
    return Snapshot({table.name: table for table in sorted(tables, key=lambda table: table.name)}, revision)
