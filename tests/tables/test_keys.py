"""API keys in the store: what is kept of them, and what is not."""

import hashlib
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError

from tables.keys import ROLES, create_key, list_keys, load_keys, revoke_key
from tables.shipped import shipped_tables
from tables.store import load, migration_config, open_store
from tests.keys import FORM, prefix_of

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.fixture
def file(prepared_file: Path, tmp_path: Path) -> Path:
    """A file that is a store."""
    return Path(shutil.copy(prepared_file, tmp_path / "rielquote.db"))


def test_a_key_has_at_least_128_random_bits_and_no_two_are_alike(store: Engine) -> None:
    keys = [create_key(store, "A partner", "read", None, NOW)[0] for _ in range(20)]
    found = [FORM.fullmatch(key) for key in keys]
    assert all(found)
    assert len({each[1] for each in found if each}) == len({each[2] for each in found if each}) == 20
    assert all(len(each[2]) * 4 >= 128 for each in found if each)


def test_only_prefix_and_hash_are_stored(file: Path) -> None:
    store = open_store(f"sqlite:///{file}")
    key, stored = create_key(store, "A partner", "publish", date(2027, 12, 31), NOW)
    store.dispose()
    prefix, secret = prefix_of(key), key.rpartition("_")[2]
    found = b"".join(each.read_bytes() for each in file.parent.iterdir())
    assert prefix.encode() in found, "what is looked for would be found"
    assert secret.encode() not in found
    assert bytes.fromhex(secret) not in found
    assert stored.sha256 == hashlib.sha256(key.encode()).hexdigest()
    with closing(sqlite3.connect(file)) as connection:
        (row,) = connection.execute("SELECT * FROM api_key").fetchall()
    expected = (prefix, "A partner", "publish", stored.sha256, "2026-11-22 10:00:00.000000", "2027-12-31", None)
    assert row == expected


def test_keys_are_listed_oldest_first_with_all_that_is_known(store: Engine) -> None:
    for age in (3, 1, 2):
        create_key(store, f"{age} days", "read", None, NOW - timedelta(days=age))
    assert [(each.name, each.created_at) for each in list_keys(store)] == [
        (f"{age} days", NOW - timedelta(days=age)) for age in (3, 2, 1)
    ]


def test_a_key_is_revoked_once_and_for_ever(store: Engine) -> None:
    prefixes = [prefix_of(create_key(store, "A partner", "read", None, NOW)[0]) for _ in range(2)]
    assert load_keys(store).keys() == set(prefixes)
    for later in (NOW, NOW + timedelta(days=1)):
        revoked = revoke_key(store, prefixes[0], later)
        assert revoked is not None
        assert revoked.revoked_at == NOW
        assert load_keys(store).keys() == {prefixes[1]}
    assert [each.revoked_at for each in list_keys(store) if each.prefix == prefixes[0]] == [NOW]


def test_what_is_not_there_cannot_be_revoked(store: Engine) -> None:
    assert revoke_key(store, "0" * 12, NOW) is None


@pytest.mark.parametrize("role", ROLES)
def test_what_is_loaded_is_what_was_stored(store: Engine, role: Any) -> None:
    day = date(9999, 12, 31)
    key, _ = create_key(store, "A partner", role, day, NOW)
    loaded = load_keys(store)[prefix_of(key)]
    assert (loaded.digest, loaded.role, loaded.expires_on) == (hashlib.sha256(key.encode()).digest(), role, day)


def test_keys_are_read_past_a_writer(store: Engine) -> None:
    create_key(store, "A partner", "read", None, NOW)
    with store.connect() as writer:
        writer.execute(text("UPDATE api_key SET name = 'Another'"))
        assert [each.name for each in list_keys(store)] == ["A partner"]
        assert len(load_keys(store)) == 1
        writer.rollback()


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("ck_api_key_role_known", "role = 'boss'"),
        ("ck_api_key_sha256_length", "sha256 = 'short'"),
        ("not.null", "role = NULL"),
        ("not.null", "sha256 = NULL"),
        ("not.null", "created_at = NULL"),
        ("not.null", "name = NULL"),
        ("UNIQUE", "prefix = 'another'"),
    ],
)
def test_a_bad_row_is_refused_by_the_database(store: Engine, constraint: str, change: str) -> None:
    for _ in range(2):
        create_key(store, "A partner", "read", None, NOW)
    with pytest.raises(IntegrityError, match=f"(?i){constraint}"), store.begin() as connection:
        connection.execute(text(f"UPDATE api_key SET {change}"))  # noqa: S608  (our own parameters)


def test_the_migration_goes_up_down_and_up_and_touches_no_table_of_assumptions(store: Engine) -> None:
    create_key(store, "A partner", "read", None, NOW)
    versions = sum(len(table.versions) for table in shipped_tables())
    with store.begin() as connection:
        config = migration_config(connection)
        command.downgrade(config, "0001")
        assert "api_key" not in inspect(connection).get_table_names()
        assert connection.execute(text("SELECT count(*) FROM assumption_version")).scalar_one() == versions
        command.upgrade(config, "head")
        assert "api_key" in inspect(connection).get_table_names()
    assert (len(list_keys(store)), len(load(store).tables)) == (0, len(shipped_tables()))
    create_key(store, "A partner", "read", None, NOW)
