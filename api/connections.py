"""Connections: how many at once, and how each of them ends."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from uvicorn.protocols.http.flow_control import FlowControl

RESERVE = 64
"""Connections above the limit that are heard, for the sake of probes; the oldest gives way to the newest."""
TRAILERS = "rielquote.trailers"
"""The ASGI extension by which an application gives the trailers of an answer, just before its last part."""
LINGER_SECONDS = 1.0
"""How long a closing connection is still read, so that what the client is sending does not destroy the answer."""

_CRLF = b"\r\n"
_LAST_CHUNK = b"0\r\n\r\n"


class Admitted(Protocol):
    """A connection as the gate knows it."""

    def give_way(self) -> None:
        """Leave the reserve to a newer connection."""


class Gate:
    """The process's connections: so many ordinary ones, and then a reserve that answers only probes."""

    def __init__(self, limit: int) -> None:
        """Args: how many ordinary connections."""
        self.stopping = False
        self._limit = limit
        self._ordinary = 0
        self._reserve: dict[Admitted, None] = {}

    def admit(self, connection: Admitted) -> bool:
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

    def leave(self, connection: Admitted, *, ordinary: bool) -> None:
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
        self._trailers = b""
        self._timer: asyncio.TimerHandle | None = None

    def trail(self, headers: Sequence[tuple[bytes, bytes]]) -> None:
        """Send these headers after the body whose last part comes next, if it comes in chunks (RFC 9112, 7.1.2)."""
        self._trailers = b"".join(b"%s: %s\r\n" % each for each in headers)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send, unless closing."""
        if self._trailers:
            trailers, self._trailers = self._trailers, b""
            if bytes(data[-len(_LAST_CHUNK) :]) == _LAST_CHUNK:
                data = bytes(data[: -len(_CRLF)]) + trailers + _CRLF
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
