"""A stated roll to measure with: plans of every kind, additional persons in some, columns of its own in all."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from bench.mix import PACKAGES, PLAN_TYPES

BLOCK = 100_000
_SEED = 20_261_201


def blocks(rows: int) -> Iterator[pa.RecordBatch]:
    """Record batches of so many rows in all."""
    random = np.random.default_rng(_SEED)
    for start in range(0, rows, BLOCK):
        size = min(BLOCK, rows - start)
        numbers = range(start, start + size)
        few = np.array([0, 0, 0, 1, 1, 2])
        yield pa.record_batch(
            {
                "member_id": pa.array([f"M-{number:07d}" for number in numbers]),
                "union": pa.array([f"Union {number % 211}" for number in numbers]),
                "package": pa.array(np.array(list(PACKAGES))[random.integers(0, len(PACKAGES), size)]),
                "plan_type": pa.array(np.array(PLAN_TYPES)[random.integers(0, len(PLAN_TYPES), size)]),
                "additional_15_65": pa.array(few[random.integers(0, len(few), size)]),
                "additional_66_75": pa.array(few[random.integers(0, len(few), size)]),
            }
        )


def csv_text(block: pa.RecordBatch, *, header: bool) -> bytes:
    """A batch as CSV."""
    sink = pa.BufferOutputStream()
    csv.write_csv(block, sink, csv.WriteOptions(include_header=header, quoting_style="none", quoting_header="none"))
    return bytes(sink.getvalue())


def write(folder: Path, rows: int) -> tuple[Path, Path]:
    """The roll as CSV and as an Arrow IPC stream."""
    as_csv, as_arrow = folder / "roll.csv", folder / "roll.arrows"
    writer = None
    with as_csv.open("wb") as text, as_arrow.open("wb") as stream:
        for block in blocks(rows):
            text.write(csv_text(block, header=writer is None))
            writer = writer or pa.ipc.new_stream(stream, block.schema)
            writer.write_batch(block)
        assert writer is not None
        writer.close()
    return as_csv, as_arrow
