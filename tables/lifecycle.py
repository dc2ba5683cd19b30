"""How an assumption changes: a draft is written, submitted, published by another person, and one day withdrawn.

Every function is one transaction, which locks the table first, so that of two who change the same version the second
finds what the first has made of it. Whoever changes a version says by its tag which state of it they have seen.
Instants come from the caller; where clocks of several processes differ, publications of a table are still in the order
in which they were made.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from tables.audit import Actor, Operation, bump, record
from tables.canonical import sha256
from tables.drafts import Checked, Draft, checked
from tables.errors import (
    ChecksFailed,
    CreatedOtherwise,
    OwnVersion,
    TableConflict,
    TagOutdated,
    VersionAbsent,
    WrongStatus,
)
from tables.lint import errors, lint
from tables.models import AssumptionTable, AssumptionVersion, AuditRecord
from tables.snapshot import Status, Version
from tables.store import version_of

_TICK = timedelta(microseconds=1)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_WRITING: tuple[Operation, ...] = ("create", "replace")


@dataclass(frozen=True)
class Stored:
    """A version as it stands in the store, with its table."""

    table: AssumptionTable
    row: AssumptionVersion

    @property
    def name(self) -> str:
        """`mba-packages@1`."""
        return f"{self.row.table_name}@{self.row.number}"

    @property
    def status(self) -> str:
        """Where it stands, for people: as `Version.status`, a draft that was submitted apart."""
        if self.row.withdrawn_at is not None:
            return "withdrawn"
        if self.row.published_at is not None:
            return "published"
        return "a draft" if self.row.submitted_at is None else "a submitted draft"

    @property
    def version_status(self) -> Status:
        """Where it stands in its life."""
        words: dict[str, Status] = {"withdrawn": "withdrawn", "published": "published"}
        return words.get(self.status, "draft")

    @property
    def tag(self) -> str:
        """Changes whenever the version does; of a published one, which never does, the hash of its content."""
        row = self.row
        if row.published_at is not None:
            return row.sha256
        return sha256(f"{self.name}\n{row.revision}\n{row.sha256}".encode())

    def version(self) -> Version:
        """The same, checked. Raises: CorruptTable."""
        return version_of(self.table.kind, self.row)


@dataclass(frozen=True)
class NewTable:
    """What a table is that a draft is the first of."""

    kind: str | None = None
    title: str | None = None


def create_draft(
    store: Engine,
    table_name: str,
    draft: Draft,
    by: Actor,
    *,
    table: NewTable | None = None,
    idempotency_key: str | None = None,
) -> Stored:
    """Add a draft with the next number.

    Args:
        store: the store.
        table_name: of a table that is there, or of a new one.
        draft: what it says.
        by: the author.
        table: of a new table kind and title; of another, if stated, what they are.
        idempotency_key: whoever sends it again, with the same, gets the draft of the first time as it now stands.
    Raises: TableConflict, VersionInvalid, CreatedOtherwise.
    """
    table = table or NewTable()
    with _writing(store) as session:
        head = _head(session, table_name, table)
        ready = checked(head.kind, draft)
        if idempotency_key is not None and by.key is not None:
            found = _created_before(session, by.key, idempotency_key)
            if found is not None:
                return _same(found, table_name, ready)
        row = AssumptionVersion(
            table_name=table_name,
            number=_last_number(session, table_name) + 1,
            author=by.name,
            author_key=by.key,
            creator_key=by.key,
            idempotency_key=idempotency_key if by.key is not None else None,
            fingerprint=ready.fingerprint,
            content=ready.content,
            sha256=ready.sha256,
            effective_from=ready.effective_from,
            effective_to=ready.effective_to,
            provenance=ready.provenance,
        )
        session.add(row)
        try:
            session.flush()
        except IntegrityError:  # the key has just come with a draft of another table
            raise CreatedOtherwise from None
        _done(session, "create", by, row, after=row.sha256)
        bump(session)
        return Stored(head, row)


def replace_draft(store: Engine, table_name: str, number: int, expected: str, draft: Draft, by: Actor) -> Stored:
    """Put other content, validity and provenance in the place of a draft's; a submitted one is to be submitted anew.

    Raises: VersionAbsent, WrongStatus, TagOutdated, VersionInvalid.
    """
    with _changing(store, table_name, number, expected, "a draft", "a submitted draft") as (session, found):
        ready, row = checked(found.table.kind, draft), found.row
        before = row.sha256
        row.content, row.sha256, row.provenance = ready.content, ready.sha256, ready.provenance
        row.effective_from, row.effective_to = ready.effective_from, ready.effective_to
        row.author, row.author_key, row.submitted_at = by.name, by.key, None
        _done(session, "replace", by, row, before=before, after=row.sha256)
        return found


def submit(store: Engine, table_name: str, number: int, expected: str, by: Actor) -> Stored:
    """Say of a draft that it is ready. Raises: VersionAbsent, WrongStatus, TagOutdated."""
    with _changing(store, table_name, number, expected, "a draft") as (session, found):
        found.row.submitted_at = by.at
        _done(session, "submit", by, found.row, before=found.row.sha256, after=found.row.sha256)
        return found


def return_to_author(
    store: Engine, table_name: str, number: int, expected: str, by: Actor, reason: str | None = None
) -> Stored:
    """Say of a submitted draft that it is not ready. Raises: VersionAbsent, WrongStatus, TagOutdated."""
    with _changing(store, table_name, number, expected, "a submitted draft") as (session, found):
        found.row.submitted_at = None
        _done(session, "return", by, found.row, before=found.row.sha256, after=found.row.sha256, reason=reason)
        return found


def delete_draft(store: Engine, table_name: str, number: int, expected: str, by: Actor) -> None:
    """Remove a draft, and its table if it has no other version; no other version ever gets its number.

    Raises: VersionAbsent, WrongStatus, TagOutdated.
    """
    with _changing(store, table_name, number, expected, "a draft", "a submitted draft") as (session, found):
        session.delete(found.row)
        session.flush()
        others = select(AssumptionVersion.number).where(AssumptionVersion.table_name == table_name).limit(1)
        if session.exec(others).first() is None:
            session.delete(found.table)
        _done(session, "delete", by, found.row, before=found.row.sha256)
        bump(session)


def publish(store: Engine, table_name: str, number: int, expected: str, by: Actor, reason: str | None = None) -> Stored:
    """Approve a submitted draft and publish it, which is one act, by a person who has written nothing of it.

    Raises: VersionAbsent, WrongStatus, TagOutdated, OwnVersion, ChecksFailed, CorruptTable.
    """
    with _changing(store, table_name, number, expected, "a submitted draft") as (session, found):
        _by_another(session, found, by)
        row = found.row
        _without_errors(session, found)
        row.published_at = max(by.at, _last_change(session, table_name) + _TICK)
        row.publisher, row.publisher_key = by.name, by.key
        _done(session, "publish", by, row, before=row.sha256, after=row.sha256, reason=reason)
        bump(session)
        return found


def withdraw(
    store: Engine, table_name: str, number: int, expected: str, by: Actor, reason: str | None = None
) -> Stored:
    """Choose a published version no more, from now on. Raises: VersionAbsent, WrongStatus, TagOutdated."""
    with _changing(store, table_name, number, expected, "published") as (session, found):
        row = found.row
        row.withdrawn_at = max(by.at, _last_change(session, table_name) + _TICK)
        _done(session, "withdraw", by, row, before=row.sha256, after=row.sha256, reason=reason)
        bump(session)
        return found


def find_version(store: Engine, table_name: str, number: int) -> Stored:
    """A version, drafts too. Raises: VersionAbsent."""
    with _reading(store) as session:
        table = session.get(AssumptionTable, table_name)
        row = session.get(AssumptionVersion, (table_name, number))
        if table is None or row is None:
            raise VersionAbsent
        return Stored(table, row)


def drafts(store: Engine) -> Sequence[Stored]:
    """Every draft: those first that wait for publication, longest waiting first, then by name."""
    asked = (
        select(AssumptionTable, AssumptionVersion)
        .where(AssumptionTable.name == AssumptionVersion.table_name)
        .where(col(AssumptionVersion.published_at).is_(None))
        .order_by(
            col(AssumptionVersion.submitted_at).is_(None),
            col(AssumptionVersion.submitted_at),
            col(AssumptionVersion.table_name),
            col(AssumptionVersion.number),
        )
    )
    with _reading(store) as session:
        return [Stored(table, row) for table, row in session.exec(asked).all()]


def _head(session: Session, name: str, stated: NewTable) -> AssumptionTable:
    """The table, locked; made if it is new."""
    found = session.get(AssumptionTable, name, with_for_update=True)
    if found is None:
        for field, value in (("kind", stated.kind), ("title", stated.title)):
            if value is None:
                raise TableConflict(field, "is needed for a new table, and there is no table of this name")
        made = AssumptionTable(name=name, kind=stated.kind or "", title=stated.title or "")
        try:
            with session.begin_nested():
                session.add(made)
            return made
        except IntegrityError:  # another transaction has just made it
            found = session.get_one(AssumptionTable, name, with_for_update=True)
    for field, value, known in (("kind", stated.kind, found.kind), ("title", stated.title, found.title)):
        if value not in (None, known):
            raise TableConflict(field, "is another for this table; leave it out")
    return found


def _created_before(session: Session, key: str, idempotency_key: str) -> Stored | None:
    asked = (
        select(AssumptionTable, AssumptionVersion)
        .where(AssumptionTable.name == AssumptionVersion.table_name)
        .where(AssumptionVersion.creator_key == key)
        .where(AssumptionVersion.idempotency_key == idempotency_key)
    )
    found = session.exec(asked).first()
    return None if found is None else Stored(*found)


def _same(found: Stored, table_name: str, ready: Checked) -> Stored:
    if (found.row.table_name, found.row.fingerprint) != (table_name, ready.fingerprint):
        raise CreatedOtherwise
    return found


def _last_number(session: Session, table_name: str) -> int:
    """The greatest number that a version of a table has, or a draft that was removed had; 0 without any."""
    kept = select(func.max(AssumptionVersion.number)).where(AssumptionVersion.table_name == table_name)
    recorded = select(func.max(AuditRecord.number)).where(AuditRecord.table_name == table_name)
    return max(session.exec(asked).one() or 0 for asked in (kept, recorded))


def _last_change(session: Session, table_name: str) -> datetime:
    """The last instant at which what a table answers has changed; long ago if it never did."""
    asked = select(AssumptionVersion.published_at, AssumptionVersion.withdrawn_at)
    rows = session.exec(asked.where(AssumptionVersion.table_name == table_name)).all()
    return max((each for row in rows for each in row if each is not None), default=_LONG_AGO)


def _by_another(session: Session, found: Stored, by: Actor) -> None:
    """Whoever has written at a version does not publish it, by whatever key: whose key it is counts too."""
    asked = (
        select(AuditRecord)
        .where(AuditRecord.table_name == found.row.table_name)
        .where(AuditRecord.number == found.row.number)
        .where(col(AuditRecord.operation).in_(_WRITING))
    )
    writers = session.exec(asked).all()
    keys = {found.row.author_key, *(each.key_prefix for each in writers)} - {None}
    names = {_person(found.row.author), *(_person(each.owner) for each in writers)}
    if by.key in keys or _person(by.name) in names:
        raise OwnVersion(found.name)


def _without_errors(session: Session, found: Stored) -> None:
    """A draft that another release has made, or in which the checks find errors, is not published."""
    asked = select(AssumptionVersion).where(AssumptionVersion.table_name == found.row.table_name)
    published = session.exec(asked.where(col(AssumptionVersion.published_at).is_not(None))).all()
    others = [version_of(found.table.kind, row) for row in published]
    faults = errors(lint(found.version(), others))
    if faults:
        raise ChecksFailed(found.name, tuple((each.code, each.pointer, each.message) for each in faults))


def _person(name: str) -> str:
    """A name, however it is written."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _must_be(found: Stored, *statuses: str) -> None:
    if found.status not in statuses:
        needed = statuses[0] if statuses[0].startswith("a ") else f"a {statuses[0]} version"
        raise WrongStatus(found.name, found.status, needed)


