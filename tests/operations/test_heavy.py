"""Worker processes: bounded, replaced when they fail, ended in the end, and never waited for by the event loop."""

import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import Coroutine
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api import workers
from api.application import Application, create_app
from api.heavy import Job, Pool
from api.problems import Problem
from api.settings import Settings
from tests.api.sockets import PATIENCE, quote, serving
from tests.api.support import PROJECTIONS, QUOTES, SENSITIVITY, SOLVE, STOCHASTIC, answer, assert_problem, post

# A worker that does as its job says: answer with its own number, wait for a file to be opened, never answer, die, fail.
STUB = """
import json, sys; sys.path[:] = json.loads(sys.argv.pop())
import os, pickle, signal, socket
from api.heavy import Job
stream = socket.socket(fileno=int(sys.argv[1])).makefile("rwb")
if os.path.exists(gate := os.environ.get("GATE", "")):
    open(gate).close()
stream.write(b"R" + bytes(4))
stream.flush()
while header := stream.read(5):
    what = pickle.loads(stream.read(int.from_bytes(header[1:], "little"))).question
    if what == "never":
        signal.pause()
    if what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if what.startswith("/"):
        open(what).close()
    kind, answer = (b"F", b"") if what == "fail" else (b"A", str(os.getpid()).encode())
    stream.write(kind + len(answer).to_bytes(4, "little") + answer)
    stream.flush()
"""

CASES: list[tuple[str, Any]] = [
    (SENSITIVITY, {"share": "0.2"}),
    (SENSITIVITY, {"share": "0.3", "measure": "total_subsidy", "members": [5, 0, 7], "explain": True}),
    (SOLVE, {"solve_for": "members", "year": 3, "explain": True}),
    (SOLVE, {"solve_for": "premium_factor", "overrides": {"projection_basis": {"exchange_rate": "4000"}}}),
    (SOLVE, {"solve_for": "premium_factor", "members": [0]}),
    (SOLVE, {"solve_for": "members", "year": 9}),
    (STOCHASTIC, {"paths": 200, "seed": 5, "explain": True}),
    (SENSITIVITY, {"share": "0.2", "overrides": {"loadings": {"equity_value": 1}}}),
]


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_START", STUB)


def job(what: str) -> Job:
    return Job("", what, date(2026, 12, 1), {}, explain=False, csv=False)


def run(scenario: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(scenario, PATIENCE))


async def refused(pool: Pool, what: str) -> Problem:
    with pytest.raises(Problem) as problem:
        await pool.solve(job(what))
    return problem.value


async def ended(pid: bytes) -> None:
    """Wait until a process is no more."""
    with suppress(ProcessLookupError), open(os.pidfd_open(int(pid)), "rb") as process:  # noqa: PTH123, ASYNC230  (a number)
        assert await asyncio.to_thread(select.select, [process], [], [], PATIENCE) == ([process], [], [])


def test_no_process_is_started_before_it_is_needed_and_then_it_stays(stub: None, monkeypatch: Any) -> None:
    started: list[int] = []
    spawn = workers._spawn

    def counted(*given: Any) -> Any:
        process = spawn(*given)
        started.append(process.pid)
        return process

    monkeypatch.setattr(workers, "_spawn", counted)

    async def scenario() -> None:
        pool = Pool(Settings())
        assert started == []
        assert await pool.solve(job("")) == await pool.solve(job("")) == str(started[0]).encode()
        assert len(started) == 1
        await pool.workers.close()

    run(scenario())


def test_a_worker_that_dies_is_replaced_and_its_request_gets_a_problem(stub: None) -> None:
    async def scenario() -> None:
        pool = Pool(Settings())
        first = await pool.solve(job(""))
        assert (await refused(pool, "die")).code == "internal_error"
        second = await pool.solve(job(""))
        assert second != first
        os.kill(int(second), signal.SIGKILL)  # while it has nothing to do
        await ended(second)
        assert await pool.solve(job("")) not in (first, second)
        await pool.workers.close()

    run(scenario())


def test_a_calculation_that_fails_is_a_fault_and_its_worker_goes_on(stub: None) -> None:
    async def scenario() -> None:
        pool = Pool(Settings())
        first = await pool.solve(job(""))
        assert (await refused(pool, "fail")).code == "internal_error"
        assert await pool.solve(job("")) == first
        await pool.workers.close()

    run(scenario())


def test_a_deadline_ends_the_calculation_and_its_process(stub: None) -> None:
    async def scenario() -> None:
        pool = Pool(Settings())
        first = await pool.solve(job(""))
        pool._seconds = 0.05
        problem = await refused(pool, "never")
        assert (problem.code, problem.status, dict(problem.headers)) == ("deadline_passed", 503, {b"retry-after": b"1"})
        assert "0.05 seconds" in problem.detail
        await ended(first)
        pool._seconds = PATIENCE
        assert await pool.solve(job("")) != first
        await pool.workers.close()

    run(scenario())


