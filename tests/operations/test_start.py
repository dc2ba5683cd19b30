"""A start loads little: what only rolls and simulations need is loaded by workers, one before the first roll."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api import application, workers
from api.application import create_app
from api.roll.workers import Pricers
from api.settings import Settings
from api.workers import Workers
from tests.api.sockets import PATIENCE


def test_the_server_starts_without_numpy_and_arrow() -> None:
    loaded = "import sys, api.main, api.cli; print(sorted({'numpy', 'pyarrow'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, timeout=PATIENCE, check=True)  # noqa: S603
    assert done.stdout == "[]\n"


def workers_of(app: application.Application) -> Workers:
    route = app.calculators["/v1/mba/quotes/batch"]
    pricers = route.pricers  # type: ignore[union-attr]
    assert isinstance(pricers, Pricers)
    return pricers.workers


def test_soon_after_the_start_a_worker_waits_for_the_first_roll(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "WARM_SECONDS", 0)
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path / 'store.db'}"))
    with TestClient(app):
        found = workers_of(app)
        deadline = time.monotonic() + PATIENCE
        while not found._idle:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        (worker,) = found._idle
        assert worker.alive
    worker.process.wait(PATIENCE)


def test_who_stops_at_once_has_started_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    monkeypatch.setattr(workers, "_spawn", started.append)
    with TestClient(create_app(Settings(database_url=f"sqlite:///{tmp_path / 'store.db'}"))):
        pass
    assert started == []


def test_no_worker_is_warmed_where_one_has_been_started() -> None:
    async def scenario() -> None:
        found = Pricers(Settings()).workers
        async with found.one():
            await found.warm()
            assert not found._idle
        await found.warm()
        assert len(found._idle) == 1
        await found.close()

    asyncio.run(scenario())
