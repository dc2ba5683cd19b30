"""What reads a roll of each form, and what writes an answer of each."""

from collections.abc import Callable

from api.roll.arrow_reading import ArrowReader
from api.roll.csv_reading import CsvReader
from api.roll.forms import Form
from api.roll.json_reading import JsonReader, NdjsonReader
from api.roll.order import Order
from api.roll.parquet_reading import ParquetReader
from api.roll.reading import Dialect, Reader
from api.roll.source import Put
from api.roll.writing import ArrowWriter, CsvWriter, JsonWriter, Names, NdjsonWriter, ParquetWriter, Writer

_READERS: dict[Form, Callable[[], Reader]] = {
    Form.NDJSON: NdjsonReader,
    Form.JSON: JsonReader,
    Form.ARROW: ArrowReader,
    Form.PARQUET: ParquetReader,
}


def reader_of(order: Order) -> Reader:
    """What reads a roll. Args: what is asked."""
    if order.form is Form.CSV:
        return CsvReader(keeps_lines=order.answer in (Form.CSV, None))
    return _READERS[order.form]()


def writer_of(order: Order, put: Put, names: Names, dialect: Dialect) -> Writer | None:
    """What writes the answer, if there is to be one.

    Args: what is asked, where to write, the columns and how CSV is written, both known when rows are.
    """
    match order.answer:
        case None:
            return None
        case Form.JSON:
            return JsonWriter(put, components=order.components is not False)
        case Form.NDJSON:
            return NdjsonWriter(put, components=order.components is not False)
        case Form.CSV:
            return CsvWriter(put, names=names, dialect=dialect, components=bool(order.components))
        case Form.ARROW:
            return ArrowWriter(put, names=names, components=bool(order.components))
        case Form.PARQUET:
            return ParquetWriter(put, names=names, components=bool(order.components))
