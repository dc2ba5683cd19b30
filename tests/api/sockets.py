"""The service as a process of its own, and HTTP/1.1 written and read byte by byte on real sockets."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.problems import PROBLEMS
from tests.api.support import QUOTES

HOST = "127.0.0.1"
PATIENCE = 20.0
"""Seconds after which a test gives up on what should have happened long before."""
QUOTE = b'{"package":"F","plan_type":"single","as_of":"2026-12-01"}'
SERVE = ("-m", "api.cli", "serve")


@dataclass(frozen=True)
class Answer:
    """A whole answer, as it came."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)

    @property
    def closes(self) -> bool:
        """Whether it says that the connection ends with it."""
        return self.headers.get("connection") == "close"


class Truncated(Exception):
    """The connection ended in the middle of an answer."""


class Connection:
    """A client's end of a connection."""

    def __init__(self, port: int) -> None:
        """Connect."""
        self.socket = socket.create_connection((HOST, port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_error: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> "Connection":
        """Send it all."""
        self.socket.sendall(data)
        return self

    def drip(self, pieces: Iterator[bytes], pause: float) -> float:
        """Send one piece after another until the service answers or closes; how many seconds it took to."""
        started = time.monotonic()
        self.socket.settimeout(pause)
        for piece in pieces:
            assert time.monotonic() - started < PATIENCE, "the service puts up with it"
            try:
                self.socket.sendall(piece)
                self._received = self.socket.recv(1)
            except TimeoutError:
                continue
            except ConnectionError:
                pass
            break
        self.socket.settimeout(PATIENCE)
        return time.monotonic() - started

    def answer(self) -> Answer | None:
        """The next answer; None if the connection ends instead. Raises: Truncated."""
        head = self._until(b"\r\n\r\n")
        if head is None:
            return None
        status_line, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        status = int(status_line.removeprefix("HTTP/1.1 ").partition(" ")[0])
        length = 0 if status == 100 else int(headers["content-length"])
        while len(self._received) < length:
            if not self._receive():
                raise Truncated(head)
        body, self._received = self._received[:length], self._received[length:]
        return Answer(status, headers, body)

    def rest(self) -> bytes:
        """Every byte until the connection ends."""
        while self._receive():
            pass
        return self._received

    def ends(self) -> bool:
        """Whether the service closes, without another byte."""
        return not self._received and not self._receive()

    def _until(self, end: bytes) -> bytes | None:
        while end not in self._received:
            if not self._receive():
                if self._received:
                    raise Truncated(self._received)
                return None
        found, _, self._received = self._received.partition(end)
        return found

    def _receive(self) -> bool:
        try:
            data = self.socket.recv(65_536)
        except ConnectionError:
            return False
        self._received += data
        return bool(data)


class Service:
    """The service, running."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        """Args: its process and port."""
        self.process = process
        self.port = port

    def connect(self) -> Connection:
        """A new connection."""
        return Connection(self.port)

    def ask(self, request: bytes) -> Answer:
        """The answer to a request on a connection of its own."""
        with self.connect().send(request) as connection:
            answer = connection.answer()
            assert answer is not None, "closed without an answer"
            return answer

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Send the process a signal."""
        self.process.send_signal(number)


@contextmanager
def serving(
    folder: Path, *options: str, command: tuple[str, ...] = SERVE, **settings: float | str
) -> Iterator[Service]:
    """The service with some settings, ready; on a SQLite file in the folder, unless they say otherwise."""
    with socket.create_server((HOST, 0)) as probe:
        port = probe.getsockname()[1]
    environment = {"RIELQUOTE_DATABASE_URL": f"sqlite:///{folder / 'rielquote.db'}"}
    environment |= {f"RIELQUOTE_{name.upper()}": str(value) for name, value in settings.items()}
    arguments = [sys.executable, *command, "--port", str(port), *options]
    with (folder / "log").open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  (our own arguments)
            arguments, env=os.environ | environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    service = Service(process, port)
    try:
        deadline = time.monotonic() + PATIENCE
        while not ready(service):
            log = (folder / "log").read_text()
            assert process.poll() is None, log
            assert time.monotonic() < deadline, log
            time.sleep(0.02)
        yield service
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its workers too
        process.wait(PATIENCE)


def ready(service: Service) -> bool:
    """Whether it answers."""
    try:
        return service.ask(get("/readyz")).status == 200
    except ConnectionError:
        return False


def get(target: str, *lines: str, version: str = "1.1") -> bytes:
    """A GET."""
    return "\r\n".join([f"GET {target} HTTP/{version}", "Host: test", *lines, "", ""]).encode()


def get_head(target: str) -> bytes:
    """A HEAD."""
    return get(target).replace(b"GET", b"HEAD", 1)


def post_head(*lines: str, version: str = "1.1") -> bytes:
    """The head of a quote's request."""
    always = [f"POST {QUOTES} HTTP/{version}", "Host: test", "Content-Type: application/json"]
    return "\r\n".join([*always, *lines, "", ""]).encode()


def quote(*lines: str, body: bytes = QUOTE, version: str = "1.1") -> bytes:
    """A quote's request."""
    return post_head(f"Content-Length: {len(body)}", *lines, version=version) + body


def assert_quoted(answer: Answer | None) -> None:
    """Assert that an answer is the quote's."""
    assert answer is not None
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json["monthly_premium"] == "1694"


def assert_refused(answer: Answer | None, status: int, code: str, instance: str = "/") -> None:
    """Assert the whole of a refusal that ends its connection."""
    assert answer is not None, "closed without an answer"
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json"), answer
    assert answer.closes
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-request-id"]
    assert answer.headers.get("retry-after") == ("1" if status == 503 else None)
    assert answer.json == {
        "type": f"urn:rielquote:problem:{code}",
        "title": PROBLEMS[code].title,
        "status": status,
        "detail": answer.json["detail"],
        "instance": instance,
        "code": code,
    }
    assert answer.json["detail"].endswith(".")
