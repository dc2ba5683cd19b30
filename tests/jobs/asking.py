"""Rolls that become jobs, asked over a real socket."""

import json
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from typing import Any, NamedTuple

from tests.api.sockets import HOST, PATIENCE, Service

BATCH = "/v1/mba/quotes/batch"
AS_OF = "?as_of=2026-12-01"
ASYNC = {"prefer": "respond-async"}
MOST_SECONDS = 60.0


class Reply(NamedTuple):
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)


def csv_roll(rows: int, member: str = "M-") -> bytes:
    """A roll; every seventh row is refused. A quote in a number makes reading ten times as slow: row by row."""
    lines = (f"{member}{n},{'ABCDEFG'[n % 7]},{('single', 'couple')[n % 2]}\n" for n in range(rows))
    return ("member_id,package,plan_type\n" + "".join(lines)).encode()


def ask(service: Service, method: str, path: str, body: Any = None, **headers: str) -> Reply:
    """Ask for something; a body that is an iterator goes in chunks, without its length."""
    connection = HTTPConnection(HOST, service.port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def send(service: Service, roll: Any, query: str = AS_OF, **headers: str) -> Reply:
    """Send a roll, CSV unless it says otherwise."""
    return ask(service, "POST", BATCH + query, roll, **{"content_type": "text/csv", **headers})


def submit(service: Service, roll: Any, query: str = AS_OF, **headers: str) -> str:
    """Send a roll to be priced later; the job's address."""
    taken = send(service, roll, query, **ASYNC, **headers)
    assert taken.status == 202, taken
    return taken.headers["location"]


def show(service: Service, address: str, **headers: str) -> Any:
    """The job."""
    shown = ask(service, "GET", address, **headers)
    assert shown.status == 200, shown
    return shown.json


def until(holds: Callable[[], Any], seconds: float = MOST_SECONDS) -> Any:
    """What something comes to when it is true, asked again and again."""
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline, "it never comes"
    return found


def ended(service: Service, address: str, **headers: str) -> Any:
    """The job, when it has ended."""
    shown: Any = {}

    def is_over() -> bool:
        nonlocal shown
        shown = show(service, address, **headers)
        return shown["status"] not in {"queued", "running"}

    until(is_over)
    return shown


def in_two(roll: bytes) -> Iterator[bytes]:
    """A roll in two parts."""
    middle = len(roll) // 2
    yield from (roll[:middle], roll[middle:])
