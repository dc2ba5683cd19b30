"""`rielquote keys`, on a store of its own; what works, as a process of its own."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli import main
from api.engine import today
from tables.keys import ROLES, load_keys
from tables.store import open_store
from tests.keys import FORM, made, prefix_of

FIELDS = ["prefix", "name", "role", "status", "created_at", "expires_on", "revoked_at"]
CANARY = "kanary7413"
_SECONDS = 60


@dataclass(frozen=True)
class Keys:
    """The command on a store."""

    url: str

    def __call__(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run it."""
        return subprocess.run(  # noqa: S603  (our own arguments)
            [sys.executable, "-m", "api.cli", "keys", *arguments],
            env=os.environ | {"RIELQUOTE_DATABASE_URL": self.url, "COLUMNS": "200", "NO_COLOR": "1"},
            capture_output=True,
            encoding="utf-8",
            timeout=_SECONDS,
            check=False,
        )

    def refusal(self, *arguments: str, status: int = 1) -> str:
        """The sentence by which it refuses."""
        done = CliRunner().invoke(main, ["keys", *arguments], env={"RIELQUOTE_DATABASE_URL": self.url})
        assert (done.exit_code, done.stdout) == (status, "")
        (sentence,) = done.stderr.splitlines()
        assert sentence.endswith(".")
        return sentence

    def json(self, *arguments: str) -> Any:
        """What it answers in JSON."""
        done = CliRunner().invoke(main, ["keys", *arguments, "--json"], env={"RIELQUOTE_DATABASE_URL": self.url})
        assert (done.exit_code, done.stderr) == (0, "")
        return json.loads(done.stdout)


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(f"sqlite:///{tmp_path / 'rielquote.db'}")


def load_after(url: str) -> dict[str, Any]:
    """The keys that can still be used."""
    store = open_store(url)
    found = load_keys(store)
    store.dispose()
    return dict(found)


def test_a_key_is_made_listed_and_revoked_on_a_new_store(keys: Keys) -> None:
    made_key = keys("create", "--name", "ក្រុម\u200bហ៊ុន", "--role", "read", "--expires", "2999-12-31")
    assert made_key.returncode == 0
    key = made_key.stdout.removesuffix("\n")
    assert FORM.fullmatch(key), "the output is the key and nothing else"
    assert "shown this once" in made_key.stderr
    assert keys.url in made_key.stderr
    assert key not in made_key.stderr

    listed = keys("list").stdout
    header, row = (re.split(r" {2,}", line) for line in listed.splitlines())
    assert header == ["prefix", "role", "status", "created_at", "expires_on", "revoked_at", "name"]
    assert row[:3] == [prefix_of(key), "read", "valid"]
    assert row[4:] == ["2999-12-31", "-", "ក្រុម\u200bហ៊ុន"]
    assert key.rpartition("_")[2] not in listed

    revoked = keys("revoke", prefix_of(key))
    assert revoked.returncode == 0
    assert revoked.stdout.startswith(f"Key {prefix_of(key)} (ក្រុម\u200bហ៊ុន) is revoked since 20")
    assert "revoked" in keys("list").stdout.splitlines()[1]


def test_the_same_in_json(keys: Keys) -> None:
    assert keys.json("list") == {"keys": []}
    first = keys.json("create", "--name", "Partner", "--role", "publish")
    assert list(first) == ["key", *FIELDS]
    key = first.pop("key")
    assert first["prefix"] == prefix_of(key)
    assert (first["name"], first["role"], first["status"]) == ("Partner", "publish", "valid")
    assert (first["expires_on"], first["revoked_at"]) == (None, None)
    assert datetime.now(UTC) - datetime.fromisoformat(first["created_at"]) < timedelta(seconds=_SECONDS)
    assert keys.json("list") == {"keys": [first]}
    revoked = keys.json("revoke", first["prefix"])
    assert revoked == {**first, "status": "revoked", "revoked_at": revoked["revoked_at"]}
    assert revoked["revoked_at"] > first["created_at"]
    assert keys.json("revoke", first["prefix"]) == revoked, "once revoked, it stays so since then"
    assert keys.json("list") == {"keys": [revoked]}


