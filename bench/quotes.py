"""Quotes a second, rielquote against the bare Starlette route, in process and on a socket."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from statistics import median
from typing import Any

import orjson
from starlette.types import ASGIApp

from api.application import create_app
from api.mba.quotes import QUOTES
from api.settings import Settings
from bench.baseline import ANSWERS, bare_starlette
from bench.mix import requests

ROUNDS = 15
REPEATS = 40
CONNECTIONS = 8
STARTUP_SECONDS = 30


def quotes_in_process() -> None:
    """Both applications called directly, in turn, in one event loop."""
    asyncio.run(_in_process())


async def _in_process() -> None:
    with tempfile.TemporaryDirectory() as folder:
        ours = create_app(Settings(database_url=f"sqlite:///{folder}/bench.db"))
        async with ours.router.lifespan_context(ours):
            bodies = requests()
            answers = {body: orjson.loads(await _call(ours, body)) for body in bodies}
            baseline = bare_starlette(answers)
            pairs = [(await timed(ours, bodies), await timed(baseline, bodies)) for _ in range(ROUNDS)]
    _report("in process", pairs, len(bodies) * REPEATS)


async def timed(app: ASGIApp, bodies: list[bytes], repeats: int = REPEATS) -> float:
    """Seconds that the requests take, one after another."""
    started = time.perf_counter()
    for _ in range(repeats):
        for body in bodies:
            await _call(app, body)
    return time.perf_counter() - started


async def _call(app: ASGIApp, body: bytes) -> bytes:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": QUOTES.path,
        "raw_path": QUOTES.path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"localhost"), (b"accept", b"*/*"), (b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    assert sent[0]["status"] == HTTPStatus.OK, sent
    return b"".join(message.get("body", b"") for message in sent[1:])


def quotes_on_a_socket() -> None:
    """Both applications under uvicorn, one process each, loaded in turn over keep-alive connections."""
    bodies = requests()
    with tempfile.TemporaryDirectory() as folder:
        store = {"RIELQUOTE_DATABASE_URL": f"sqlite:///{folder}/bench.db"}
        with _server("api.main:app", store) as ours:
            answers = [(body.decode(), orjson.loads(asyncio.run(_ask(ours, body)))) for body in bodies]
            file = Path(folder) / "answers.json"
            file.write_bytes(orjson.dumps(answers))
            with _server("bench.baseline:from_environment", {ANSWERS: str(file)}, "--factory") as baseline:
                pairs = [
                    (asyncio.run(_load(ours, bodies)), asyncio.run(_load(baseline, bodies))) for _ in range(ROUNDS)
                ]
    _report("on a socket", pairs, len(bodies) * REPEATS)


@contextmanager
def _server(app: str, environment: dict[str, str], *options: str) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", app, "--port", str(port), "--no-access-log", "--log-level", "warning"]
    process = subprocess.Popen([*command, *options], env=os.environ | environment)  # noqa: S603  (our own arguments)
    try:
        deadline = time.monotonic() + STARTUP_SECONDS
        while socket.socket().connect_ex(("127.0.0.1", port)) != 0:
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError(f"{app} did not start")
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=STARTUP_SECONDS)


async def _load(port: int, bodies: list[bytes]) -> float:
    work = iter([body for _ in range(REPEATS) for body in bodies])
    started = time.perf_counter()
    await asyncio.gather(*(_connection(port, work) for _ in range(CONNECTIONS)))
    return time.perf_counter() - started


async def _connection(port: int, work: Iterator[bytes]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for body in work:
        await _exchange(reader, writer, body)
    writer.close()
    await writer.wait_closed()


async def _ask(port: int, body: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = await _exchange(reader, writer, body)
    writer.close()
    await writer.wait_closed()
    return answer


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes) -> bytes:
    head = f"POST {QUOTES.path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
    writer.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
    answer = await reader.readuntil(b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200"), answer
    length = int(answer.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    return await reader.readexactly(length)


def _report(where: str, pairs: list[tuple[float, float]], requests_a_round: int) -> None:
    ours, baseline = (requests_a_round / median(pair[side] for pair in pairs) for side in (0, 1))
    ratios = sorted(theirs / own for own, theirs in pairs)
    print(
        f"quotes {where}: rielquote {ours:,.0f}/s, bare Starlette {baseline:,.0f}/s, "
        f"ratio {median(ratios):.2f} (from {ratios[0]:.2f} to {ratios[-1]:.2f} in {len(ratios)} rounds)"
    )