def _done(
    session: Session,
    operation: Operation,
    by: Actor,
    row: AssumptionVersion,
    *,
    before: str | None = None,
    after: str | None = None,
    reason: str | None = None,
) -> None:
    """Note what is done: in the version's revision, and for ever."""
    if operation in {"replace", "submit", "return"}:
        row.revision += 1
    session.flush()
    what = {"before_sha256": before, "after_sha256": after, "reason": reason}
    record(session, operation, by, table_name=row.table_name, number=row.number, **what)


@contextmanager
def _changing(
    store: Engine, table_name: str, number: int, expected: str, *statuses: str
) -> Iterator[tuple[Session, Stored]]:
    """A transaction on a version that nobody else changes meanwhile, that stands where it must, and is as it was seen.

    Where it stands comes first: whoever is too late is told what has become of the version.
    """
    with _writing(store) as session:
        table = session.get(AssumptionTable, table_name, with_for_update=True)
        row = session.get(AssumptionVersion, (table_name, number), with_for_update=True)
        if table is None or row is None:
            raise VersionAbsent
        found = Stored(table, row)
        _must_be(found, *statuses)
        if found.tag != expected:
            raise TagOutdated(found.name, found.status)
        yield session, found


@contextmanager
def _writing(store: Engine) -> Iterator[Session]:
    """A transaction whose objects can be read when it is over."""
    with Session(store, expire_on_commit=False) as session, session.begin():
        yield session


def _reading(store: Engine) -> Session:
    return Session(store.execution_options(reading=True))
