"""uvicorn's HTTP/1.1 within bounds: bytes and time of a request's head, requests that wait, what is not HTTP.

Bounds on bodies and on requests worked on at once are the application's.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httptools
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from api.connections import TRAILERS, StagedTransport
from api.edge import PROBES, REQUEST_ID, REQUEST_ID_KEY, name_request
from api.http import header, respond_problem
from api.problems import MEDIA_TYPE, Problem

if TYPE_CHECKING:
    from api.server import ServerConfig  # which names this protocol

RESERVE_SECONDS = 1.0
"""How long such a connection may take to send its request."""
_VERSIONS = ("1.1", "1.0")
MOST_PIPELINED = 100
"""Requests that one connection may have waiting."""
DRAIN_SECONDS = 0.05
"""How long a connection without a request stays open after SIGTERM: what had arrived before is read."""


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1, bounded."""

    transport: StagedTransport

    def __init__(
        self,
        config: "ServerConfig",
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
        self.url = b""  # of the request that is being read, as far as it has come
        # Bytes of what has begun and has no end yet: a head, or whatever stands between two pieces of a body.
        self._pending = 0
        self._in_body = False
        self._suspended = False
        self._heard = False
        self._refusal: Problem | None = None
        self._head_timer: asyncio.TimerHandle | None = None
        self._stall_timer: asyncio.TimerHandle | None = None

    # The connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Open: the first head is expected."""
        super().connection_made(transport)
        self.transport = StagedTransport(transport, self.flow, self._settings.idle_seconds)
        self._extensions: Any = {TRAILERS: self.transport.trail}
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
        self._watch_stall()

    def resume_writing(self) -> None:
        """The client has caught up."""
        super().resume_writing()
        if self._stall_timer is not None:
            self._stall_timer.cancel()

    def _watch_stall(self) -> None:
        self._heard = False
        self._stall_timer = self.loop.call_later(self._settings.idle_seconds, self._stalled)

    def _stalled(self) -> None:
        """Nothing has been read for a while. Who still sends a body may read when it is sent."""
        if self._in_body and self._heard:
            self._watch_stall()
        else:
            self.transport.abort()

    def timeout_keep_alive_handler(self) -> None:
        """Nothing has come since the last answer."""
        self.transport.drop()

    # Requests

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        if self._refusal is not None or self.transport.is_closing():
            return
        self._heard = True
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
        self.scope["extensions"] = self._extensions
        self._pending = self._pending or 1

    def on_headers_complete(self) -> None:
        """A head is complete."""
        if self.parser.should_upgrade():
            return
        if len(self.pipeline) >= MOST_PIPELINED:
            detail = f"At most {MOST_PIPELINED} requests may wait on one connection."
            raise Problem("overloaded", detail)
        version = self.parser.get_http_version()
        if version not in _VERSIONS:
            raise _malformed()
        hosts = sum(name == b"host" for name, _ in self.headers)
        if hosts > 1 or (not hosts and version == "1.1"):
            raise Problem("malformed_http", "A request has one Host header, no more and no less.")
        codings = [value.lower() for name, value in self.headers if name == b"transfer-encoding"]
        if codings and (codings != [b"chunked"] or version == "1.0"):
            detail = "The only Transfer-Encoding is chunked, and HTTP/1.0 has none."
            raise Problem("malformed_http", detail)
        if version == "1.0":
            self.expect_100_continue = False
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
        self.url = b""
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
            scope = self.cycle.scope
            known = str(scope.get(REQUEST_ID_KEY, ""))  # none where it has not been worked on yet
            self._say(problem, scope["method"].encode(), known.encode())

    def _method(self) -> bytes:
        """The method of the request that is being read, as soon as it is known."""
        method: bytes = self.parser.get_method() if self.url else b""
        return method

    def _request_id(self) -> bytes:
        """The id of the request that is being read: its own, if that has come, or a new one."""
        headers = self.headers if self.url else ()
        return name_request(next((value for name, value in headers if name == REQUEST_ID), None))

    def _say(self, problem: Problem, method: bytes | None = None, request_id: bytes = b"") -> None:
        """Answer what is being read, or a request of this method and id; to HEAD an answer has no body."""
        body = problem.body("/")
        headers = [
            *self.server_state.default_headers,
            (b"content-type", MEDIA_TYPE),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            *problem.headers,
            (REQUEST_ID, request_id or self._request_id()),
            (b"connection", b"close"),
        ]
        lines = [b"%s: %s\r\n" % each for each in headers]
        if (self._method() if method is None else method) == b"HEAD":
            body = b""
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
            self._cut(Problem("overloaded", "The service is stopping. Try again."))


def _only_probes(app: Callable[..., Any]) -> Callable[..., Any]:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] in PROBES:
            await app(scope, receive, send)
        else:
            await respond_problem(scope, send, _too_many_connections(name_request(header(scope, REQUEST_ID))))

    return answer


def _malformed() -> Problem:
    return Problem("malformed_http", "What came is not an HTTP/1.1 request.")


def _too_many_connections(request_id: bytes = b"") -> Problem:
    headers = [(REQUEST_ID, request_id)] if request_id else []
    return Problem("too_many_connections", "Too many connections are open. Try again shortly.", headers=headers)
