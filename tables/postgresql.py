"""The store on PostgreSQL: how it is reached, and how transactions that must not overlap wait for each other."""

from enum import IntEnum

from sqlalchemy import URL, Connection, Engine, create_engine, func, select
from sqlmodel import Session

DRIVER = "postgresql+psycopg"
_NAMES = frozenset({"postgres", "postgresql"})
_POOLED, _MORE, _POOL_SECONDS = 3, 2, 5
"""Connections that a process keeps, opens beside them, and how long a thread waits for one: a dozen replicas stay far
below the 100 that PostgreSQL allows by default, and a database that hangs takes few threads with it."""
_PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""Of libpq: ends a connection whose other end has gone without a word (in seconds; the last in milliseconds)."""
_SPACE = 0x7271
"""Distinguishes our advisory locks from those of others in the same database."""


class Lock(IntEnum):
    """What only one transaction does at a time."""

    TABLES = 1
    JOBS = 2


def is_postgresql(url: URL) -> bool:
    """Whether a URL names a PostgreSQL database, in any of the usual ways."""
    return url.get_backend_name() in _NAMES


def postgresql_engine(url: URL) -> Engine:
    """An engine on a PostgreSQL database. A URL without a driver, as everybody writes it, means ours."""
    if url.drivername in _NAMES:
        url = url.set(drivername=DRIVER)
    stated = {name: value for name, value in _PATIENCE.items() if name not in url.query}
    return create_engine(
        url,
        connect_args=stated if url.drivername == DRIVER else {},
        pool_size=_POOLED,
        max_overflow=_MORE,
        pool_timeout=_POOL_SECONDS,
        pool_pre_ping=True,  # after an outage the first to come finds its connection dead, and takes a new one
    )


def alone(transaction: Connection | Session, lock: Lock) -> None:
    """Wait for every other transaction that has said the same, and keep later ones waiting until this one ends.

    On SQLite a transaction that writes is alone already (`tables.store.open_store`).
    """
    connection = transaction.connection() if isinstance(transaction, Session) else transaction
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_SPACE, int(lock))))
