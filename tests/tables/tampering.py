"""How a store is changed behind the service's back, by who may drop what protects it."""

from sqlalchemy import Connection, text


def unprotected(connection: Connection) -> Connection:
    """A connection to a store, whose triggers are dropped; on PostgreSQL they are passed over in this transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        return connection
    for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        connection.execute(text(f"DROP TRIGGER {name}"))
    return connection
