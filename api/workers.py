"""Worker processes: what would keep the event loop waiting is done beside it, by at most so many processes of a kind.

A worker is a fresh interpreter that does what one module of ours says (`api/worker.py` is its side). It is started when
it is first needed, speaks over a socket of its own, may take so much memory, knows no store, and ends when its parent
does. One that dies, or is left in the middle of something, is replaced; only who had it notices.
"""

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from api.worker import HEAD

# Where to import from comes last, so that a list of processes shows what a worker is for.
_START = "import json, sys; sys.path[:] = json.loads(sys.argv.pop()); from api.worker import main; main(*sys.argv[1:])"
# A worker computes in one thread of its libraries': several would only disturb each other.
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
_BUFFER = 1 << 18
"""Bytes that wait to be read from a worker."""


class Busy(Exception):
    """No worker is free: too many wait for one already, or one has not become free in time."""


@dataclass(frozen=True)
class Work:
    """What the workers of one kind do, how many there are, and how much each may take.

    Attributes:
        module: whose `work` they do.
        most: processes.
        memory: bytes that each may take.
        queue: how many requests may wait for one of them; None for any number.
        patience: seconds that a request waits for one; None for any time.
        log_level: least severe level that they log.
    """

    module: str
    most: int
    memory: int
    queue: int | None = None
    patience: float | None = None
    log_level: str = "error"


@dataclass(eq=False)
class Worker:
    """A worker process and the parent's end of its socket."""

    process: "subprocess.Popen[bytes]"
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    is_loading: bool = False
    has_loaded: bool = False

    @classmethod
    async def start(cls, work: Work) -> "Worker":
        """A new process; that it is ready is not waited for."""
        ours, theirs = socket.socketpair()
        spawning = asyncio.get_running_loop().run_in_executor(None, _spawn, theirs, work)
        try:
            process = await asyncio.shield(spawning)
            return cls(process, *await asyncio.open_unix_connection(sock=ours, limit=_BUFFER))
        except BaseException:
            ours.close()
            spawning.add_done_callback(lambda spawned: _end(spawned.result()))
            raise

    async def loaded(self) -> None:
        """Wait until a worker that says so, by `Channel.ready`, has loaded what it needs. Raises: as `said`."""
        if not self.has_loaded:
            self.is_loading = True
            await self.said()
            self.is_loading, self.has_loaded = False, True

    async def say(self, kind: bytes, content: bytes = b"") -> None:
        """Send a frame. Raises: ConnectionError, if the worker has died."""
        self.writer.write(HEAD.pack(kind, len(content)))
        self.writer.write(content)
        await self.writer.drain()

    async def said(self) -> tuple[bytes, bytes]:
        """The next frame. Raises: ConnectionError or EOFError, if the worker has died."""
        kind, size = HEAD.unpack(await self.reader.readexactly(HEAD.size))
        return kind, await self.reader.readexactly(size)

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.process.poll() is None

    def kill(self) -> None:
        """End the process now."""
        self.writer.transport.abort()
        _end(self.process)


class Workers:
    """The workers of one kind."""

    def __init__(self, work: Work) -> None:
        """Args: their work. No process is started before it is needed."""
        self._work = work
        self._places = asyncio.Semaphore(work.most)
        self._idle: list[Worker] = []
        self._working: set[Worker] = set()
        self._admitted = 0

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Worker]:
        """A worker for one piece of work; unless all goes well, it is ended. Raises: Busy.

        Who stops waiting while it is `loaded` leaves it to go on, for whoever comes next: a machine so busy that none
        is ready within a deadline would else never have one.
        """
        if self._work.queue is not None and self._admitted >= self._work.most + self._work.queue:
            raise Busy
        self._admitted += 1
        try:
            await self._place()
            try:
                worker = await self._ready()
                self._working.add(worker)
                try:
                    yield worker
                except BaseException as error:
                    if worker.is_loading and isinstance(error, asyncio.CancelledError):
                        self._idle.append(worker)
                    else:
                        worker.kill()
                    raise
                else:
                    self._idle.append(worker)
                finally:
                    self._working.discard(worker)
            finally:
                self._places.release()
        finally:
            self._admitted -= 1

    async def warm(self) -> None:
        """Have a worker load what it needs before anybody waits for it."""
        if not (self._idle or self._admitted):
            async with self.one():
                pass

    async def close(self) -> None:
        """End every worker, whatever it is doing."""
        for worker in [*self._idle, *self._working]:
            worker.kill()
        self._idle.clear()

    async def _place(self) -> None:
        try:
            async with asyncio.timeout(self._work.patience):
                await self._places.acquire()
        except TimeoutError:
            raise Busy from None

    async def _ready(self) -> Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                return worker
            worker.kill()
        return await Worker.start(self._work)


def _spawn(theirs: socket.socket, work: Work) -> "subprocess.Popen[bytes]":
    with theirs:
        end = theirs.fileno()
        told = [str(end), work.module, str(work.memory), work.log_level, json.dumps(sys.path)]
        return subprocess.Popen(  # noqa: S603  (our own interpreter and arguments)
            [sys.executable, "-c", _START, *told],
            pass_fds=(end,),
            stdin=subprocess.DEVNULL,
            env=os.environ | _ONE_THREAD,
        )


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process; that it is gone is waited for elsewhere."""
    process.kill()
    threading.Thread(target=process.wait).start()
