"""Bytes on their way to a client that may not read yet: in memory, and past a limit in a temporary file.

Most clients send the whole of a roll before they read any of its answer. Were the answer not taken meanwhile, both
sides would wait for each other.
"""

import asyncio
from collections import deque
from tempfile import TemporaryFile
from typing import IO

PIECE = 1 << 18


class Spool:
    """A queue of bytes: put as they come, taken in the same order."""

    def __init__(self, in_memory: int, most: int, patience: float) -> None:
        """Args: bytes kept in memory, bytes kept at all, seconds in which some must be taken when there are so many."""
        self._in_memory = in_memory
        self._most = most
        self._patience = patience
        self._pieces: deque[bytes] = deque()
        self._size = 0
        self._file: IO[bytes] | None = None
        self._written = self._taken = 0
        self._changed = asyncio.Event()
        self._ended = False

    async def put(self, data: bytes) -> None:
        """Add some bytes; waits while there are too many. Raises: TimeoutError, if nobody takes any."""
        while self._size + self._written - self._taken > self._most:
            async with asyncio.timeout(self._patience):
                await self._change()
        if self._written > self._taken or self._size > self._in_memory:
            if self._file is None:
                self._file = TemporaryFile()  # noqa: SIM115  (closed with the spool)
            self._file.seek(self._written)
            self._file.write(data)
            self._written += len(data)
        else:
            self._pieces.append(data)
            self._size += len(data)
        self._changed.set()

    def end(self) -> None:
        """There will be no more."""
        self._ended = True
        self._changed.set()

    async def whole(self) -> int:
        """Wait for the end. Returns: how many bytes there are; if none has been taken, of all that was put."""
        while not self._ended:
            await self._change()
        return self._size + self._written - self._taken

    async def take(self) -> bytes:
        """The next bytes; none at the end."""
        while True:
            if self._pieces:
                data = self._pieces.popleft()
                self._size -= len(data)
                break
            if self._file is not None and self._written > self._taken:
                self._file.seek(self._taken)
                data = self._file.read(min(PIECE, self._written - self._taken))
                self._taken += len(data)
                if self._taken == self._written:
                    self._file.seek(0)
                    self._file.truncate()
                    self._written = self._taken = 0
                break
            if self._ended:
                return b""
            await self._change()
        self._changed.set()
        return data

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()

    def close(self) -> None:
        """Forget what is left."""
        if self._file is not None:
            self._file.close()
