"""SIGTERM, sent for real: what was accepted is answered, and the process ends in bounded time.

A request is accepted when all of it had been sent before the signal. One sent later is answered too, or its connection
ends without a byte of an answer, so that the client may safely ask again. No answer is ever cut short.
"""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.connections import LINGER_SECONDS
from api.protocol import DRAIN_SECONDS
from api.server import OVERTIME_SECONDS, WORKER_SECONDS
from tests.api.sockets import (
    HOST,
    PATIENCE,
    QUOTE,
    Answer,
    Service,
    assert_quoted,
    assert_refused,
    get,
    get_head,
    post_head,
    quote,
    serving,
)

SLACK = 4.0
"""Seconds that a process may take to end on a busy machine."""
SOON = DRAIN_SECONDS + LINGER_SECONDS + SLACK
CLIENTS = 16
REQUESTS = 5_000

STUB = f"""
import asyncio, sys, time
from api import server

async def stub(scope, receive, send):
    if scope["type"] == "lifespan":
        for step in ("startup", "shutdown"):
            await receive()
            await send({{"type": f"lifespan.{{step}}.complete"}})
        return
    _, what, seconds = (scope["path"] + "/0").split("/")[:3]
    if what in ("block", "stop"):
        time.sleep(float(seconds))
    if what == "stop":
        for connection in list(send.__self__.on_response.__self__.connections):
            connection.shutdown()
    await asyncio.sleep(float(seconds) if what == "wait" else 0)
    await send({{"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]}})
    await send({{"type": "http.response.body"}})

server.create_app = lambda settings: stub
server.OVERTIME_SECONDS = 1
server.serve(server.Settings(), "{HOST}", int(sys.argv[-1]), 1, print)
"""
"""The server around an application that takes its time: /block/2 blocks the process for two seconds, /wait/2 waits,
/stop/2 blocks and then tells every connection to shut down, as uvicorn does, before anything else can happen."""
STUBBED = ("-c", STUB)


@dataclass(frozen=True)
class Asked:
    """When a request had been sent, and how it was answered, if it was."""

    sent: float
    answer: Answer | None


def _ask_until_closed(service: Service, asked: list[Asked], warm: threading.Semaphore) -> None:
    with service.connect() as connection:
        for _ in range(REQUESTS):
            try:
                connection.send(quote())
            except ConnectionError:
                return
            sent = time.monotonic()
            answer = connection.answer()
            asked.append(Asked(sent, answer))
            warm.release()
            if answer is None or answer.closes:
                return


@contextmanager
def _ending(service: Service, seconds: float, number: int = signal.SIGTERM, code: int = 0) -> Iterator[float]:
    """Send the signal; afterwards the process has ended within some seconds of it, in good order."""
    signalled = time.monotonic()
    service.stop(number)
    yield signalled
    assert service.process.wait(seconds + PATIENCE) == code
    assert time.monotonic() - signalled < seconds
    with pytest.raises(ConnectionRefusedError):
        service.connect()


@pytest.mark.parametrize("workers", [1, 2])
def test_under_load_every_accepted_request_is_answered(tmp_path: Path, workers: int) -> None:
    with serving(tmp_path, "--workers", str(workers)) as service:
        logs: list[list[Asked]] = [[] for _ in range(CLIENTS)]
        warm = threading.Semaphore(0)
        clients = [threading.Thread(target=_ask_until_closed, args=(service, log, warm)) for log in logs]
        for client in clients:
            client.start()
        for _ in range(CLIENTS * 10):
            assert warm.acquire(timeout=PATIENCE)
        # A parent looks for signals twice a second.
        with _ending(service, SOON + 0.5 * (workers - 1)) as signalled:
            for client in clients:
                client.join(PATIENCE)
                assert not client.is_alive()
        for log in logs:
            *before, last = log
            for each in before:
                assert_quoted(each.answer)
            assert len(log) < REQUESTS, "stopped before the signal"
            if last.answer is not None:
                assert_quoted(last.answer)
            else:
                assert last.sent >= signalled, "accepted and not answered"


