"""Which version of which table a request is answered from. Stated once, here.

At a date, the version whose validity covers it; of several, the one published last. `known_at` hides what was published
later; a withdrawn version stays visible to an earlier `known_at` and to exact pins. Nothing is extrapolated.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tables.errors import DraftPinned, NoCoverage, TableUnknown, VersionUnknown, WrongKind
from tables.kinds import DEFAULT_TABLES
from tables.overrides import overridden
from tables.snapshot import Snapshot, Table, Version

Pin = str | tuple[str, ...]


@dataclass(frozen=True)
class Resolved:
    """The tables of one answer, by role.

    Attributes:
        versions: the version that plays each role.
        assumptions: what the formulas take; the merged content where a role is overridden.
        override_sha256: of the merged content, by role, where there is an override.
    """

    versions: Mapping[str, Version]
    assumptions: Mapping[str, Any]
    override_sha256: Mapping[str, str]

    @property
    def content_sha256(self) -> tuple[str, ...]:
        """Hashes of the contents computed from, sorted."""
        hashes = {role: version.sha256 for role, version in self.versions.items()}
        return tuple(sorted({**hashes, **self.override_sha256}.values()))


def resolve(
    snapshot: Snapshot,
    roles: Iterable[str],
    on: date,
    known_at: datetime | None = None,
    pins: Mapping[str, Pin] | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Resolved:
    """Find the version for each role, and merge the overrides.

    Args:
        snapshot: all tables.
        roles: the roles that a calculator needs.
        on: the date of the question.
        known_at: hide what was published after this instant; None hides nothing published.
        pins: by role, `name@3`, `name`, or several `name@n` of which the date chooses; a role without a default
            table has one.
        overrides: by role, a merge patch.
    Raises: TableUnknown, VersionUnknown, DraftPinned, WrongKind, NoCoverage, OverrideInvalid.
    """
    pins, overrides = pins or {}, overrides or {}
    versions = {
        role: resolve_role(snapshot, role, pins[role] if role in pins else DEFAULT_TABLES[role], on, known_at)
        for role in roles
    }
    assumptions = {role: version.assumptions for role, version in versions.items()}
    override_sha256 = {}
    for role, patch in overrides.items():
        override_sha256[role], assumptions[role] = overridden(role, versions[role], patch)
    return Resolved(versions, assumptions, override_sha256)


def resolve_role(snapshot: Snapshot, role: str, pin: Pin, on: date, known_at: datetime | None) -> Version:
    """The version that plays one role. Raises as `resolve`."""
    if isinstance(pin, tuple):
        candidates = [_exact(snapshot, role, name, known_at) for name in pin]
    elif "@" in pin:
        return _exact(snapshot, role, pin, known_at)
    else:
        table = _table(snapshot, role, pin)
        held = table.held(on) if known_at is None else None
        if held is not None:
            return held
        candidates = [version for version in table.versions if version.standing(known_at)]
        pin = (pin,)
    covering = [version for version in candidates if version.covers(on)]
    if not covering:
        raise NoCoverage(role, pin, on, _nearest(candidates, on))
    return max(covering, key=Version.precedence)


def _table(snapshot: Snapshot, role: str, name: str) -> Table:
    table = snapshot.tables.get(name)
    if table is None:
        raise TableUnknown(role, snapshot.of_kind(role))
    if table.kind != role:
        raise WrongKind(role, name, table.kind, snapshot.of_kind(role))
    return table


def _exact(snapshot: Snapshot, role: str, pin: str, known_at: datetime | None) -> Version:
    name, _, number = pin.partition("@")
    table = _table(snapshot, role, name)
    if int(number) in table.drafts:
        raise DraftPinned(role, pin)
    version = table.version(int(number))
    if version is None or not version.known(known_at):
        raise VersionUnknown(role, name, tuple(each.number for each in table.versions if each.known(known_at)))
    return version


def _nearest(versions: Sequence[Version], on: date) -> tuple[date, ...]:
    """The last covered day before a date and the first after it, as far as there are any."""
    day = timedelta(days=1)
    before = [v.effective_to - day for v in versions if v.effective_to is not None and v.effective_to <= on]
    after = [v.effective_from for v in versions if v.effective_from > on]
    return (*((max(before),) if before else ()), *((min(after),) if after else ()))
