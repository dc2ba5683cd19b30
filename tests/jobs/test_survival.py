"""Jobs whose process dies, stops, or shares its store with another: the real service, killed for real."""

import json
import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.api.sockets import PATIENCE, SERVE, Service, serving
from tests.jobs.asking import ASYNC, ask, csv_roll, ended, send, show, submit, until

LEASE = 2
MIN_BYTES = 1_000


@contextmanager
def started(folder: Path, **settings: float) -> Iterator[Service]:
    """A service whose every roll may become a job, and whose leases are short."""
    lease = settings.pop("job_lease_seconds", LEASE)
    with serving(folder, command=SERVE, job_min_bytes=MIN_BYTES, job_lease_seconds=lease, **settings) as service:
        yield service


def head(roll: bytes) -> bytes:
    """The head of a request for a job."""
    lines = ["Host: test", "Content-Type: text/csv", "Prefer: respond-async", f"Content-Length: {len(roll)}"]
    return "\r\n".join(["POST /v1/mba/quotes/batch HTTP/1.1", *lines, "", ""]).encode()


def rows(folder: Path, query: str) -> list[Any]:
    """What the store says."""
    with closing(sqlite3.connect(folder / "rielquote.db", timeout=PATIENCE)) as connection:
        return connection.execute(query).fetchall()


def workers_of(service: Service) -> list[int]:
    """The processes that price for a service."""
    listed = subprocess.run(["ps", "-ww", "-o", "pid=,args=", "-A"], capture_output=True, text=True, check=True).stdout  # noqa: S607
    found = []
    for line in listed.splitlines():
        number, _, arguments = line.strip().partition(" ")
        if "api.roll.worker" in arguments:
            with suppress(ProcessLookupError):
                if os.getpgid(int(number)) == service.process.pid:
                    found.append(int(number))
    return found


def is_empty(folder: Path, table: str) -> bool:
    """Whether a table of the store has no rows."""
    return rows(folder, f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608  (our own tables)


def kill(service: Service) -> None:
    """End a service and its workers at once."""
    os.killpg(service.process.pid, signal.SIGKILL)
    service.process.wait(PATIENCE)


def running(service: Service, address: str) -> None:
    """Wait until some rows have been answered."""
    until(lambda: show(service, address)["rows"])


def test_a_job_outlives_its_process(tmp_path: Path, long_roll: bytes) -> None:
    with started(tmp_path) as first:
        address = submit(first, long_roll, idempotency_key="k")
        running(first, address)
        kill(first)
        assert rows(tmp_path, "SELECT status, attempt FROM job") == [("running", 1)]
        assert rows(tmp_path, "SELECT count(*) FROM job_output")[0][0] > 0
    with started(tmp_path) as second:
        shown = ended(second, address)
        assert (shown["status"], shown["rows"]) == ("succeeded", 600_000)
        assert ask(second, "GET", shown["links"]["result"]).body == send(second, long_roll).body
        assert submit(second, long_roll, idempotency_key="k") == address
        assert rows(tmp_path, "SELECT DISTINCT attempt FROM job_output") == [(2,)]
        until(lambda: rows(tmp_path, "SELECT count(*) FROM job_input") == [(0,)])


def test_a_process_that_is_stopped_gives_its_job_back(tmp_path: Path, long_roll: bytes) -> None:
    with started(tmp_path, job_lease_seconds=3_600) as first:
        address = submit(first, long_roll)
        running(first, address)
        first.stop()
        assert first.process.wait(PATIENCE) == 0
        assert rows(tmp_path, "SELECT status, runner, lease_until, deaths FROM job") == [("queued", None, None, 0)]
    with started(tmp_path, job_lease_seconds=3_600) as second:
        assert ended(second, address)["status"] == "succeeded"


def test_a_job_that_waits_is_run_after_a_restart(tmp_path: Path, long_roll: bytes, roll: bytes) -> None:
    with started(tmp_path) as first:
        addresses = [submit(first, each) for each in (long_roll, roll, roll)]
        kill(first)
    with started(tmp_path) as second:
        assert [ended(second, address)["status"] for address in addresses] == ["succeeded"] * 3


def test_a_worker_that_dies_is_replaced(tmp_path: Path, long_roll: bytes) -> None:
    with started(tmp_path) as service:
        address = submit(service, long_roll)
        running(service, address)
        for worker in workers_of(service):
            os.kill(worker, signal.SIGKILL)
        assert ended(service, address)["status"] == "succeeded"
        assert rows(tmp_path, "SELECT attempt, deaths FROM job") == [(2, 1)]


def test_a_job_that_kills_every_worker_is_given_up(tmp_path: Path, long_roll: bytes) -> None:
    with started(tmp_path) as service:
        address = submit(service, long_roll)

        def is_over() -> bool:
            for worker in workers_of(service):
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)
            return bool(show(service, address)["status"] == "failed")

        until(is_over)
        shown = show(service, address)
        assert shown["problem"]["code"] == "internal_error"
        assert rows(tmp_path, "SELECT deaths FROM job") == [(3,)]
        assert ended(service, submit(service, csv_roll(2_000)))["status"] == "succeeded"


