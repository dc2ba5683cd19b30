"""The audit record: every write to tables and keys, in the transaction that did it. It is only ever added to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from tables.models import AuditRecord, StoreRevision

Operation = Literal[
    "seed", "create", "replace", "submit", "return", "delete", "publish", "withdraw", "create_key", "revoke_key"
]
OPERATOR = "operator"
"""The role of who writes by the command line: whoever reaches the store itself."""
RELEASE = "release"
"""The role of what is shipped."""


@dataclass(frozen=True)
class Actor:
    """Who does something, when, and by which request.

    Attributes:
        name: the key's owner, or who uses the command line.
        role: of the key, or `operator`.
        at: the instant, read by who calls.
        key: the key's prefix; None without a key.
        request_id: of the request; None without one.
    """

    name: str
    role: str
    at: datetime
    key: str | None = None
    request_id: str | None = None


def record(session: Session, operation: Operation, actor: Actor, **what: Any) -> AuditRecord:
    """Write that something is done, in its transaction; the last thing that the transaction does before it ends.

    The one row of numbers is locked until then, so records are numbered in the order in which they become visible.

    Args:
        session: the transaction.
        operation, actor: what is done, by whom.
        what: other fields of `AuditRecord`.
    """
    number = col(StoreRevision.records)
    session.connection().execute(update(StoreRevision).values({number: number + 1}))
    written = AuditRecord(
        id=session.exec(select(number)).one(),
        at=actor.at,
        operation=operation,
        key_prefix=actor.key,
        owner=actor.name,
        role=actor.role,
        request_id=actor.request_id,
        **what,
    )
    session.add(written)
    session.flush()
    return written


def bump(session: Session) -> None:
    """Let every process know that there is something to read anew."""
    revision = col(StoreRevision.revision)
    session.connection().execute(update(StoreRevision).values({revision: revision + 1}))


def revision(store: Engine) -> int:
    """How often what a snapshot holds has changed: to be asked again and again."""
    with Session(store.execution_options(reading=True)) as session:
        return session.exec(select(col(StoreRevision.revision))).one()


def page(store: Engine, before: int | None, limit: int, table: str | None = None) -> Sequence[AuditRecord]:
    """Records, newest first.

    Args:
        store: the store.
        before: only those with smaller numbers; None for the newest.
        limit: at most so many.
        table: only those of one table.
    """
    asked = select(AuditRecord).order_by(col(AuditRecord.id).desc()).limit(limit)
    if before is not None:
        asked = asked.where(col(AuditRecord.id) < before)
    if table is not None:
        asked = asked.where(AuditRecord.table_name == table)
    with Session(store.execution_options(reading=True)) as session:
        return session.exec(asked).all()
