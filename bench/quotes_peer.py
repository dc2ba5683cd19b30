"""Single quotes, one after another at a steady pace: `python -m bench.quotes_peer`, spoken to by `bench.peer`.

Each line asks for so many seconds of quotes from a port; the answer is how long each quote took.
"""

import json
import socket
import sys
import time

from bench.mix import requests

PATH = "/v1/mba/quotes"
PAUSE = 0.002
"""Seconds between a quote and the next: what is measured is what one partner waits for, not a flood."""


def main() -> None:
    """Answer each line."""
    bodies = requests()
    for line in sys.stdin:
        port, seconds = json.loads(line)
        taken: list[float] = []
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            until = time.perf_counter() + seconds
            while time.perf_counter() < until:
                body = bodies[len(taken) % len(bodies)]
                head = f"POST {PATH} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                request = f"{head}content-length: {len(body)}\r\n\r\n".encode() + body
                began = time.perf_counter()
                connection.sendall(request)
                _read(connection)
                taken.append(time.perf_counter() - began)
                time.sleep(PAUSE)
        print(json.dumps({"taken": taken}), flush=True)


def _read(connection: socket.socket) -> None:
    answer = connection.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 200"), answer
    head, _, body = answer.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65_536)


if __name__ == "__main__":
    main()