def test_two_processes_on_one_store_share_the_jobs_and_run_none_twice(tmp_path: Path) -> None:
    rolls = [csv_roll(20_000 + number) for number in range(6)]
    with started(tmp_path) as one, started(tmp_path) as other:
        addresses = [submit(one if number % 2 else other, roll) for number, roll in enumerate(rolls)]
        for address, roll in zip(addresses, rolls, strict=True):
            shown = ended(other, address)
            assert (shown["status"], shown["rows"]) == ("succeeded", roll.count(b"\n") - 1)
            assert ask(one, "GET", f"{address}/result").body == send(one, roll).body
        assert rows(tmp_path, "SELECT attempt, count(*) FROM job GROUP BY attempt") == [(1, 6)]


def by_one_of_two(one: Service, other: Service, roll: bytes) -> tuple[Service, Service, str]:
    """Who of two runs a job, who does not, and the job's address."""
    address = submit(one, roll)
    running(one, address)
    return (one, other, address) if workers_of(one) else (other, one, address)


def test_a_job_is_cancelled_through_another_process(tmp_path: Path, long_roll: bytes) -> None:
    with started(tmp_path) as one, started(tmp_path) as other:
        runner, another, address = by_one_of_two(one, other, long_roll)
        assert ask(another, "DELETE", address).status == 204
        assert show(runner, address)["status"] == "cancelled"
        until(lambda: not workers_of(runner))
        for table in ("job_input", "job_output"):
            until(partial(is_empty, tmp_path, table))


def test_a_process_that_sleeps_through_its_lease_writes_nothing_more(tmp_path: Path, long_roll: bytes) -> None:
    with started(tmp_path) as one, started(tmp_path) as other:
        runner, another, address = by_one_of_two(one, other, long_roll)
        until(lambda: stopped_without_a_lock(runner, tmp_path))
        until(lambda: rows(tmp_path, "SELECT attempt FROM job") == [(2,)])
        runner.stop(signal.SIGCONT)
        shown = ended(another, address)
        assert (shown["status"], shown["rows"]) == ("succeeded", 600_000)
        assert ask(another, "GET", shown["links"]["result"]).body == send(another, long_roll).body
        until(lambda: rows(tmp_path, "SELECT DISTINCT attempt FROM job_output") == [(2,)])
        assert rows(tmp_path, "SELECT attempt, status FROM job") == [(2, "succeeded")]


