"""The real server on a real socket, from nothing: started bare, with two workers, and by `rielquote serve`."""

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.sockets import HOST, PATIENCE, SERVE, Service, assert_quoted, get, quote, ready, serving
from tests.tables.contents import TABLES

UVICORN = ("-m", "uvicorn", "api.main:app")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bare")


@pytest.fixture(scope="module")
def bare(folder: Path) -> Iterator[Service]:
    """`uvicorn api.main:app` with nothing but an address for its store."""
    with serving(folder, command=UVICORN) as service:
        yield service


def ended(service: Service) -> int:
    """Stop it by its process; its exit status. Nobody listens afterwards."""
    service.stop(signal.SIGTERM)
    status = service.process.wait(PATIENCE)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, service.port), timeout=PATIENCE)
    return status


def test_a_bare_start_migrates_seeds_and_quotes(bare: Service, folder: Path) -> None:
    assert (folder / "rielquote.db").stat().st_size > 0
    assert bare.ask(get("/readyz")).json.items() >= {"status": "ready", "tables": len(TABLES)}.items()
    assert_quoted(bare.ask(quote()))


def test_a_connection_is_kept_for_the_next_request(bare: Service) -> None:
    with bare.connect() as connection:
        answers = [connection.send(quote()).answer() for _ in range(3)]
    assert len({answer.body for answer in answers if answer is not None}) == 1
    assert_quoted(answers[-1])


def until_closed(service: Service, request: bytes) -> bytes:
    """All the bytes that come."""
    with service.connect().send(request) as connection:
        return b"".join(iter(lambda: connection.socket.recv(65_536), b""))


def test_head_and_304_have_no_body_on_the_wire(bare: Service) -> None:
    version = "/v1/tables/mba-packages/versions/1"
    etag = bare.ask(get(version)).headers["etag"]
    known = until_closed(bare, get(version, f"If-None-Match: {etag}", "Connection: close"))
    assert known.startswith(b"HTTP/1.1 304 ")
    assert known.endswith(b"\r\n\r\n")
    head = until_closed(bare, get("/v1/mba/rate-card", "Connection: close").replace(b"GET", b"HEAD", 1))
    assert head.startswith(b"HTTP/1.1 200 ")
    assert head.endswith(b"\r\n\r\n")
    length = len(bare.ask(get("/v1/mba/rate-card")).body)
    assert f"\r\ncontent-length: {length}\r\n".encode() in head


def test_two_workers_start_on_one_new_store_and_agree(tmp_path: Path) -> None:
    workers: set[str] = set()
    bodies: set[bytes] = set()
    with serving(tmp_path, "--workers", "2", command=UVICORN) as service:
        try:
            deadline = time.monotonic() + PATIENCE
            while len(workers) < 2:
                assert time.monotonic() < deadline, "only one worker answers"
                answer = service.ask(quote())
                assert_quoted(answer)
                workers.add(answer.headers["x-request-id"].partition("-")[0])
                bodies.add(answer.body)
        finally:
            ended(service)
    assert len(bodies) == 1
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_serve_prints_a_first_request_that_works(tmp_path: Path) -> None:
    with serving(tmp_path) as service:
        printed = (tmp_path / "log").read_text()
        command = printed[printed.index("curl") :].partition("\n\n")[0].replace("\\\n", " ")
        curl, silent, url, header, content_type, data, body = shlex.split(command)
        assert (curl, silent, header, data) == ("curl", "-s", "-H", "-d")
        assert url == f"http://{HOST}:{service.port}/v1/mba/quotes"
        assert content_type == "Content-Type: application/json"
        assert json.loads(body)["package"] == "F"
        assert_quoted(service.ask(quote(body=body.encode())))
        assert ended(service) == 0


def test_port_0_is_any_free_one_and_its_number_is_printed(tmp_path: Path) -> None:
    command = [sys.executable, *SERVE, "--port", "0"]
    environment = os.environ | {"RIELQUOTE_DATABASE_URL": f"sqlite:///{tmp_path / 'rielquote.db'}"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        assert process.stdout is not None
        printed = process.stdout.readline().decode()
        port = int(printed.removeprefix(f"rielquote on http://{HOST}:").partition(",")[0])
        assert port > 0
        service = Service(process, port)
        deadline = time.monotonic() + PATIENCE
        while not ready(service):
            assert time.monotonic() < deadline, "nobody listens there"
        assert_quoted(service.ask(quote()))
    finally:
        process.kill()
        process.communicate()


def test_sigterm_ends_it_and_a_second_start_gives_the_same_bytes(tmp_path: Path) -> None:
    bodies = set()
    for _ in range(2):
        with serving(tmp_path, command=UVICORN) as service:
            bodies.add(service.ask(quote()).body)
            assert ended(service) in {0, -signal.SIGTERM}
    assert len(bodies) == 1
