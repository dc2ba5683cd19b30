"""A worker process, seen from inside: what it may take, and how it hears its parent and answers.

Frames go both ways over one socket: a byte that says what a frame is, its length, and its content. The parent's side is
`api/workers.py`; what there is to do is a module's `work`.
"""

import gc
import os
import resource
import select
import signal
import socket
import struct
import sys
from importlib import import_module

from api.logs import configure_logging

HEAD = struct.Struct("<cI")
"""A frame's kind and the length of what follows."""
READY = b"R"
"""Kind of a worker's first frame, which has no content: it has loaded what it needs."""
_NICE = 5
"""How far below the process that answers requests."""


class ParentGone(Exception):
    """The parent has closed its end: nobody needs this process any more."""


class Channel:
    """The socket to the parent. It has no buffer, so that to wait for it tells whether anything has come."""

    def __init__(self, connection: socket.socket) -> None:
        """Args: the worker's end."""
        self._connection = connection

    def ready(self) -> None:
        """Say that work can begin. Raises: ParentGone."""
        self.say(READY)

    def read(self) -> tuple[bytes, bytes | bytearray]:
        """The next frame: its kind and its content. Raises: ParentGone."""
        kind, size = HEAD.unpack(self._exactly(HEAD.size))
        return kind, self._exactly(size)

    def _exactly(self, size: int) -> bytearray:
        found = bytearray(size)
        left = memoryview(found)
        while left:
            read = self._connection.recv_into(left)
            if not read:
                raise ParentGone
            left = left[read:]
        return found

    def is_silent(self, seconds: float) -> bool:
        """Whether nothing comes for some time."""
        return not select.select([self._connection], [], [], seconds)[0]

    def say(self, kind: bytes, *content: bytes | memoryview) -> None:
        """Send a frame, its content in one piece or in several. Raises: ParentGone."""
        pieces = [HEAD.pack(kind, sum(map(len, content))), *content]
        try:
            sent = self._connection.sendmsg(pieces)
            if sent < sum(map(len, pieces)):
                self._connection.sendall(memoryview(b"".join(pieces))[sent:])
        except ConnectionError:
            raise ParentGone from None


def main(end: str, module: str, memory: str, log_level: str) -> None:
    """Work until the parent has gone. Args: the socket, what to do, bytes of memory, least severe level logged."""
    os.nice(_NICE)
    resource.setrlimit(resource.RLIMIT_DATA, (int(memory), resource.RLIM_INFINITY))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # they are the parent's business, which ends its workers when it is done
    configure_logging(log_level)
    work = import_module(module).work
    gc.freeze()  # no garbage will be found among what was imported
    with socket.socket(fileno=int(end)) as connection:
        try:
            work(Channel(connection))
        except ParentGone:
            os._exit(0)  # threads may wait for what never comes


def give_way() -> None:
    """Have a processor only while nobody else has any use for it, where the system knows such processes."""
    if sys.platform == "linux":
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
