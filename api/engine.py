"""The snapshot that answers are computed from, and everything that depends on its tables alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from threading import RLock
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import orjson

from pricing import __version__
from tables.resolution import Pin, Resolved, resolve
from tables.snapshot import Snapshot, Version

ENGINE_VERSION = __version__
_PHNOM_PENH = ZoneInfo("Asia/Phnom_Penh")
_RESOLUTIONS = 1024
_TABLE_SETS = 64
_RESULTS = 4096

T = TypeVar("T")


def today() -> date:
    """Today in Cambodia: the only clock reading, and only where a request gives no date."""
    return datetime.now(_PHNOM_PENH).date()


@dataclass(frozen=True)
class Basis:
    """Resolved tables with what was computed from them alone.

    Attributes:
        as_of: the date of the question.
        resolved: the versions and their assumptions.
        receipt: the part of the receipt that does not depend on the request's own fields, each value as JSON.
        identity: date, hashes of the contents (sorted) and engine version, one a line.
        memo: results that depend on the tables alone, or None where nothing may be kept.
        later: what is in force on a later day, where the question has one.
    """

    as_of: date
    resolved: Resolved
    receipt: Mapping[str, orjson.Fragment]
    identity: str
    memo: dict[Any, Any] | None = field(compare=False)
    later: Resolved | None = None

    @property
    def assumptions(self) -> Mapping[str, Any]:
        """Assumptions by role."""
        return self.resolved.assumptions

    @property
    def versions(self) -> tuple[Version, ...]:
        """Every version that is used."""
        each = (self.resolved,) if self.later is None else (self.resolved, self.later)
        return tuple(version for used in each for version in used.versions.values())

    def once(self, key: Any, compute: Callable[[], T]) -> T:
        """A result that depends on the tables and `key` alone, computed once per set of table contents."""
        if self.memo is None:
            return compute()
        try:
            found: T = self.memo[key]
        except KeyError:
            if len(self.memo) >= _RESULTS:
                del self.memo[next(iter(self.memo))]
            found = self.memo[key] = compute()
        return found

    def assumptions_later(self, role: str) -> Any:
        """Assumptions of a role on the question's later day; where it has none, on its day."""
        return (self.resolved if self.later is None else self.later).assumptions[role]

    def without_memo(self) -> "Basis":
        """The same tables, everything computed afresh: for an explanation."""
        return replace(self, memo=None)


class Engine:
    """One snapshot, with bounded caches of resolutions and of results by set of table contents."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Args: the snapshot; it never changes, another one gets another engine."""
        self.snapshot = snapshot
        self._resolved = lru_cache(_RESOLUTIONS)(self._resolve)
        self._memo = lru_cache(_TABLE_SETS)(_new_memo)
        self._once: dict[Any, Any] = {}
        self._computing = RLock()

    def once(self, key: Any, compute: Callable[[], T]) -> T:
        """What depends on the snapshot alone, computed once; who asks meanwhile waits for it."""
        with self._computing:
            if key not in self._once:
                self._once[key] = compute()
            found: T = self._once[key]
            return found

    def basis(
        self,
        roles: tuple[str, ...],
        on: date,
        known_at: datetime | None,
        pins: tuple[tuple[str, Pin], ...],
        overrides: Mapping[str, Any],
    ) -> Basis:
        """The tables of one answer. Raises what `tables.resolution.resolve` raises."""
        if not overrides:
            return self._resolved(roles, on, known_at, pins)
        resolved = resolve(self.snapshot, roles, on, known_at, dict(pins), overrides)
        return _basis(resolved, on, known_at, None)

    def with_later(
        self,
        basis: Basis,
        roles: tuple[str, ...],
        on: date,
        known_at: datetime | None,
        pins: tuple[tuple[str, Pin], ...],
        overrides: Mapping[str, Any],
    ) -> Basis:
        """The same with the tables of some of its roles on a later day beside them. Raises as `basis`."""
        stated = {role: patch for role, patch in overrides.items() if role in roles}
        later = resolve(self.snapshot, roles, on, known_at, dict(pins), stated)
        return _basis(basis.resolved, basis.as_of, known_at, None, later)

    def _resolve(
        self, roles: tuple[str, ...], on: date, known_at: datetime | None, pins: tuple[tuple[str, Pin], ...]
    ) -> Basis:
        resolved = resolve(self.snapshot, roles, on, known_at, dict(pins))
        contents = tuple((role, resolved.versions[role].sha256) for role in roles)
        return _basis(resolved, on, known_at, self._memo(contents))


def _basis(
    resolved: Resolved,
    on: date,
    known_at: datetime | None,
    memo: dict[Any, Any] | None,
    later: Resolved | None = None,
) -> Basis:
    each = (resolved,) if later is None else (resolved, later)
    hashes = sorted({sha256 for used in each for sha256 in used.content_sha256})
    identity = "\n".join((on.isoformat(), *hashes, ENGINE_VERSION))
    return Basis(on, resolved, _receipt(each, on, known_at), identity, memo, later)


def worker_basis(as_of: date, assumptions: Mapping[str, Any], *, keep: bool) -> Basis:
    """Assumptions alone, as a worker process is given them; what depends on them may be kept for its one question."""
    return Basis(as_of, Resolved({}, assumptions, {}), {}, "", {} if keep else None)


def _new_memo(_contents: tuple[tuple[str, str], ...]) -> dict[Any, Any]:
    return {}


def _receipt(each: tuple[Resolved, ...], on: date, known_at: datetime | None) -> dict[str, orjson.Fragment]:
    details: dict[str, dict[str, Any]] = {}
    tables: dict[str, list[str]] = {}
    for resolved in each:
        for role, version in resolved.versions.items():
            details[version.name] = {
                "sha256": version.sha256,
                "effective_from": version.effective_from,
                "effective_to": version.effective_to,
            }
            if role in resolved.override_sha256:
                details[version.name]["override_sha256"] = resolved.override_sha256[role]
            names = tables.setdefault(role, [])
            if version.name not in names:
                names.append(version.name)
    receipt = {
        "engine": ENGINE_VERSION,
        "as_of": on,
        "known_at": known_at and instant_text(known_at),
        "tables": {role: names[0] if len(names) == 1 else names for role, names in tables.items()},
        "table_details": details,
    }
    return as_json(receipt)


def as_json(fields: Mapping[str, Any]) -> dict[str, orjson.Fragment]:
    """Fields whose values are serialised already, to be put into answers as they are."""
    return {name: orjson.Fragment(orjson.dumps(value)) for name, value in fields.items()}


def instant_text(instant: datetime) -> str:
    """An instant as it stands in answers: RFC 3339, UTC, `Z`."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
