"""Where the bytes of a roll come from: as they arrive, within limits, with a moment's silence noticed."""

import hashlib
from collections.abc import Callable
from typing import Protocol

FIRST_PIECE = 65_536
"""Bytes of the first piece that is read: answers to it are on their way while the rest still comes."""
LARGEST_PIECE = 1_048_576
"""Bytes that the pieces grow to."""
LONGEST_ROW = 65_536
"""Bytes that one row may have."""


class Faulty(Exception):
    """A roll that cannot be read any further; rows before the fault stand."""

    def __init__(self, code: str, detail: str) -> None:
        """Args: a code of the committed list, a sentence for people."""
        super().__init__(code)
        self.code = code
        self.detail = detail


Put = Callable[[bytes | memoryview], None]
"""Takes some of an answer, which stays as it is."""


class Source(Protocol):
    """A stream of bytes."""

    def read(self, *, wait: bool) -> bytes | bytearray | None:
        """What has arrived, at least a byte; nothing at the end. None: nothing for a moment, unless told to wait."""


class Hashed:
    """A source whose bytes are hashed as they pass."""

    def __init__(self, source: Source) -> None:
        """Args: the source."""
        self._source = source
        self.sha256 = hashlib.sha256()

    def read(self, *, wait: bool) -> bytes | bytearray | None:
        """What has arrived."""
        data = self._source.read(wait=wait)
        self.sha256.update(data or b"")
        return data


class FileSource:
    """A file, read in pieces."""

    def __init__(self, read: Callable[[int], bytes], size: int) -> None:
        """Args: the file's `read`, bytes of a piece."""
        self._read = read
        self._size = size

    def read(self, *, wait: bool) -> bytes | None:
        """The next piece: a file never keeps anybody waiting."""
        return self._read(self._size)


class Stopped(Exception):
    """Nobody wants the rest of a roll."""


class Metered:
    """A source of at most so many bytes, which can be told to stop."""

    def __init__(self, source: Source, limit: int) -> None:
        """Args: the source, the most bytes that may come."""
        self._source = source
        self._limit = limit
        self._stopped = False
        self.bytes_read = 0

    def stop(self) -> None:
        """Let nobody wait for more."""
        self._stopped = True

    def read(self, *, wait: bool) -> bytes | bytearray | None:
        """What has arrived. Raises: Faulty (`body_too_large`), Stopped."""
        data = None
        while data is None:
            if self._stopped:
                raise Stopped
            data = self._source.read(wait=False)
            if not wait:
                break
        self.bytes_read += len(data or b"")
        if self.bytes_read > self._limit:
            raise Faulty("body_too_large", f"A roll may have at most {self._limit} bytes.")
        return data
