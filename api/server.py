"""The server: uvicorn, with bounds on what connections may take, and an end in bounded time.

What lies below the application: bytes and time of a request's head, connections open at once, answers in our own form
to what is not HTTP. Bounds on bodies and on requests worked on at once are the application's.

After SIGTERM the listener closes. A request that has been read is answered, one whose body is still on its way may
finish it, and each such answer closes its connection. Connections without a request are closed.
"""

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import FrameType
from typing import Any

import httptools
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState
from uvicorn.supervisors import Multiprocess

from api.application import create_app
from api.edge import PROBES
from api.http import respond_problem
from api.logs import configure_logging, log
from api.problems import MEDIA_TYPE, Problem
from api.settings import Settings

RESERVE = 64
"""Connections above the limit that are heard, for the sake of probes; the oldest gives way to the newest."""
RESERVE_SECONDS = 1.0
"""How long such a connection may take to send its request."""
MOST_PIPELINED = 100
"""Requests that one connection may have waiting."""
LINGER_SECONDS = 1.0
"""How long a closing connection is still read, so that what the client is sending does not destroy the answer."""
DRAIN_SECONDS = 0.05
"""How long a connection without a request stays open after SIGTERM: what had arrived before is read."""
OVERTIME_SECONDS = 2.0
"""How long after `shutdown_seconds` a process that has not ended is ended."""
WORKER_SECONDS = 30
"""How long a worker may take to start, and to say that it is well, before its parent replaces it."""

_RETRY = ((b"retry-after", b"1"),)


def serve(settings: Settings, host: str, port: int, workers: int = 1) -> None:
    """Serve until SIGINT or SIGTERM. The limits hold for each worker process."""
    configure_logging(settings.log_level)
    config = ServerConfig(settings, host, port, workers)
    # Before uvicorn takes the signal over, and when it has ended and raises it again.
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(0))
    with suppress(KeyboardInterrupt):
        if workers == 1:
            _Server(config).run()
        else:
            _Workers(config, [config.bind_socket()]).run()


def _application(settings: Settings) -> ASGIApp:
    """The application, made in the process that runs it."""
    configure_logging(settings.log_level)
    return create_app(settings)


class ServerConfig(uvicorn.Config):
    """uvicorn's configuration, with our settings and the process's gate where every connection finds them."""

    def __init__(self, settings: Settings, host: str, port: int, workers: int) -> None:
        """Args: our settings, where to listen, how many processes."""
        self.settings = settings
        self.gate = Gate(settings.max_connections)
        super().__init__(
            partial(_application, settings),
            factory=True,
            host=host,
            port=port,
            workers=workers,
            http=BoundedProtocol,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=settings.idle_seconds,
            timeout_graceful_shutdown=settings.shutdown_seconds,
            timeout_worker_healthcheck=WORKER_SECONDS,
        )


class Gate:
    """The process's connections: so many ordinary ones, and then a reserve that answers only probes."""

    def __init__(self, limit: int) -> None:
        """Args: how many ordinary connections."""
        self.stopping = False
        self._limit = limit
        self._ordinary = 0
        self._reserve: dict[BoundedProtocol, None] = {}

    def admit(self, connection: "BoundedProtocol") -> bool:
        """Count a connection in; whether as an ordinary one."""
        if self._ordinary < self._limit:
            self._ordinary += 1
            return True
        if len(self._reserve) >= RESERVE:
            oldest = next(iter(self._reserve))
            del self._reserve[oldest]
            oldest.give_way()
        self._reserve[connection] = None
        return False

    def leave(self, connection: "BoundedProtocol", *, ordinary: bool) -> None:
        """Count a connection out."""
        if ordinary:
            self._ordinary -= 1
        else:
            self._reserve.pop(connection, None)