def stopped_without_a_lock(service: Service, folder: Path) -> bool:
    """Stop a process, unless it is in the middle of a transaction, which would stop everybody on SQLite."""
    service.stop(signal.SIGSTOP)
    os.waitid(os.P_PID, service.process.pid, os.WSTOPPED)  # every thread: a signal that was sent has stopped nobody yet
    with closing(sqlite3.connect(folder / "rielquote.db", timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            service.stop(signal.SIGCONT)
            return False
    return True


def test_a_synchronous_roll_has_the_other_worker(tmp_path: Path, roll: bytes) -> None:
    with started(tmp_path, roll_wait_seconds=1) as service:
        address = submit(service, roll)
        until(lambda: workers_of(service))
        (worker,) = workers_of(service)
        os.kill(worker, signal.SIGSTOP)
        waiting = submit(service, csv_roll(100))
        assert send(service, csv_roll(10_000)).status == 200
        assert (show(service, address)["status"], show(service, waiting)["status"]) == ("running", "queued")
        assert len(workers_of(service)) == 2
        os.kill(worker, signal.SIGCONT)
        assert [ended(service, each)["status"] for each in (address, waiting)] == ["succeeded"] * 2


def test_a_roll_that_stops_coming_leaves_nothing(tmp_path: Path, roll: bytes) -> None:
    with started(tmp_path, body_seconds=0.3) as service:
        with service.connect() as connection:
            answer = connection.send(head(roll) + roll[:1_500]).answer()
            assert answer is not None
            assert (answer.status, json.loads(answer.body)["code"]) == (408, "request_timeout")
        with service.connect() as connection:
            connection.send(head(roll) + roll[:1_500])
            until(lambda: rows(tmp_path, "SELECT count(*) FROM job WHERE status = 'receiving'") == [(1,)])
        until(lambda: rows(tmp_path, "SELECT (SELECT count(*) FROM job), (SELECT count(*) FROM job_input)") == [(0, 0)])


def test_a_roll_whose_process_dies_while_it_comes_is_cleared_away(tmp_path: Path, roll: bytes) -> None:
    with started(tmp_path, body_seconds=1) as first, first.connect() as connection:
        connection.send(head(roll) + roll[:1_500])
        until(lambda: rows(tmp_path, "SELECT count(*) FROM job") == [(1,)])
        kill(first)
    with started(tmp_path):
        until(lambda: rows(tmp_path, "SELECT count(*) FROM job") == [(0,)])


@pytest.mark.parametrize("in_chunks", [False, True])
def test_a_roll_above_the_limit_is_refused_and_leaves_nothing(tmp_path: Path, in_chunks: bool) -> None:
    limit = 1_200_000
    roll = b"package,plan_type\n".ljust(limit, b"\n")
    with started(tmp_path, roll_max_bytes=limit) as service:
        for size, status in ((limit, 202), (limit + 1, 413)):
            body: Any = roll.ljust(size, b"\n")
            answer = send(service, iter((body,)) if in_chunks else body, **ASYNC)
            assert answer.status == status
        assert answer.json["code"] == "body_too_large"
        until(lambda: rows(tmp_path, "SELECT count(*) FROM job") == [(1,)])


def test_more_jobs_than_may_wait_are_shed(tmp_path: Path, long_roll: bytes, roll: bytes) -> None:
    with started(tmp_path, job_max_waiting=2) as service:
        addresses = [submit(service, long_roll, idempotency_key=f"k{number}") for number in range(2)]
        shed = send(service, roll, **ASYNC)
        assert (shed.status, shed.json["code"], shed.headers["retry-after"]) == (503, "overloaded", "1")
        assert submit(service, long_roll, idempotency_key="k0") == addresses[0], "that one is there"
        assert send(service, roll).status == 200
        ask(service, "DELETE", addresses[0])
        assert send(service, roll, **ASYNC).status == 202


def test_more_bytes_than_may_be_kept_are_shed(tmp_path: Path, roll: bytes) -> None:
    with started(tmp_path, job_max_stored_bytes=50_000) as service:
        address = submit(service, roll)
        ended(service, address)
        assert send(service, roll, **ASYNC).status == 503
        ask(service, "DELETE", address)
        until(lambda: send(service, roll, **ASYNC).status == 202)


def test_a_job_expires_and_nothing_is_left_of_it(tmp_path: Path, roll: bytes) -> None:
    with started(tmp_path, job_keep_seconds=2) as service:
        address = submit(service, roll, idempotency_key="k")
        assert ended(service, address)["status"] == "succeeded"
        assert ask(service, "GET", f"{address}/result").status == 200
        until(lambda: ask(service, "GET", address).status == 404)
        assert ask(service, "GET", f"{address}/result").status == 404
        assert submit(service, roll, idempotency_key="k") != address
        everything = (
            "SELECT (SELECT count(*) FROM job), (SELECT count(*) FROM job_input), (SELECT count(*) FROM job_output)"
        )
        until(lambda: rows(tmp_path, everything) == [(0, 0, 0)])
