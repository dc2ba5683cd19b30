"""Every way in which a table can be refused. Each says what would work."""

from dataclasses import dataclass
from datetime import date

from pricing.errors import DomainError


@dataclass(eq=False)
class TableUnknown(DomainError):
    """A pin names a table that is not there."""

    role: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"tables.{self.role} names a table that does not exist. Tables for this role: {', '.join(self.known)}."


@dataclass(eq=False)
class VersionUnknown(DomainError):
    """A pin names a version that is not there, or that was not published yet at `known_at`."""

    role: str
    table: str
    known: tuple[int, ...]

    def __str__(self) -> str:
        if not self.known:
            return f"tables.{self.role}: no version of {self.table} was published then. Send a later known_at."
        versions = ", ".join(f"{self.table}@{version}" for version in self.known)
        return (
            f"tables.{self.role} names a version of {self.table} that does not exist, or not yet at known_at. "
            f"Versions to choose from: {versions}."
        )


@dataclass(eq=False)
class DraftPinned(DomainError):
    """A pin names a version that is still a draft."""

    role: str
    version: str

    def __str__(self) -> str:
        return f"tables.{self.role}: {self.version} is a draft, and drafts cannot be used. Pin a published version."


@dataclass(eq=False)
class WrongKind(DomainError):
    """A pin names a table that cannot play this role."""

    role: str
    table: str
    kind: str
    suitable: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"tables.{self.role}: {self.table} is a {self.kind} table. "
            f"Tables that can play this role: {', '.join(self.suitable)}."
        )


@dataclass(eq=False)
class NoCoverage(DomainError):
    """No version was in force, or known, at the date. `nearest` are the closest dates that have one."""

    role: str
    tables: tuple[str, ...]
    on: date
    nearest: tuple[date, ...]

    def __str__(self) -> str:
        where = f"No version of {' or '.join(self.tables)} ({self.role}) is in force on {self.on.isoformat()}"
        if not self.nearest:
            return f"{where}: none stands as published then. Send another known_at, or pin a version."
        dates = " and ".join(day.isoformat() for day in self.nearest)
        return (
            f"{where}; the nearest covered date is {dates}. Send another as_of, or pin a version in tables.{self.role}."
        )


@dataclass(eq=False)
class OverrideInvalid(DomainError):
    """An override that cannot be merged, or whose result is no valid content."""

    role: str
    reasons: tuple[tuple[str, str], ...]
    """JSON pointers within the override, each with what is wrong there."""

    def __str__(self) -> str:
        reasons = "; ".join(f"{pointer or 'the override'} {detail}" for pointer, detail in self.reasons)
        return f"overrides.{self.role} does not give a valid table: {reasons}."


class CorruptTable(Exception):
    """Stored or shipped content that does not match its own hash, or is not valid: the service must not use it."""
