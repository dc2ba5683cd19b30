"""Where tables are kept: SQLModel over SQLite, schema by Alembic. Read once at the start, never on a request."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlmodel import Session, select

from tables.errors import CorruptTable
from tables.models import AssumptionTable, AssumptionVersion
from tables.shipped import ShippedTable
from tables.snapshot import Snapshot, Table, checked_version, provenance_from_json, snapshot

_MIGRATIONS = Path(__file__).parent / "migrations"
_SQLITE_BUSY_SECONDS = 30


class SchemaOutOfDate(Exception):
    """The store's schema is not the one this release works with."""


def open_store(url: str) -> Engine:
    """An engine on the store.

    On SQLite foreign keys are enforced, and every transaction takes the write lock as it begins, so that of several
    processes that start at once one migrates and seeds while the others wait for it.
    """
    if not url.startswith("sqlite"):
        return create_engine(url)
    engine = create_engine(url, connect_args={"timeout": _SQLITE_BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def prepare(engine: Engine, shipped: tuple[ShippedTable, ...]) -> None:
    """Bring the schema up to date and add the shipped versions that the store does not have, in one transaction."""
    with engine.begin() as connection:
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


def migration_config(connection: Connection) -> Config:
    """Alembic's configuration, on a connection."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def seed(connection: Connection, shipped: tuple[ShippedTable, ...]) -> None:
    """Add the shipped tables and versions that are not there yet; what is there is never changed.

    Raises: CorruptTable, when a version is there that is not as shipped.
    """
    with _session(connection) as session:
        for entry in shipped:
            if session.get(AssumptionTable, entry.table.name) is None:
                session.add(AssumptionTable(**entry.table.model_dump()))
                session.flush()
            for version in entry.versions:
                stored = session.get(AssumptionVersion, (version.table_name, version.number))
                if stored is None:
                    session.add(AssumptionVersion(**version.model_dump()))
                else:
                    _same_or_raise(stored, version)


def _same_or_raise(stored: AssumptionVersion, shipped: AssumptionVersion) -> None:
    """A published version never changes, neither its content nor its dates; only its withdrawal is added."""
    kept, ours = (row.model_dump(exclude={"withdrawn_at"}) for row in (stored, shipped))
    changed = [name for name in ours if kept[name] != ours[name]]
    if changed:
        raise CorruptTable(
            f"{shipped.table_name}@{shipped.number} in the store is not as shipped: {', '.join(changed)} differ, "
            "and a published version never changes. Ship the change as a new version"
        )


def load(engine: Engine) -> Snapshot:
    """Everything in the store, each version checked against its hash and its kind.

    Raises: CorruptTable.
    """
    with engine.connect() as connection, _session(connection) as session:
        tables = session.exec(select(AssumptionTable)).all()
        rows = session.exec(select(AssumptionVersion).order_by(AssumptionVersion.table_name)).all()
        by_table: dict[str, list[AssumptionVersion]] = {}
        for row in rows:
            by_table.setdefault(row.table_name, []).append(row)
        return snapshot(_table(table, by_table.get(table.name, [])) for table in tables)


def _table(table: AssumptionTable, rows: list[AssumptionVersion]) -> Table:
    versions = (
        checked_version(
            kind=table.kind,
            content=row.content.encode(),
            stated_sha256=row.sha256,
            table=table.name,
            number=row.number,
            effective_from=row.effective_from,
            effective_to=row.effective_to,
            published_at=row.published_at,
            withdrawn_at=row.withdrawn_at,
            author=row.author,
            publisher=row.publisher,
            provenance=provenance_from_json(row.provenance),
        )
        for row in sorted(rows, key=lambda row: row.number)
    )
    return Table(table.name, table.kind, table.title, tuple(versions))


@contextmanager
def _session(connection: Connection) -> Iterator[Session]:
    """A session inside the connection's own transaction."""
    with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
        yield session
        session.commit()
