"""Rolls in Parquet, whose end says where its beginning is: read once all of it has come."""

from collections.abc import Iterator
from tempfile import TemporaryFile

import pyarrow as pa
import pyarrow.parquet as pq

from api.roll.arrow_reading import ROWS, ArrowReader
from api.roll.source import Faulty, Source


class ParquetReader(ArrowReader):
    """Reads a Parquet file."""

    def pieces(self, source: Source) -> Iterator[pa.RecordBatch]:
        """Pieces of its row groups. Raises: Faulty (`invalid_request`)."""
        with TemporaryFile() as whole:
            while data := source.read(wait=True):
                whole.write(data)
            whole.seek(0)
            try:
                with pq.ParquetFile(whole) as file:
                    self.begin(file.schema_arrow)
                    yield from file.iter_batches(ROWS, use_threads=False)
            except (pa.ArrowException, OSError) as error:
                raise Faulty("invalid_request", "The roll is no Parquet file as it should be.") from error
