"""The store's schema. Content is canonical JSON text: a database's own number types would not keep decimals exact."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import DDL, CheckConstraint, DateTime, Dialect, Text, TypeDecorator, UniqueConstraint, event
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An instant in UTC. SQLite forgets time zones, so it is stored without one and read back with it."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database: UTC, without its zone."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """From the database: UTC again."""
        return None if value is None else value.replace(tzinfo=UTC)


class AssumptionTable(SQLModel, table=True):
    """A named table of one kind."""

    __tablename__ = "assumption_table"

    name: str = Field(primary_key=True, max_length=64)
    kind: str = Field(max_length=64)
    title: str = Field(max_length=200)


class AssumptionVersion(SQLModel, table=True):
    """A version of a table: a draft without `published_at`, withdrawn with `withdrawn_at`, else published.

    Once published, nothing of it changes but that `withdrawn_at` is set, once: triggers of the database see to it.
    """

    __tablename__ = "assumption_version"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number_positive"),
        CheckConstraint("length(sha256) = 64", name="sha256_length"),
        CheckConstraint("effective_to IS NULL OR effective_to > effective_from", name="validity_not_empty"),
        CheckConstraint("withdrawn_at IS NULL OR published_at IS NOT NULL", name="withdrawn_after_published"),
        CheckConstraint("publisher_key IS NULL OR publisher_key <> author_key", name="published_by_another"),
        UniqueConstraint("creator_key", "idempotency_key"),
    )

    table_name: str = Field(primary_key=True, foreign_key="assumption_table.name", max_length=64)
    number: int = Field(primary_key=True)
    content: str = Field(sa_type=Text)
    sha256: str = Field(max_length=64)
    effective_from: date
    effective_to: date | None = None
    published_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
    author: str = Field(max_length=200)
    publisher: str | None = Field(default=None, max_length=200)
    provenance: str = Field(sa_type=Text)
    revision: int = 1
    """Rises with every change of a draft."""
    submitted_at: datetime | None = Field(default=None, sa_type=Instant)
    author_key: str | None = Field(default=None, max_length=12)
    """Prefix of the key that wrote it as it stands; none of what is shipped."""
    publisher_key: str | None = Field(default=None, max_length=12)
    creator_key: str | None = Field(default=None, max_length=12)
    """Prefix of the key that created it, with what it sent to do so only once."""
    idempotency_key: str | None = Field(default=None, max_length=200)
    fingerprint: str | None = Field(default=None, max_length=64)


class StoreRevision(SQLModel, table=True):
    """One row, by which every process learns that there is something to read anew, and which numbers the records."""

    __tablename__ = "store_revision"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    revision: int = 0
    """Rises in the same transaction as anything that changes what a snapshot holds."""
    records: int = 0
    """Number of the last audit record."""


# As the migration does, for a schema that is made of the models alone.
event.listen(
    SQLModel.metadata.tables["store_revision"],
    "after_create",
    DDL("INSERT INTO store_revision (id, revision, records) VALUES (1, 0, 0)"),  # type: ignore[no-untyped-call]
)


class AuditRecord(SQLModel, table=True):
    """Who has done what and when: written in the transaction that did it, never changed, never removed."""

    __tablename__ = "audit_record"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """1, 2, 3, … without gaps, in the order in which the transactions ended."""
    at: datetime = Field(sa_type=Instant)
    operation: str = Field(max_length=32)
    table_name: str | None = Field(default=None, max_length=64, index=True)
    number: int | None = None
    subject_key: str | None = Field(default=None, max_length=12)
    """Prefix of the API key that the operation was about."""
    key_prefix: str | None = Field(default=None, max_length=12)
    """Prefix of the API key that did it; none on the command line."""
    owner: str = Field(max_length=200)
    role: str = Field(max_length=16)
    before_sha256: str | None = Field(default=None, max_length=64)
    after_sha256: str | None = Field(default=None, max_length=64)
    request_id: str | None = Field(default=None, max_length=64)
    reason: str | None = Field(default=None, sa_type=Text)
