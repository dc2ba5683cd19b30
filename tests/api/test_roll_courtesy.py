"""A roll gives way to other requests: it pauses while there are any, in proportion to what it has passed."""

import asyncio
import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.application import create_app
from api.metrics import Metrics
from api.roll.courtesy import PAUSE_SECONDS, QUANTUM, Courtesy
from api.settings import Settings
from tests.api.rolls import BATCH
from tests.docs.console import ROLLS

SECONDS = 30
"""How long a job may take."""


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of every pause, in place of the pauses."""
    found: list[float] = []

    async def pause(seconds: float) -> None:
        found.append(seconds)

    monkeypatch.setattr("api.roll.courtesy.asyncio.sleep", pause)
    return found


def passing(sizes: list[int], *, beside: bool) -> None:
    """Pass pieces of a roll, with a request answered before each of them, or with none."""

    async def passed() -> None:
        metrics = Metrics()
        roll = Courtesy(metrics)
        for size in sizes:
            if beside:
                metrics.observe("POST", "/v1/mba/quotes", 200, 0.001)
            await roll.passed(size)

    asyncio.run(passed())


def test_a_roll_alone_never_pauses(pauses: list[float]) -> None:
    passing([QUANTUM, 10 * QUANTUM, 1, QUANTUM - 1], beside=False)
    assert pauses == []


def test_beside_other_requests_it_pauses_after_every_quantum(pauses: list[float]) -> None:
    passing([QUANTUM, QUANTUM - 1, 1, 4 * QUANTUM], beside=True)
    assert pauses == [PAUSE_SECONDS, PAUSE_SECONDS, 4 * PAUSE_SECONDS]


def test_it_goes_on_at_once_when_the_others_are_done(pauses: list[float]) -> None:
    async def passed() -> None:
        metrics = Metrics()
        roll = Courtesy(metrics)
        metrics.observe("GET", "/livez", 200, 0.001)
        for _ in range(5):
            await roll.passed(QUANTUM)

    asyncio.run(passed())
    assert pauses == [PAUSE_SECONDS]


def test_all_that_comes_of_a_roll_passes_by_it(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[int] = []

    async def note(_: Courtesy, size: int) -> None:
        passed.append(size)

    monkeypatch.setattr(Courtesy, "passed", note)
    roll = b"package,plan_type\n" + b"F,single\n" * QUANTUM
    assert client.post(BATCH, content=roll, headers={"content-type": "text/csv"}).status_code == 200
    assert sum(passed) == len(roll)


def test_its_pace_beside_others_is_the_one_that_is_documented() -> None:
    pace = f"{QUANTUM / PAUSE_SECONDS / 1e6:.0f} MB a second"
    assert f"comes in at {pace} at most" in ROLLS.read_text(encoding="utf-8")


def test_a_job_s_roll_passes_by_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[int] = []

    async def note(_: Courtesy, size: int) -> None:
        passed.append(size)

    monkeypatch.setattr(Courtesy, "passed", note)
    roll = b"package,plan_type\n" + b"F,single\n" * 1_000
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'rielquote.db'}", job_min_bytes=1_000)
    with TestClient(create_app(settings)) as client:
        job = client.post(BATCH, content=roll, headers={"content-type": "text/csv", "prefer": "respond-async"})
        assert job.status_code == 202
        ends = time.monotonic() + SECONDS
        while client.get(job.headers["location"]).json()["status"] not in {"succeeded", "failed"}:
            assert time.monotonic() < ends
            time.sleep(0.05)
    assert sum(passed) == len(roll)
