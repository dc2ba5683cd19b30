"""API keys for tests, made as the command makes them."""

import re
from datetime import UTC, date, datetime

from tables.keys import Role, create_key, revoke_key
from tables.shipped import shipped_tables
from tables.store import make_ready, open_store

FORM = re.compile(r"rq_([0-9a-f]{12})_([0-9a-f]{40})")


def made(url: str, role: Role = "read", expires_on: date | None = None, *, revoked: bool = False) -> str:
    """A new key in the store."""
    store = open_store(url)
    make_ready(store, shipped_tables())
    key, stored = create_key(store, "A partner", role, expires_on, datetime.now(UTC))
    if revoked:
        revoke_key(store, stored.prefix, datetime.now(UTC))
    store.dispose()
    return key


def prefix_of(key: str) -> str:
    """The part of a key by which it is found."""
    found = FORM.fullmatch(key)
    assert found is not None
    return found[1]