def test_a_key_works_through_its_last_day(keys: Keys) -> None:
    for days in (-1, 0, 1):
        made(keys.url, expires_on=today() + timedelta(days=days))
    assert [each["status"] for each in keys.json("list")["keys"]] == ["expired", "valid", "valid"]
    assert keys.json("create", "--name", "x", "--role", "read", "--expires", today().isoformat())["status"] == "valid"


def test_every_role_can_be_given(keys: Keys) -> None:
    for role in ROLES:
        arguments = ["keys", "create", "--name", "x", "--role", role, "--json"]
        done = CliRunner().invoke(main, arguments, env={"RIELQUOTE_DATABASE_URL": keys.url})
        assert json.loads(done.stdout)["role"] == role


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--name", "x", "--expires", "2020-01-01"), "--expires is in the past: the key would never work."),
        (("--name", "x", "--expires", "31.12.2999"), "--expires must be a date of the calendar, as 2027-12-31."),
        (("--name", "x", "--expires", "2999-02-29"), "--expires must be a date of the calendar, as 2027-12-31."),
        (("--name", "x", "--expires", "29991231"), "--expires must be a date of the calendar, as 2027-12-31."),
        (("--name", " "), "--name must have 1 to 200 characters in one line."),
        (("--name", "x" * 201), "--name must have 1 to 200 characters in one line."),
        (("--name", "a\nb"), "--name must have 1 to 200 characters in one line."),
        (("--name", "a\x1b[2Jb"), "--name must have 1 to 200 characters in one line."),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_stored(
    keys: Keys, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    assert keys.refusal("create", "--role", "read", *arguments, status=2) == said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [("--name", "x", "--role", "boss"), ("--name", "x"), ("--role", "read")])
def test_what_is_missing_or_unknown_is_a_mistake_of_usage(keys: Keys, arguments: tuple[str, ...]) -> None:
    done = CliRunner().invoke(main, ["keys", "create", *arguments], env={"RIELQUOTE_DATABASE_URL": keys.url})
    assert done.exit_code == 2
    assert "--role" in done.stderr or "--name" in done.stderr


def test_only_a_prefix_that_is_there_can_be_revoked(keys: Keys) -> None:
    key = made(keys.url)
    assert "has the prefix 000000000000" in keys.refusal("revoke", "000000000000")
    for given in (key, key[:-1], "x", prefix_of(key)[:-1], ""):
        said = keys.refusal("revoke", given, status=2)
        assert "That is no prefix of a key" in said
        assert key.rpartition("_")[2][:-1] not in said
    assert list(load_after(keys.url)) == [prefix_of(key)]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (f"postgresql+none://rielquote:{CANARY}@127.0.0.1/x", "The store cannot be reached (NoSuchModuleError)."),
        ("sqlite:////nowhere/at/all.db", "The store cannot be reached (OperationalError)."),
        (f"nonsense-{CANARY}", "The store cannot be reached (ArgumentError)."),
    ],
)
def test_a_store_that_cannot_be_reached_is_said_without_its_password(url: str, said: str) -> None:
    for arguments in (("list",), ("create", "--name", "x", "--role", "read"), ("revoke", "0" * 12)):
        sentence = Keys(url).refusal(*arguments)
        assert sentence.startswith(said)
        assert CANARY not in sentence


def test_a_store_of_a_later_release_is_not_touched(keys: Keys, tmp_path: Path) -> None:
    made(keys.url)
    with closing(sqlite3.connect(tmp_path / "rielquote.db")) as store:
        store.execute("UPDATE alembic_version SET version_num = '9999'")
        store.commit()
    assert "at 9999, this release needs 0004" in keys.refusal("list")