def test_a_worker_that_loads_longer_than_the_deadline_is_there_for_the_next_request(
    stub: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    monkeypatch.setenv("GATE", str(gate))

    async def scenario() -> None:
        pool = Pool(Settings(heavy_seconds=0.5))
        for _ in range(2):
            assert (await refused(pool, "")).code == "deadline_passed"
        (loading,) = pool.workers._idle
        await asyncio.to_thread(gate.write_text, "")
        pool._seconds = PATIENCE
        assert await pool.solve(job("")) == str(loading.process.pid).encode()
        await pool.workers.close()

    run(scenario())


def test_a_full_pool_refuses_at_once_and_then_answers_again(stub: None, tmp_path: Path) -> None:
    gates = [tmp_path / "one", tmp_path / "two"]
    for gate in gates:
        os.mkfifo(gate)

    async def scenario() -> None:
        pool = Pool(Settings(heavy_workers=2, heavy_queue=1))
        held = [asyncio.create_task(pool.solve(job(str(gate)))) for gate in gates]
        waiting = asyncio.create_task(pool.solve(job("")))
        await asyncio.sleep(0)
        problem = await refused(pool, "")
        assert (problem.code, problem.status, dict(problem.headers)) == ("overloaded", 503, {b"retry-after": b"1"})
        for gate in gates:
            await asyncio.to_thread(gate.write_text, "")
        assert len({await each for each in held}) == 2
        assert await waiting in {await each for each in held}
        await pool.solve(job(""))
        await pool.workers.close()

    run(scenario())


def test_who_waits_too_long_for_a_worker_is_told_so_and_leaves_its_place(stub: None) -> None:
    async def scenario() -> None:
        pool = Pool(Settings(heavy_workers=1, heavy_queue=1, heavy_seconds=0.5))
        both = await asyncio.gather(refused(pool, "never"), refused(pool, ""))
        assert [each.code for each in both] == ["deadline_passed"] * 2
        pool._seconds = PATIENCE
        assert await pool.solve(job(""))
        await pool.workers.close()

    run(scenario())


def test_closing_ends_workers_that_rest_and_that_work(stub: None) -> None:
    async def scenario() -> None:
        pool = Pool(Settings(heavy_workers=2))
        resting, working = await asyncio.gather(pool.solve(job("")), pool.solve(job("")))
        never = asyncio.create_task(refused(pool, "never"))
        await asyncio.sleep(0)
        assert len(pool.workers._working) == 1
        await pool.workers.close()
        assert (await never).code == "internal_error"
        await ended(resting)
        await ended(working)

    run(scenario())


def test_other_requests_are_answered_while_a_worker_works(stub: None, tmp_path: Path) -> None:
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path / 'store.db'}"))
    with TestClient(app) as client:
        pool: Pool = app.state.running.pool
        assert client.portal is not None
        never = client.portal.start_task_soon(refused, pool, "never")
        for _ in range(100):
            answer(post(client, QUOTES, {"package": "F", "plan_type": "single"}))
        assert not never.done()
    assert never.result(PATIENCE).code == "internal_error"


def test_a_worker_ends_with_its_parent(tmp_path: Path) -> None:
    # The worker has the parent's output too: reading it to its end waits for both.
    parent = """
import asyncio, os
from datetime import date
from api.heavy import Job, Pool
from api.settings import Settings
async def start():
    pool = Pool(Settings())
    try:
        await pool.solve(Job("", None, date(2026, 12, 1), {}, explain=False, csv=False))
    except Exception as fault:
        print(fault, len(pool.workers._idle), flush=True)
    os._exit(7)
asyncio.run(start())
"""
    command = [sys.executable, "-c", parent]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)  # noqa: S603
    assert (done.returncode, done.stdout) == (7, "internal_error 1\n"), done.stderr
    assert "calculation failed" in done.stderr


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("heavy")
    app = create_app(Settings(database_url=f"sqlite:///{folder / 'store.db'}"))
    with TestClient(app) as client:
        yield app, client


@pytest.mark.parametrize(("path", "body"), CASES)
def test_a_worker_s_answer_is_the_one_that_would_be_given_here(
    started: tuple[Application, TestClient], monkeypatch: pytest.MonkeyPatch, path: str, body: Any
) -> None:
    app, client = started
    elsewhere = post(client, path, {"as_of": "2026-12-01", **body})
    monkeypatch.setattr(app.state.running, "pool", None)
    here = post(client, path, {"as_of": "2026-12-01", **body})
    assert (elsewhere.status_code, elsewhere.content) == (here.status_code, here.content)
    assert elsewhere.status_code in (200, 409)


def test_a_heavy_calculator_answers_as_csv_too(
    started: tuple[Application, TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, client = started
    monkeypatch.setattr(app.calculators[PROJECTIONS], "_is_heavy", True)
    elsewhere = post(client, PROJECTIONS, {"members": [10, 20]}, accept="text/csv")
    monkeypatch.setattr(app.calculators[PROJECTIONS], "_is_heavy", False)
    assert elsewhere.content == post(client, PROJECTIONS, {"members": [10, 20]}, accept="text/csv").content
    assert elsewhere.text.startswith("year,members,")


def test_nothing_of_a_refused_heavy_request_is_echoed(started: tuple[Application, TestClient]) -> None:
    _, client = started
    assert_problem(post(client, SOLVE, {"solve_for": "members", "year": 7}), 409, "year_not_projected")


@pytest.mark.parametrize("processes", [1, 2])
def test_the_real_server_works_so_and_ends_in_good_order(tmp_path: Path, processes: int) -> None:
    body = b'{"solve_for":"members","year":3,"as_of":"2026-12-01"}'
    with serving(tmp_path, "--workers", str(processes)) as service:
        with service.connect() as connection:
            connection.send(quote(body=body).replace(QUOTES.encode(), SOLVE.encode(), 1))
            solved = connection.answer()
        assert solved is not None
        assert (solved.status, solved.json["value"]) == (200, "43204")
        service.stop(signal.SIGTERM)
        assert service.process.wait(PATIENCE) == 0
