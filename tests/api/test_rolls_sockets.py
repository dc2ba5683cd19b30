"""Rolls on real sockets: rows before the last are sent, clients that go or stall, workers that die, the end."""

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.api.rolls import BATCH
from tests.api.sockets import PATIENCE, Connection, Service, assert_quoted, assert_refused, quote, serving

HEADER = b"package,plan_type,member_id\n"
ROW = b"F,single,M-1\n"
PRICED = b"F,single,M-1,"
MANY = 20_000
SMALL_SPOOL: Any = {"idle_seconds": 1, "roll_memory_bytes": 50_000, "roll_spool_bytes": 50_000}
BIG = HEADER + ROW * MANY
RISES = 48 * 1024
"""KiB by which the memory of a process may rise over the second half of a long roll."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder: Path = tmp_path_factory.mktemp("rolls")
    with serving(folder, roll_workers=1, roll_wait_seconds=0.5, body_seconds=8) as service:
        yield service


def head(*lines: str, version: str = "1.1", form: str = "text/csv", query: str = "") -> bytes:
    always = [f"POST {BATCH}?as_of=2026-12-01{query} HTTP/{version}", "Host: test", f"Content-Type: {form}"]
    return "\r\n".join([*always, *lines, "", ""]).encode()


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


CHUNKED = head("Transfer-Encoding: chunked")


def whole(body: bytes, **head_parts: str) -> bytes:
    return head(f"Content-Length: {len(body)}", "Connection: close", **head_parts) + body


def exchanged(service: Service, request: bytes) -> bytes:
    """All that comes for a request."""
    with service.connect() as connection:
        return connection.send(request).rest()


def until(connection: Connection, end: bytes) -> bytes:
    """What comes up to some bytes."""
    received = b""
    while end not in received:
        data = connection.socket.recv(65_536)
        assert data, received[-500:]
        received += data
    return received


def chunks_of(answer: bytes) -> tuple[bytes, dict[str, str]]:
    """The body of a chunked answer, and its trailers."""
    _, _, rest = answer.partition(b"\r\n\r\n")
    body = b""
    while True:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size, 16)
        if not length:
            break
        body, rest = body + rest[:length], rest[length + 2 :]
    lines = [line.partition(b": ") for line in rest.split(b"\r\n") if line]
    return body, {name.decode(): value.decode() for name, _, value in lines}


def workers(service: Service) -> list[int]:
    """The processes that price rolls."""
    tasks = Path(f"/proc/{service.process.pid}/task").iterdir()
    children = [int(each) for task in tasks for each in (task / "children").read_text().split()]
    return [each for each in children if b"api.roll.worker" in Path(f"/proc/{each}/cmdline").read_bytes()]


def gone(pid: int) -> bool:
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return True


def soon(condition: object) -> bool:
    """Whether something becomes so before patience ends."""
    deadline = time.monotonic() + PATIENCE
    assert callable(condition)
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def assert_next_roll_works(service: Service) -> None:
    body, trailers = chunks_of(exchanged(service, whole(BIG)))
    assert body.count(b"\n") == MANY + 1
    assert json.loads(trailers["rielquote-summary"])["monthly_premium"] == str(1694 * MANY)


def test_the_first_rows_are_seen_before_the_last_are_sent(service: Service) -> None:
    with service.connect() as connection:
        connection.send(CHUNKED + chunk(HEADER + ROW))
        first = until(connection, PRICED)
        assert b"trailer: rielquote-summary" in first.lower()
        connection.send(chunk(b"G,single,M-2\n"))
        until(connection, b"M-2,2,refused,,,invalid_request")
        connection.send(b"0\r\n\r\n")
        rest = until(connection, b"\r\n\r\n")
        summary = json.loads(rest.partition(b"rielquote-summary: ")[2].partition(b"\r\n")[0])
        assert (summary["complete"], summary["rows"], summary["refused_by_code"]) == (True, 2, {"invalid_request": 1})


def test_persons_that_come_one_by_one_are_priced_when_their_household_is_whole(service: Service) -> None:
    with service.connect() as connection:
        connection.send(CHUNKED + chunk(b"household_id,package,relation,age\nH1,F,member,30\n"))
        for _ in range(3):
            time.sleep(0.1)
            connection.send(chunk(b"H1,F,child,5\n"))
        time.sleep(0.1)
        connection.send(chunk(b"H2,F,member,30\n"))
        assert b"H1,F,member,30,1,priced" in until(connection, b"H1,F,child,5,4,priced")
        connection.send(b"0\r\n\r\n")
        until(connection, b"H2,F,member,30,5,priced,1694,")


def test_who_sends_everything_before_reading_gets_it_all(service: Service) -> None:
    rows = 400_000
    with service.connect() as connection:
        connection.send(whole(HEADER + ROW * rows))
        body, trailers = chunks_of(connection.rest())
    assert body.count(b"\n") == rows + 1
    assert body.endswith(b",%d,priced,1694,1693.566177428997,,\n" % rows)
    assert json.loads(trailers["rielquote-summary"])["rows"] == rows


def test_http_1_0_gets_the_rows_and_no_trailer(service: Service) -> None:
    for body, rows in ((HEADER + ROW, 1), (BIG, MANY)):
        answer = exchanged(service, whole(body, version="1.0"))
        first, _, rest = answer.partition(b"\r\n\r\n")
        assert b"chunked" not in first.lower()
        assert b"trailer" not in first.lower()
        assert rest.count(b"\n") == rows + 1


def test_a_client_that_goes_stops_the_work(service: Service) -> None:
    with service.connect() as connection:
        connection.send(CHUNKED + chunk(HEADER + ROW))
        until(connection, PRICED)
        (worker,) = workers(service)
    assert soon(lambda: gone(worker))
    assert_next_roll_works(service)


def test_a_client_that_stops_sending_is_told_so_or_cut_off(service: Service) -> None:
    with service.connect() as connection:
        connection.send(CHUNKED + chunk(HEADER[:5]))
        assert_refused(connection.answer(), 408, "request_timeout", BATCH)
    with service.connect() as connection:
        connection.send(CHUNKED + chunk(HEADER + ROW))
        assert not connection.rest().endswith(b"0\r\n\r\n"), "the answer looks whole"
    assert_next_roll_works(service)


def test_a_trickle_is_too_slow(tmp_path: Path) -> None:
    with serving(tmp_path, body_seconds=1, roll_bytes_per_second=1_000_000) as service, service.connect() as connection:
        connection.send(CHUNKED + chunk(HEADER))
        assert connection.drip((chunk(b" ") for _ in range(1000)), 0.1) < 4


def test_a_worker_that_dies_ends_its_roll_alone(service: Service) -> None:
    with service.connect() as connection:
        connection.send(CHUNKED + chunk(HEADER + ROW))
        until(connection, PRICED)
        os.kill(workers(service)[0], signal.SIGKILL)
        assert not connection.rest().endswith(b"0\r\n\r\n"), "the answer looks whole"
    with service.connect() as connection:
        connection.send(CHUNKED + chunk(HEADER[:5]))
        assert soon(lambda: workers(service))
        time.sleep(0.2)
        os.kill(workers(service)[0], signal.SIGKILL)
        answer = connection.answer()
        assert answer is not None
        assert (answer.status, answer.json["code"], answer.headers["retry-after"]) == (503, "overloaded", "1")
    assert_next_roll_works(service)


def test_another_roll_waits_and_is_shed_while_quotes_go_on(service: Service) -> None:
    with service.connect() as connection:
        connection.send(CHUNKED + chunk(HEADER + ROW))
        until(connection, PRICED)
        shed = service.ask(whole(BIG))
        assert (shed.status, shed.json["code"], shed.headers["retry-after"]) == (503, "overloaded", "1")
        assert_quoted(service.ask(quote()))
        small = exchanged(service, whole(HEADER + ROW))
        assert PRICED in small, "a small roll needs no worker"


def test_sigterm_in_the_middle_of_a_roll_ends_everything(tmp_path: Path) -> None:
    with serving(tmp_path, shutdown_seconds=1) as service, service.connect() as connection:
        connection.send(CHUNKED + chunk(HEADER + ROW))
        until(connection, PRICED)
        (worker,) = workers(service)
        service.stop()
        assert service.process.wait(PATIENCE) == 0
        assert soon(lambda: gone(worker))


def test_a_server_that_is_killed_leaves_no_worker(tmp_path: Path) -> None:
    with serving(tmp_path) as service, service.connect() as connection:
        connection.send(CHUNKED + chunk(HEADER + ROW))
        until(connection, PRICED)
        (worker,) = workers(service)
        service.stop(signal.SIGKILL)
        assert soon(lambda: gone(worker))


@pytest.mark.parametrize("form", ["text/csv", "application/json"])
def test_a_roll_that_grows_too_long_says_so_in_its_last_row(tmp_path: Path, form: str) -> None:
    body = BIG if form == "text/csv" else b"[" + b",".join([b'{"package":"F","plan_type":"single"}'] * MANY) + b"]"
    with serving(tmp_path, roll_max_rows=MANY // 2, roll_workers=1) as service:
        seen = set()
        for _ in range(2):  # the worker goes on to the next roll
            answer, trailers = chunks_of(exchanged(service, whole(body, form=form)))
            summary = json.loads(trailers["rielquote-summary"])
            assert (summary["complete"], summary["rows"], summary["code"]) == (False, MANY // 2, "body_too_large")
            assert b"No row after this: A roll may have at most 10000 rows." in answer[-200:]
            (worker,) = workers(service)
            seen.add(worker)
        assert len(seen) == 1


def test_a_declared_length_over_the_limit_is_refused_at_once(tmp_path: Path) -> None:
    with serving(tmp_path, roll_max_bytes=100_000) as service:
        refused = service.ask(head("Content-Length: 100001"))
        assert_refused(refused, 413, "body_too_large", BATCH)
        with service.connect() as connection:
            begun = until(connection.send(CHUNKED + chunk(HEADER + ROW)), PRICED)  # before that it would be a 413
            for _ in range(3):
                connection.send(chunk(ROW * 5_000))
            connection.send(b"0\r\n\r\n")
            body, _ = chunks_of(begun + connection.rest())
        assert b"at most 100000 bytes" in body.splitlines()[-1]


def most_memory(service: Service) -> dict[int, int]:
    """The most memory that the service and its workers have taken, in KiB."""
    found = {}
    for pid in (*workers(service), service.process.pid):
        status = Path(f"/proc/{pid}/status").read_text()
        found[pid] = int(status.partition("VmHWM:")[2].split()[0])
    return found


def test_memory_stays_flat_over_two_million_rows(tmp_path: Path) -> None:
    piece, pieces = chunk(ROW * 10_000), 200
    with serving(tmp_path, roll_workers=1, roll_max_bytes=1 << 30) as service, service.connect() as connection:
        connection.socket.settimeout(PATIENCE)
        sending = threading.Thread(
            target=lambda: connection.send(CHUNKED + chunk(HEADER)).send(piece * pieces).send(b"0\r\n\r\n")
        )
        sending.start()
        end, rows = b"", 0
        half_way: dict[int, int] = {}
        while b"\r\nrielquote-summary: " not in end:
            data = connection.socket.recv(1 << 20)
            assert data
            rows += data.count(PRICED)
            end = end[-200:] + data
            if not half_way and rows > pieces * 10_000 / 2:
                half_way = most_memory(service)
        sending.join()
        assert len(half_way) == 2
        assert {
            pid: most - half_way[pid] for pid, most in most_memory(service).items() if most - half_way[pid] > RISES
        } == {}


def test_a_socket_that_is_reset_stops_the_work(service: Service) -> None:
    connection = service.connect()
    connection.send(CHUNKED + chunk(HEADER + ROW))
    until(connection, PRICED)
    (worker,) = workers(service)
    connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.socket.close()
    assert soon(lambda: gone(worker))


def _pushed(connection: Connection, data: bytes) -> None:
    """Send what can be sent at once."""
    with suppress(BlockingIOError, ConnectionError):
        connection.socket.send(data)


@pytest.mark.parametrize("goes_on_sending", [False, True])
def test_a_client_that_never_reads_does_not_keep_its_worker(tmp_path: Path, goes_on_sending: bool) -> None:
    with serving(tmp_path, roll_workers=1, roll_wait_seconds=PATIENCE, **SMALL_SPOOL) as service:
        with service.connect() as silent, service.connect() as other:
            silent.send(CHUNKED + chunk(HEADER + ROW))
            until(silent, PRICED)  # the only worker is taken
            (worker,) = workers(service)
            silent.socket.setblocking(False)
            other.send(whole(BIG))
            other.socket.settimeout(0.05)
            began, answer = time.monotonic(), b""
            pushed = 0
            while not answer.endswith(b"\r\n\r\n") or b"rielquote-summary: " not in answer:
                if goes_on_sending or pushed < 2_000:
                    pushed += 1
                    _pushed(silent, chunk(ROW * (MANY // 20)))
                with suppress(TimeoutError):
                    data = other.socket.recv(1 << 20)
                    assert data, "the worker is kept"
                    answer += data
                    other.socket.settimeout(PATIENCE)
                assert time.monotonic() - began < PATIENCE
        assert soon(lambda: gone(worker))
        assert json.loads(chunks_of(answer)[1]["rielquote-summary"])["rows"] == MANY


def test_an_answer_that_has_no_place_is_refused_in_http_1_0(tmp_path: Path) -> None:
    with serving(tmp_path, roll_workers=1, **SMALL_SPOOL) as service:
        head_of_refusal = exchanged(service, whole(BIG, version="1.0")).partition(b"\r\n")[0]
        assert head_of_refusal.startswith(b"HTTP/1.1 413 ")
        assert_next_roll_works(service)
