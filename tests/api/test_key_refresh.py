"""Keys made and revoked by the command while a real server runs: it knows within two seconds."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.api.sockets import PATIENCE, Service, get, serving
from tests.keys import prefix_of

WITHIN = 2.0


@pytest.fixture(params=[1, 2], ids=["one process", "two workers"])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Service]:
    with serving(tmp_path, "--workers", str(request.param), require_key=True) as service:
        yield service


def command(folder: Path, *arguments: str) -> Any:
    """What `rielquote keys …` answers."""
    done = subprocess.run(  # noqa: S603  (our own arguments)
        [sys.executable, "-m", "api.cli", "keys", *arguments, "--json"],
        env=os.environ | {"RIELQUOTE_DATABASE_URL": f"sqlite:///{folder / 'rielquote.db'}"},
        capture_output=True,
        timeout=PATIENCE,
        check=True,
    )
    return json.loads(done.stdout)


def status(service: Service, key: str) -> int:
    """How the service answers a key."""
    return service.ask(get("/v1/tables", f"Authorization: Bearer {key}")).status


def metric(service: Service, name: str) -> float:
    """The value of a metric without labels."""
    lines = service.ask(get("/metrics")).body.decode().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"{name} "))


def until(happened: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until something happens, as often in a row as several workers need to be asked to be asked all."""
    deadline = time.monotonic() + seconds
    in_a_row = 0
    while in_a_row < 20:
        in_a_row = in_a_row + 1 if happened() else 0
        assert in_a_row or time.monotonic() < deadline, f"not within {seconds} s"


def test_a_new_key_and_its_end_are_known_within_two_seconds(service: Service, tmp_path: Path) -> None:
    assert service.ask(get("/v1/tables")).status == 401
    key = command(tmp_path, "create", "--name", "Partner", "--role", "read")["key"]
    until(lambda: status(service, key) == 200, WITHIN)
    other = command(tmp_path, "create", "--name", "Other", "--role", "read")["key"]
    command(tmp_path, "revoke", prefix_of(key))
    until(lambda: status(service, key) == 401, WITHIN)
    assert status(service, other) == 200


def test_a_store_that_fails_leaves_the_known_keys_in_force(tmp_path: Path) -> None:
    with serving(tmp_path, require_key=True) as service, closing(sqlite3.connect(tmp_path / "rielquote.db")) as store:
        key = command(tmp_path, "create", "--name", "Partner", "--role", "read")["key"]
        until(lambda: status(service, key) == 200)
        assert metric(service, "rielquote_key_refresh_failures_total") == 0
        store.execute("ALTER TABLE api_key RENAME TO lost")
        until(lambda: metric(service, "rielquote_key_refresh_failures_total") >= 3)
        assert metric(service, "rielquote_keys_age_seconds") > 1
        assert status(service, key) == 200
        store.execute("UPDATE lost SET revoked_at = created_at")
        store.execute("ALTER TABLE lost RENAME TO api_key")
        store.commit()
        until(lambda: status(service, key) == 401)
        until(lambda: metric(service, "rielquote_keys_age_seconds") < 1)
    log = (tmp_path / "log").read_text()
    events = [json.loads(line)["event"] for line in log.splitlines() if line.startswith("{")]
    assert [event for event in events if event.startswith("keys ")] == ["keys not refreshed", "keys refreshed again"]
    assert key not in log


def test_a_writer_does_not_keep_the_keys_from_being_read(tmp_path: Path) -> None:
    with serving(tmp_path, require_key=True) as service, closing(sqlite3.connect(tmp_path / "rielquote.db")) as writer:
        key = command(tmp_path, "create", "--name", "Partner", "--role", "read")["key"]
        writer.execute("BEGIN IMMEDIATE")
        until(lambda: status(service, key) == 200)
