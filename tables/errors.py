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
        return f"{self.role} is pinned to a table that does not exist. Tables for this role: {', '.join(self.known)}."


@dataclass(eq=False)
class VersionUnknown(DomainError):
    """A pin names a version that is not there, or that was not published yet at `known_at`."""

    role: str
    table: str
    known: tuple[int, ...]

    def __str__(self) -> str:
        if not self.known:
            return f"{self.role}: no version of {self.table} was published then. Send a later known_at."
        versions = ", ".join(f"{self.table}@{version}" for version in self.known)
        return (
            f"{self.role} is pinned to a version of {self.table} that does not exist, or not yet at known_at. "
            f"Versions to choose from: {versions}."
        )


@dataclass(eq=False)
class DraftPinned(DomainError):
    """A pin names a version that is still a draft."""

    role: str
    version: str

    def __str__(self) -> str:
        return f"{self.role}: {self.version} is a draft, and drafts cannot be used. Pin a published version."


@dataclass(eq=False)
class WrongKind(DomainError):
    """A pin names a table that cannot play this role."""

    role: str
    table: str
    kind: str
    suitable: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.role}: {self.table} is a {self.kind} table. "
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
        return f"{where}; the nearest covered date is {dates}. Ask for another date, or pin a version."


@dataclass(eq=False)
class DateConflict(DomainError):
    """A request says two dates for what chooses the versions: the event's own, and another `as_of`."""

    field: str

    def __str__(self) -> str:
        return f"{self.field} says the date whose versions hold, but as_of is another date. Leave as_of out."


@dataclass(eq=False)
class OverrideInvalid(DomainError):
    """An override that cannot be merged, or whose result is no valid content."""

    role: str
    reasons: tuple[tuple[str, str], ...]
    """JSON pointers within the override, each with what is wrong there."""

    def __str__(self) -> str:
        reasons = "; ".join(f"{pointer or 'the override'} {detail}" for pointer, detail in self.reasons)
        return f"overrides.{self.role} does not give a valid table: {reasons}."


@dataclass(eq=False)
class VersionAbsent(DomainError):
    """A table or a version that is to be changed is not there."""

    def __str__(self) -> str:
        return "There is no such version of this table."


@dataclass(eq=False)
class TagOutdated(DomainError):
    """What is to be changed is no longer what whoever changes it has seen."""

    version: str
    status: str

    def __str__(self) -> str:
        return (
            f"{self.version} is no longer as If-Match says: it has been changed, submitted or published since. It is "
            f"now {self.status}. Read it again, and send its ETag if you still want this."
        )


@dataclass(eq=False)
class WrongStatus(DomainError):
    """A version does not stand where it must for what is asked."""

    version: str
    status: str
    needed: str

    def __str__(self) -> str:
        return f"{self.version} is {self.status}; this takes {self.needed}."


@dataclass(eq=False)
class OwnVersion(DomainError):
    """Who wrote a version asks to publish it."""

    version: str

    def __str__(self) -> str:
        return (
            f"The owner of this key has written at {self.version}, and nobody publishes what they have written. "
            "Another person has to do it, with a key of their own."
        )


@dataclass(eq=False)
class VersionInvalid(DomainError):
    """What is sent is no version of its table."""

    reasons: tuple[tuple[str, str], ...]
    """JSON pointers into what is sent, each with what is wrong there."""

    def __str__(self) -> str:
        return f"{'; '.join(f'{pointer} {detail}' for pointer, detail in self.reasons[:3])}."


@dataclass(eq=False)
class ChecksFailed(DomainError):
    """The checks before publication find errors in a draft."""

    version: str
    faults: tuple[tuple[str, str, str], ...]
    """Code, JSON pointer into the content, and sentence of each error."""

    def __str__(self) -> str:
        faults = "; ".join(f"{pointer or 'the version'} {message.rstrip('.')}" for _, pointer, message in self.faults)
        return f"{self.version} has errors, for which it cannot be published: {faults}."


@dataclass(eq=False)
class TableConflict(DomainError):
    """What is said of a table is not what the table is."""

    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.field} {self.reason}."


@dataclass(eq=False)
class CreatedOtherwise(DomainError):
    """An idempotency key comes again with something else."""

    def __str__(self) -> str:
        return "This Idempotency-Key came with another version before. Send another key."


class CorruptTable(Exception):
    """Stored or shipped content that does not match its own hash, or is not valid: the service must not use it."""
