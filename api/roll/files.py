"""Rolls in files: where their bytes come from, and files that stand under their names only once they are whole."""

import errno
import os
import secrets
import select
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

STANDARD = Path("-")
"""Stands for standard input, or output."""

_PIECE = 1 << 18
_SILENCE_SECONDS = 0.02


class Input:
    """A `Source` of a file, of a pipe, or of standard input."""

    def __init__(self, path: Path) -> None:
        """Open it. Raises: OSError."""
        # Without a buffer, so that to wait for the file tells whether anything has come.
        self._file = (
            os.fdopen(0, "rb", buffering=0, closefd=False) if path == STANDARD else path.open("rb", buffering=0)
        )
        status = os.fstat(self._file.fileno())
        self._is_file = stat.S_ISREG(status.st_mode)
        self.size = status.st_size if self._is_file else None

    def read(self, *, wait: bool) -> bytes | None:
        """What there is; a file never keeps anybody waiting."""
        if not (self._is_file or wait) and not select.select([self._file], [], [], _SILENCE_SECONDS)[0]:
            return None
        return self._file.read(_PIECE)

    def close(self) -> None:
        """Read no more."""
        self._file.close()

    def is_also(self, path: Path) -> bool:
        """Whether a path leads to the same file."""
        return self._is_file and path.exists() and os.path.samestat(os.fstat(self._file.fileno()), path.stat())


@contextmanager
def written(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to: beside its place, and moved there at the end; if anything is raised nothing has changed.

    Standard output, a device or a pipe is written to as it is. Raises: OSError.
    """
    if path == STANDARD:
        with os.fdopen(1, "wb", closefd=False) as file:
            yield file
        return
    target = path.resolve()
    if target.exists() and not target.is_file():
        with target.open("wb") as file:
            yield file
        return
    mode = target.stat().st_mode if target.exists() else None
    if mode is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    beside = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with beside.open("xb") as file:
            if mode is not None:
                beside.chmod(stat.S_IMODE(mode))
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
