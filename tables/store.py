"""Where tables are kept: SQLModel over SQLite or PostgreSQL, schema by Alembic. Read at the start and after changes."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlmodel import Session, col, select

from tables.audit import RELEASE, Actor, bump, record
from tables.errors import CorruptTable
from tables.models import AssumptionTable, AssumptionVersion, StoreRevision
from tables.postgresql import Lock, alone, is_postgresql, postgresql_engine
from tables.shipped import ShippedTable
from tables.snapshot import Parsed, Snapshot, Table, Version, checked_version, provenance_from_json, snapshot

_MIGRATIONS = Path(__file__).parent / "migrations"
_SQLITE_BUSY_SECONDS = 30


class SchemaOutOfDate(Exception):
    """The store is not as this release needs it: another schema, or without shipped versions."""


def open_store(url: str) -> Engine:
    """An engine on the store.

    On SQLite foreign keys are enforced, and every transaction takes the write lock as it begins, so that of several
    processes that start at once one migrates and seeds while the others wait for it; all but one of a connection with
    the execution option `reading`. On PostgreSQL transactions wait for each other where they say so (`alone`).
    """
    address = make_url(url)
    if is_postgresql(address):
        return postgresql_engine(address)
    engine = create_engine(address, connect_args={"timeout": _SQLITE_BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def make_ready(engine: Engine, shipped: tuple[ShippedTable, ...]) -> None:
    """Make a store fit for this release: an embedded one is migrated and seeded, a server's only checked.

    Raises: SchemaOutOfDate, CorruptTable.
    """
    if engine.dialect.name == "sqlite":
        with suppress(CommandError):  # the store is a later release's, as the check will say
            prepare(engine, shipped)
    check_schema(engine)
    check_seeded(engine, shipped)


def prepare(engine: Engine, shipped: tuple[ShippedTable, ...]) -> None:
    """Bring the schema up to date and add the shipped versions that the store does not have, in one transaction."""
    with engine.begin() as connection:
        alone(connection, Lock.TABLES)
        command.upgrade(migration_config(connection), "head")
        seed(connection, shipped)


def check_schema(engine: Engine) -> None:
    """Raise `SchemaOutOfDate` unless every migration of this release, and no other, has been applied."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        head = ScriptDirectory.from_config(migration_config(connection)).get_current_head()
    if current != head:
        raise SchemaOutOfDate(
            f"the store's schema is at {current or 'nothing'}, this release needs {head}: run `rielquote db upgrade`"
        )


def check_seeded(engine: Engine, shipped: tuple[ShippedTable, ...]) -> None:
    """Raise `SchemaOutOfDate` unless every shipped version is there."""
    with engine.execution_options(reading=True).connect() as connection, _session(connection) as session:
        there = set(session.exec(select(AssumptionVersion.table_name, AssumptionVersion.number)).all())
    needed = ((version.table_name, version.number) for entry in shipped for version in entry.versions)
    absent = [f"{name}@{number}" for name, number in needed if (name, number) not in there]
    if absent:
        raise SchemaOutOfDate(f"the store lacks {', '.join(absent)} of this release: run `rielquote db upgrade`")


def migration_config(connection: Connection) -> Config:
    """Alembic's configuration, on a connection."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def seed(connection: Connection, shipped: tuple[ShippedTable, ...]) -> None:
    """Add the shipped tables and versions that are not there yet; what is there is never changed.

    No clock is read, so in the audit record a shipped version was added when it was published.

    Raises: CorruptTable, when a version is there that is not as shipped.
    """
    with _session(connection) as session:
        added: list[AssumptionVersion] = []
        for entry in shipped:
            if session.get(AssumptionTable, entry.table.name) is None:
                session.add(AssumptionTable(**entry.table.model_dump()))
                session.flush()
            for version in entry.versions:
                stored = session.get(AssumptionVersion, (version.table_name, version.number))
                if stored is None:
                    session.add(AssumptionVersion(**version.model_dump()))
                    added.append(version)
                else:
                    _same_or_raise(stored, version)
        session.flush()
        for version in added:
            assert version.published_at is not None  # noqa: S101  (no draft ships)
            actor = Actor(version.publisher or version.author, RELEASE, version.published_at)
            name = {"table_name": version.table_name, "number": version.number}
            record(session, "seed", actor, after_sha256=version.sha256, **name)
        if added:
            bump(session)


def _same_or_raise(stored: AssumptionVersion, shipped: AssumptionVersion) -> None:
    """A published version never changes, neither its content nor its dates; only its withdrawal is added."""
    name = f"{shipped.table_name}@{shipped.number}"
    if stored.published_at is None:
        raise CorruptTable(
            f"{name} is a draft in the store, and this release ships a version of that name. With the release before, "
            "delete the draft; with this one, write it anew, and it gets the next number"
        )
    kept, ours = (row.model_dump(exclude={"withdrawn_at"}) for row in (stored, shipped))
    changed = [name for name in ours if kept[name] != ours[name]]
    if changed:
        raise CorruptTable(
            f"{name} in the store is not as shipped: {', '.join(changed)} differ, and a published version never "
            "changes. A release ships a change as a new version; if the one in the store is your own, stay with the "
            "release before"
        )


def load(engine: Engine, known: Snapshot | None = None) -> Snapshot:
    """Everything that was published, each version checked against its hash and its kind.

    A draft may be what no release would take, so of drafts there are only the numbers, and a table that has nothing
    else is not there at all.

    Args: the store; an earlier snapshot, whose contents are held against their hashes again, but not parsed again.
    Raises: CorruptTable.
    """
    parsed = {} if known is None else known.parsed()
    with _still(engine).connect() as connection, _session(connection) as session:
        revision = session.exec(select(col(StoreRevision.revision))).one()
        tables = session.exec(select(AssumptionTable)).all()
        rows = session.exec(select(AssumptionVersion).order_by(col(AssumptionVersion.table_name))).all()
        by_table: dict[str, list[AssumptionVersion]] = {}
        for row in rows:
            by_table.setdefault(row.table_name, []).append(row)
        loaded = (_table(table, by_table.get(table.name, []), parsed) for table in tables)
        return snapshot((each for each in loaded if each.versions or not each.drafts), revision)


def _still(engine: Engine) -> Engine:
    """An engine whose transactions all see the store as it was when they began, and keep no writer waiting."""
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    return engine.execution_options(reading=True, **options)


def _table(table: AssumptionTable, rows: list[AssumptionVersion], parsed: Parsed) -> Table:
    published = sorted((row for row in rows if row.published_at is not None), key=lambda row: row.number)
    drafts = frozenset(row.number for row in rows if row.published_at is None)
    versions = tuple(version_of(table.kind, row, parsed) for row in published)
    return Table(table.name, table.kind, table.title, versions, drafts)


def version_of(kind: str, row: AssumptionVersion, parsed: Parsed | None = None) -> Version:
    """A stored version, checked. Args: its kind, the row, what has been parsed before. Raises: CorruptTable."""
    return checked_version(
        kind=kind,
        content=row.content.encode(),
        stated_sha256=row.sha256,
        parsed=parsed,
        table=row.table_name,
        number=row.number,
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        published_at=row.published_at,
        withdrawn_at=row.withdrawn_at,
        author=row.author,
        publisher=row.publisher,
        provenance=provenance_from_json(row.provenance),
    )


@contextmanager
def _session(connection: Connection) -> Iterator[Session]:
    """A session inside the connection's own transaction."""
    with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
        yield session
        session.commit()
