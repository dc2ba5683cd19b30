"""Rolls as an Arrow IPC stream: record batches as they arrive, of any types."""

import io
from collections import deque
from collections.abc import Iterator

import pyarrow as pa

from api.roll.blocks import Table, table_batch
from api.roll.reading import Dialect, known_columns
from api.roll.source import Faulty, Source

ROWS = 32_768
"""Rows of a piece."""
LARGEST_MESSAGE = 1 << 28
"""Bytes that one message of a stream may have."""

_CRUMB = 1_024
"""Bytes of a piece that is too small to be kept by itself."""


class ArrowReader:
    """Reads an Arrow IPC stream."""

    dialect = Dialect()

    def __init__(self) -> None:
        """Nothing has come yet."""
        self._no_rows: pa.RecordBatch | None = None
        self._schema = pa.schema([])
        self._names: tuple[str, ...] = ()
        self._known: dict[str, int] = {}

    def pieces(self, source: Source) -> Iterator[pa.RecordBatch]:
        """Pieces of its record batches. Raises: Faulty (`malformed_arrow`)."""
        try:
            with pa.ipc.open_stream(pa.PythonFile(_Stream(source), mode="r")) as stream:
                self.begin(stream.schema)
                for batch in stream:
                    batch.validate(full=True)
                    self._no_rows = batch.slice(0, 0)
                    for start in range(0, batch.num_rows, ROWS):
                        yield batch.slice(start, ROWS)
        except MemoryError:  # which pyarrow's is too, and no fault of the stream's form
            raise
        except (pa.ArrowException, OSError, EOFError) as error:
            raise Faulty("malformed_arrow", "The body is no Arrow IPC stream as it should be.") from error

    def begin(self, schema: pa.Schema) -> None:
        """Note the columns. Raises: Faulty (`invalid_request`)."""
        self._schema = schema
        self._names = tuple(schema.names)
        self._known = known_columns(self._names)

    def empty(self) -> Table:
        """A block without rows."""
        return self.block(self._no_rows or pa.RecordBatch.from_pylist([], schema=self._schema))

    def block(self, piece: pa.RecordBatch) -> Table:
        """The rows of a piece."""
        arrays = [_decoded(column) for column in piece.columns]
        return Table(self._names, table_batch(arrays, piece.num_rows), self._known)


class _Stream(io.RawIOBase):
    """A source as a file to read from."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source
        self._pieces: deque[memoryview] = deque()
        self._size = 0
        self._ended = False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """So many bytes, put together once; fewer at the end."""
        if size > LARGEST_MESSAGE:
            raise OSError("a message is too large")
        while not self._ended and self._size < size:
            data = self._source.read(wait=True)
            self._ended = not data
            if data:
                self._size += len(data)
                if self._pieces and len(self._pieces[-1]) < _CRUMB:
                    data = bytes(self._pieces.pop()) + data
                self._pieces.append(memoryview(data))
        taken, missing = [], size
        while missing and self._pieces:
            first = self._pieces.popleft()
            taken.append(first[:missing])
            missing -= len(taken[-1])
            if len(first) > len(taken[-1]):
                self._pieces.appendleft(first[len(taken[-1]) :])
        self._size -= size - missing
        return b"".join(taken)


def _decoded(column: pa.Array) -> pa.Array:
    """A column in the plain type of its values."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_large_string(column.type) or pa.types.is_string_view(column.type):
        return column.cast(pa.string())
    return column
