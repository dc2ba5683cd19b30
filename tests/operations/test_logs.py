"""Logs are JSON lines; every request is one line only where that is asked for."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.tables.contents import TABLES

SCRIPT = """
from starlette.testclient import TestClient
from api.main import app
with TestClient(app) as client:
    client.post("/v1/mba/quotes", json={"package": "A", "plan_type": "single"}, headers={"x-request-id": "one"})
"""


def lines(tmp_path: Path, **environment: str) -> list[dict[str, object]]:
    """What a process of its own logs."""
    store = {"RIELQUOTE_DATABASE_URL": f"sqlite:///{tmp_path / 'store.db'}"}
    command = [sys.executable, "-c", SCRIPT]
    ran = subprocess.run(  # noqa: S603  (our own arguments)
        command, env=os.environ | store | environment, capture_output=True, text=True, check=True
    )
    return [json.loads(line) for line in ran.stderr.splitlines()]


def test_the_start_is_logged_as_json_with_time_and_level(tmp_path: Path) -> None:
    (loaded,) = [line for line in lines(tmp_path) if line["event"] == "tables loaded"]
    assert loaded["tables"] == len(TABLES)
    assert loaded["level"] == "info"
    assert str(loaded["timestamp"]).endswith("Z")


def test_requests_are_logged_only_where_asked_for(tmp_path: Path) -> None:
    assert not [line for line in lines(tmp_path) if line["event"] == "request"]
    (request,) = [line for line in lines(tmp_path, RIELQUOTE_ACCESS_LOG="true") if line["event"] == "request"]
    assert request["request_id"] == "one"
    assert (request["method"], request["route"], request["status"]) == ("POST", "/v1/mba/quotes", 200)


def test_the_level_is_a_setting(tmp_path: Path) -> None:
    assert lines(tmp_path, RIELQUOTE_LOG_LEVEL="error") == []
