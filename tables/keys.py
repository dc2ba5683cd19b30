"""API keys: made once, shown once; the store knows them by their prefix and the SHA-256 of the whole key."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast, get_args

from sqlalchemy import CheckConstraint, Engine
from sqlmodel import Field, Session, SQLModel, col, select

from tables.audit import OPERATOR, Actor, record
from tables.models import Instant

Role = Literal["read", "author", "publish", "admin"]
"""What a key may do. Every role reads; `admin` may do all; who writes a table does not publish it by the same key."""

ROLES: tuple[Role, ...] = get_args(Role)
MAX_NAME = 200
PREFIX_DIGITS = 12
SECRET_DIGITS = 40
"""Hexadecimal digits of four random bits each."""


class ApiKey(SQLModel, table=True):
    """A key as it is stored: not the key itself, which nothing here could be turned back into."""

    __tablename__ = "api_key"
    __table_args__ = (
        CheckConstraint("role IN ('read', 'author', 'publish', 'admin')", name="role_known"),
        CheckConstraint("length(sha256) = 64", name="sha256_length"),
    )

    prefix: str = Field(primary_key=True, max_length=PREFIX_DIGITS)
    name: str = Field(max_length=MAX_NAME)
    role: str = Field(max_length=16)
    sha256: str = Field(max_length=64)
    created_at: datetime = Field(sa_type=Instant)
    expires_on: date | None = None
    """The last day on which the key works."""
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)


@dataclass(frozen=True)
class Key:
    """A key that was not revoked, as requests are held against it."""

    digest: bytes
    role: Role
    expires_on: date | None
    name: str


def digest(key: bytes) -> bytes:
    """What is stored of a key. A key has 160 random bits, so a fast hash does: there is nothing to guess."""
    return hashlib.sha256(key).digest()


def create_key(
    store: Engine, name: str, role: Role, expires_on: date | None, now: datetime, by: str = OPERATOR
) -> tuple[str, ApiKey]:
    """Make a key and store what is needed to know it again; the key itself is in the answer only.

    Args: the store, who gets it, what it may do, its last day, the time, who makes it.
    """
    prefix, secret = secrets.token_hex(PREFIX_DIGITS // 2), secrets.token_hex(SECRET_DIGITS // 2)
    key = f"rq_{prefix}_{secret}"
    stored = ApiKey(
        prefix=prefix,
        name=name,
        role=role,
        sha256=digest(key.encode()).hex(),
        created_at=now,
        expires_on=expires_on,
    )
    with _writing(store) as session:
        session.add(stored)
        session.flush()
        until = "" if expires_on is None else f", until {expires_on}"
        record(session, "create_key", Actor(by, OPERATOR, now), subject_key=prefix, reason=f"{role}: {name}{until}")
        session.commit()
    return key, stored


def list_keys(store: Engine) -> Sequence[ApiKey]:
    """Every key, oldest first."""
    with _reading(store) as session:
        return session.exec(select(ApiKey).order_by(col(ApiKey.created_at), col(ApiKey.prefix))).all()


def revoke_key(store: Engine, prefix: str, now: datetime, by: str = OPERATOR) -> ApiKey | None:
    """End a key; one that was revoked before keeps its time. None if there is no such key."""
    with _writing(store) as session:
        stored = session.get(ApiKey, prefix, with_for_update=True)
        if stored is not None and stored.revoked_at is None:
            stored.revoked_at = now
            session.add(stored)
            session.flush()
            record(session, "revoke_key", Actor(by, OPERATOR, now), subject_key=prefix)
            session.commit()
        return stored


def load_keys(store: Engine) -> dict[str, Key]:
    """The keys that were not revoked, by prefix."""
    with _reading(store) as session:
        rows = session.exec(select(ApiKey).where(col(ApiKey.revoked_at).is_(None))).all()
    return {row.prefix: Key(bytes.fromhex(row.sha256), cast(Role, row.role), row.expires_on, row.name) for row in rows}


def _writing(store: Engine) -> Session:
    """A session whose objects can still be read when it is over."""
    return Session(store, expire_on_commit=False)


def _reading(store: Engine) -> Session:
    """A session that waits for no writer and keeps none waiting."""
    return Session(store.execution_options(reading=True))
