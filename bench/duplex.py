"""A client that sends and reads at the same time, as one that keeps nothing of either can."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from api.roll.samples import PATH
from bench.mix import AS_OF

_BUFFER = 1 << 20
_TAIL = 1 << 16
_SUMMARY = b"\r\nrielquote-summary: "
_SECONDS = 120


@dataclass(frozen=True)
class Answer:
    """What came back.

    Attributes:
        seconds: from the first byte sent to the last one read.
        first_byte: seconds to the first byte read.
        size: bytes read.
        summary: the roll's summary, from the trailer.
    """

    seconds: float
    first_byte: float
    size: int
    summary: dict[str, Any]


def post(port: int, form: str, body: Path | Iterator[bytes], watch: Callable[[int], None] = lambda _: None) -> Answer:
    """Send a roll and read its answer in the same form, which must be a good one.

    Args: the service's port, the form, a file or pieces, what is told how many bytes have been read so far.
    """
    length = f"content-length: {body.stat().st_size}" if isinstance(body, Path) else "transfer-encoding: chunked"
    head = (
        f"POST {PATH}?as_of={AS_OF} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {form}\r\naccept: {form}\r\n"
        f"connection: close\r\n{length}\r\n\r\n"
    )
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), timeout=_SECONDS) as connection:
        sending = threading.Thread(target=_send, args=(connection, head.encode(), body))
        sending.start()
        buffer = bytearray(_BUFFER)
        first_byte, size, tail = 0.0, 0, b""
        while read := connection.recv_into(buffer):
            if not size:
                first_byte = time.perf_counter() - began
                assert buffer.startswith(b"HTTP/1.1 200 "), bytes(buffer[:read])
            size += read
            tail = (tail + buffer[max(0, read - _TAIL) : read])[-_TAIL:]
            watch(size)
        seconds = time.perf_counter() - began
        sending.join()
    summary = orjson.loads(tail.rpartition(_SUMMARY)[2].partition(b"\r\n")[0])
    assert summary["complete"], summary
    return Answer(seconds, first_byte, size, summary)


def _send(connection: socket.socket, head: bytes, body: Path | Iterator[bytes]) -> None:
    connection.sendall(head)
    if isinstance(body, Path):
        with body.open("rb") as file:
            connection.sendfile(file)
        return
    for piece in body:
        connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
    connection.sendall(b"0\r\n\r\n")
