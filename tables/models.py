"""The store's schema. Content is canonical JSON text: a database's own number types would not keep decimals exact."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Dialect, Text, TypeDecorator
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
    """A version of a table: a draft without `published_at`, withdrawn with `withdrawn_at`, else published."""

    __tablename__ = "assumption_version"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number_positive"),
        CheckConstraint("length(sha256) = 64", name="sha256_length"),
        CheckConstraint("effective_to IS NULL OR effective_to > effective_from", name="validity_not_empty"),
        CheckConstraint("withdrawn_at IS NULL OR published_at IS NOT NULL", name="withdrawn_after_published"),
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