def test_who_connects_while_workers_stop_is_refused_at_once(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2") as service, service.connect() as arriving:
        arriving.send(post_head(f"Content-Length: {len(QUOTE)}") + QUOTE[:10])
        time.sleep(0.5)
        service.stop()
        deadline = time.monotonic() + SOON
        while True:  # a parent looks for signals twice a second
            try:
                service.connect().socket.close()
            except ConnectionRefusedError:
                break
            assert time.monotonic() < deadline, "a connection that nobody will ever accept"
            time.sleep(0.1)
        assert service.process.poll() is None, "it has ended: nothing was shown"
        assert_quoted(arriving.send(QUOTE[10:]).answer())
        assert service.process.wait(PATIENCE) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_what_is_accepted_is_answered_and_the_rest_closed(tmp_path: Path, number: int) -> None:
    with serving(tmp_path) as service, ExitStack() as connections:
        silent, idle, beginning, arriving, crowd = (connections.enter_context(service.connect()) for _ in range(5))
        for connection in (idle, beginning, arriving, crowd):
            assert_quoted(connection.send(quote()).answer())
        beginning.send(get("/livez")[:10])
        arriving.send(post_head(f"Content-Length: {len(QUOTE)}") + QUOTE[:5])
        assert_quoted(idle.send(quote()).answer())
        crowd.send(quote() * 20)
        with _ending(service, SOON, number):
            for _ in range(20):
                assert_quoted(crowd.answer())
            for connection in (silent, idle, beginning, crowd):
                assert connection.ends()
            answer = arriving.send(QUOTE[5:]).answer()
            assert_quoted(answer)
            assert answer is not None
            assert answer.closes
            assert arriving.ends()


def test_clients_that_neither_send_nor_read_do_not_hold_up_the_end(tmp_path: Path) -> None:
    with ExitStack() as connections:
        patient = serving(tmp_path, body_seconds=PATIENCE, idle_seconds=int(PATIENCE), shutdown_seconds=1)
        service = connections.enter_context(patient)
        assert service.ask(get("/openapi.json")).status == 200  # it is made once, which takes its time
        alone, together, unread = (connections.enter_context(service.connect()) for _ in range(3))
        alone.send(post_head("Content-Length: 1000"))
        together.send(quote() + post_head("Content-Length: 1000"))
        assert_quoted(together.answer())
        unread.send(get("/openapi.json") * 100)
        assert_quoted(service.ask(quote()))
        with _ending(service, 1 + LINGER_SECONDS + SLACK):
            for connection in (alone, together):
                assert_refused(connection.answer(), 408, "request_timeout")
                assert connection.ends()


def test_a_worker_that_is_stuck_is_ended(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2", shutdown_seconds=1) as service:
        parent = service.process.pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        workers = [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
        assert len(workers) == 2
        deadline = time.monotonic() + PATIENCE
        while (tmp_path / "log").read_text().count("Application startup complete") < 2:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        os.kill(workers[0], signal.SIGSTOP)
        # At worst the parent is just asking the worker how it is.
        with _ending(service, WORKER_SECONDS + 1 + OVERTIME_SECONDS + SLACK):
            pass
        assert not any(Path(f"/proc/{worker}").exists() for worker in workers)


def test_requests_that_take_their_time_are_answered(tmp_path: Path) -> None:
    with serving(tmp_path, command=STUBBED, shutdown_seconds=2) as service, ExitStack() as connections:
        waiting, forever, together, stopping, unread, headed = (
            connections.enter_context(service.connect()) for _ in range(6)
        )
        headed.send(get_head(f"/wait/{PATIENCE}"))
        waiting.send(get("/wait/1"))
        forever.send(get(f"/wait/{PATIENCE}"))
        together.send(get(f"/wait/{PATIENCE}") + get("/"))
        assert unread.send(get("/")).answer() is not None
        stopping.send(get("/stop/1"))
        time.sleep(0.5)
        unread.send(get("/"))
        with _ending(service, 2 + LINGER_SECONDS + SLACK):
            for connection in (stopping, unread, waiting):
                answer = connection.answer()
                assert answer is not None
                assert (answer.status, answer.closes) == (200, True)
                assert connection.ends()
            assert_refused(forever.answer(), 503, "overloaded")
            assert forever.ends()
            assert together.ends()
            refusal = headed.rest()
            assert refusal.startswith(b"HTTP/1.1 503 ")
            assert refusal.endswith(b"\r\n\r\n"), "HEAD has no body"


def test_a_process_that_is_stuck_is_ended(tmp_path: Path) -> None:
    with serving(tmp_path, command=STUBBED, shutdown_seconds=1) as service, service.connect() as connection:
        connection.send(get(f"/block/{PATIENCE * 2}"))
        with _ending(service, 1 + 1 + SLACK, code=1):
            assert connection.ends()