class StagedTransport(asyncio.Transport):
    """A transport that closes in stages (RFC 9112, 9.6), and for ever waits for nobody.

    Closing while the client still sends would reset the connection, and the client might never see its answer. So first
    only the sending side is closed; the other follows when the client has closed its own, or after a while.
    """

    def __init__(self, transport: asyncio.Transport, flow: FlowControl, patience: float) -> None:
        """Args: the real transport, its flow control, seconds without progress that a reading client may take."""
        super().__init__()
        self.client_done = False
        self._transport = transport
        self._flow = flow
        self._patience = patience
        self._closing = False
        self._timer: asyncio.TimerHandle | None = None

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send, unless closing."""
        if not self._closing:
            self._transport.write(data)

    def is_closing(self) -> bool:
        """Whether nothing more is sent or heard."""
        return self._closing or self._transport.is_closing()

    def close(self) -> None:
        """Send what is written, say that it was all, and discard what still comes."""
        if self.is_closing():
            return
        self._closing = True
        if self.client_done:
            self._transport.close()
        else:
            self._flow.resume_reading()
            with suppress(OSError):  # the client may just have gone
                self._transport.write_eof()
        self._wait()

    def drop(self) -> None:
        """Close a connection on which nothing is going on."""
        if self._transport.get_write_buffer_size():
            self.close()
        else:
            self._closing = True
            self._transport.close()

    def abort(self) -> None:
        """Close at once, whatever is going on."""
        self._closing = True
        self._transport.abort()

    def gone(self) -> None:
        """The connection has been closed."""
        if self._timer is not None:
            self._timer.cancel()

    def _wait(self) -> None:
        unsent = self._transport.get_write_buffer_size()
        seconds = self._patience if unsent else LINGER_SECONDS
        self._timer = asyncio.get_running_loop().call_later(seconds, self._look_again, unsent)

    def _look_again(self, before: int) -> None:
        unsent = self._transport.get_write_buffer_size()
        if not unsent:
            self._transport.close()
        elif unsent < before:
            self._wait()
        else:
            self._transport.abort()


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1, bounded."""

    transport: StagedTransport

    def __init__(
        self,
        config: ServerConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        """Args: as uvicorn gives them."""
        super().__init__(config, server_state, app_state, _loop)
        self._settings = config.settings
        self._gate = config.gate
        self._most = config.settings.max_header_bytes
        self._ordinary = True
        # Bytes of what has begun and has no end yet: a head, or whatever stands between two pieces of a body.
        self._pending = 0
        self._in_body = False
        self._suspended = False
        self._refusal: Problem | None = None
        self._head_timer: asyncio.TimerHandle | None = None
        self._stall_timer: asyncio.TimerHandle | None = None

    # The connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Open: the first head is expected."""
        super().connection_made(transport)
        self.transport = StagedTransport(transport, self.flow, self._settings.idle_seconds)
        self._ordinary = self._gate.admit(self)
        if not self._ordinary:
            self.app = _only_probes(self.app)
        self._expect_head()
        if self._gate.stopping:
            self.shutdown()

    def connection_lost(self, exc: Exception | None) -> None:
        """Closed."""
        self._gate.leave(self, ordinary=self._ordinary)
        self.transport.gone()
        self._head_done()
        self.resume_writing()
        super().connection_lost(exc)

    def eof_received(self) -> bool:  # type: ignore[override]
        """The client has sent all it will; what it has asked is answered before closing."""
        self.transport.client_done = True
        if not self._busy() or self.cycle.more_body:
            return False
        self.cycle.keep_alive = False
        return True

    def give_way(self) -> None:
        """Leave the reserve to a newer connection."""
        if self._busy() or self.transport.is_closing():
            self.transport.abort()
        else:
            self.transport.client_done = True  # no lingering
            self._say(_too_many_connections())

    def pause_writing(self) -> None:
        """The client reads more slowly than we write: it may not stop reading altogether."""
        super().pause_writing()
        self._stall_timer = self.loop.call_later(self._settings.idle_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """The client has caught up."""
        super().resume_writing()
        if self._stall_timer is not None:
            self._stall_timer.cancel()

    def timeout_keep_alive_handler(self) -> None:
        """Nothing has come since the last answer."""
        self.transport.drop()

    # Requests

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        if self._refusal is not None or self.transport.is_closing():
            return
        self._unset_keepalive_if_required()
        try:
            self._parse(data)
        except Problem as problem:
            self._refuse(problem)
        except httptools.HttpParserError as error:
            reason = error.__context__  # where httptools puts what a callback raised
            self._refuse(reason if isinstance(reason, Problem) else _malformed())
        else:
            if self._in_body:
                if self.cycle.keep_alive:
                    # An answer before the end of its request's body closes the connection; the rest is not waited for.
                    self.cycle.keep_alive = False
                    self._suspended = True
            elif self._pending and self._head_timer is None:
                self._expect_head()

    def _parse(self, data: bytes) -> None:
        while data:
            room = self._most - self._pending
            if not room:
                detail = f"Request line and headers together may have at most {self._most} bytes."
                raise Problem("headers_too_large", detail)
            piece, data = data[:room], data[room:]
            self._pending += len(piece)
            try:
                self.parser.feed_data(piece)
            except httptools.HttpParserUpgrade as upgrade:
                data = self._head_without_upgrade() + piece[upgrade.args[0] :] + data
                self._pending = 0

    def _head_without_upgrade(self) -> bytes:
        """The last head as it would be in plain HTTP/1.1, which is how it is answered.

        The parser skips the body of a request that asks for an upgrade, and Java's client asks for one by default.
        """
        method = self.parser.get_method()
        if method == b"CONNECT":
            raise _malformed()
        lines = [b"%s: %s\r\n" % each for each in self.headers if each[0] != b"upgrade"]
        version = self.parser.get_http_version().encode()
        return b"".join([method, b" ", self.url, b" HTTP/", version, b"\r\n", *lines, b"\r\n"])

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._pending = self._pending or 1

    def on_headers_complete(self) -> None:
        """A head is complete."""
        if self.parser.should_upgrade():
            return
        if len(self.pipeline) >= MOST_PIPELINED:
            detail = f"At most {MOST_PIPELINED} requests may wait on one connection."
            raise Problem("overloaded", detail, headers=_RETRY)
        super().on_headers_complete()
        self._head_done()
        self._pending = 0
        self._in_body = True
        if self._gate.stopping or not self._ordinary:
            self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        """A piece of a body."""
        super().on_body(body)
        self._pending = 0

    def on_message_complete(self) -> None:
        """A request is complete."""
        if self.parser.should_upgrade():
            return
        super().on_message_complete()
        self._pending = 0
        self._in_body = False
        if self._suspended:
            self._suspended = False
            self.cycle.keep_alive = not (self.cycle.response_started or self._gate.stopping)

    def on_response_complete(self) -> None:
        """An answer has been sent: on to the next request, or to the refusal of what followed."""
        if self._refusal is None or self.pipeline:
            super().on_response_complete()
        else:
            self._say(self._refusal)

    def _busy(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    # Refusals

    def _expect_head(self) -> None:
        seconds = self._settings.header_seconds
        if not self._ordinary:
            seconds = min(seconds, RESERVE_SECONDS)
        self._head_timer = self.loop.call_later(seconds, self._head_late)

    def _head_done(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _head_late(self) -> None:
        if not self._ordinary:
            self._refuse(_too_many_connections())
        elif self._pending:
            detail = f"The head of the request did not arrive within {self._settings.header_seconds:g} seconds."
            self._refuse(Problem("request_timeout", detail))
        else:
            self.transport.drop()

    def _refuse(self, problem: Problem) -> None:
        """Hear no more. Answer what was accepted, then say why, then close."""
        if self.transport.is_closing() or self._refusal is not None:
            return
        self._head_done()
        self._refusal = problem
        if not self._busy():
            self._say(problem)
        elif self.cycle.more_body:
            # The trouble is in the newest request itself, which will never be complete.
            if self.pipeline:
                self.pipeline.popleft()
            else:
                self._cut(problem)

    def _cut(self, problem: Problem) -> None:
        """Answer in place of the application."""
        self.cycle.disconnected = True
        self.cycle.message_event.set()
        if self.cycle.response_started:
            self.transport.close()
        else:
            self._say(problem)

    def _say(self, problem: Problem) -> None:
        body = problem.body("/")
        headers = [
            *self.server_state.default_headers,
            (b"content-type", MEDIA_TYPE),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            *problem.headers,
            (b"connection", b"close"),
        ]
        lines = [b"%s: %s\r\n" % each for each in headers]
        self.transport.write(b"".join([STATUS_LINE[problem.status], *lines, b"\r\n", body]))
        self.transport.close()

    # The end

    def shutdown(self) -> None:
        """SIGTERM: answer what has arrived, then close."""
        self._gate.stopping = True
        if self._busy():
            self.cycle.keep_alive = False
        self.loop.call_later(DRAIN_SECONDS, self._close_unless_busy)
        self.loop.call_later(self._settings.shutdown_seconds, self._give_up)

    def _close_unless_busy(self) -> None:
        if not self._busy() and not self.transport.is_closing():
            self.transport.drop()

    def _give_up(self) -> None:
        if not self._busy() or self.transport.is_closing():
            return
        if self.pipeline:
            self.transport.close()
        elif self._in_body:
            self._cut(Problem("request_timeout", "The service is stopping, and the body has not arrived."))
        else:
            self._cut(Problem("overloaded", "The service is stopping. Try again.", headers=_RETRY))


class _Server(uvicorn.Server):
    """A server whose process ends, even if something in it never does."""

    config: ServerConfig

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop."""
        if not self.should_exit:
            timer = threading.Timer(self.config.settings.shutdown_seconds + OVERTIME_SECONDS, _end)
            timer.daemon = True
            timer.start()
        super().handle_exit(sig, frame)


def _end() -> None:
    log.error("did not stop in time")
    os._exit(1)


class _Workers(Multiprocess):
    """Several processes that serve one socket, and their parent."""

    config: ServerConfig

    def join_all(self) -> None:
        """Wait for the workers, and end those that do not stop in time."""
        deadline = time.monotonic() + self.config.settings.shutdown_seconds + OVERTIME_SECONDS
        for worker in self.processes:
            worker.process.join(max(0.0, deadline - time.monotonic()))
            if worker.exitcode is None:
                worker.kill()
        super().join_all()


def _only_probes(app: Callable[..., Any]) -> Callable[..., Any]:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] in PROBES:
            await app(scope, receive, send)
        else:
            await respond_problem(scope, send, _too_many_connections())

    return answer


def _malformed() -> Problem:
    return Problem("malformed_http", "What came is not an HTTP/1.1 request.")


def _too_many_connections() -> Problem:
    return Problem("too_many_connections", "Too many connections are open. Try again shortly.", headers=_RETRY)
