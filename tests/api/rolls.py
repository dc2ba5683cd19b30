"""Rolls as people send them, in every form, and their answers read back from every form.

Everything is written and read by the formats' own definitions, and no premium comes from the service: `expected` asks
the independent implementation.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from api.engine import Engine
from api.roll import arrow_reading, json_reading, reading
from api.roll.forms import Form
from api.roll.order import Order
from api.roll.pricing import price_roll
from api.roll.source import FileSource
from tests import reference
from tests.api.support import AS_OF, QUOTES

BATCH = f"{QUOTES}/batch"
Row = dict[str, Any]

ADDED = ("row", "status", "monthly_premium", "monthly_premium_exact", "code", "detail")
MARK = b"\xef\xbb\xbf"
SMALL_PIECES = 97
"""Bytes of a piece where blocks must end in the middle of everything."""


@dataclass(frozen=True)
class Priced:
    """A roll's answer: its rows and its summary."""

    rows: list[Row]
    summary: Any
    content: bytes


def price(
    engine: Engine,
    form: Form,
    content: bytes,
    answer: Form = Form.NDJSON,
    *,
    step: int = 1 << 16,
    **asked: Any,
) -> Priced:
    """Price a roll that is read in steps of so many bytes. Raises: Faulty."""
    put: list[bytes | memoryview] = []
    order = Order(form, answer, asked.pop("as_of", date.fromisoformat(AS_OF)), **asked)
    summary = price_roll(order, engine, FileSource(io.BytesIO(content).read, step), put.append)
    whole = b"".join(put)
    return Priced(rows_of(answer, whole), summary, whole)


@contextmanager
def small_pieces(size: int = SMALL_PIECES, rows: int = 3) -> Any:
    """Every piece of a roll has few bytes and few rows, so that households and cells go across."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "FIRST_PIECE", size)
        patch.setattr(reading, "LARGEST_PIECE", size)
        patch.setattr(arrow_reading, "ROWS", rows)
        patch.setattr(json_reading, "_ELEMENTS", rows)
        yield patch


def send(
    client: TestClient, form: Form, content: bytes | Iterable[bytes], answer: Form | None = None, **query: str
) -> Response:
    """Send a roll."""
    headers = {"content-type": form.value, "accept": answer.value if answer else "*/*"}
    return client.post(BATCH, params={"as_of": AS_OF, **query}, content=content, headers=headers)


# Into a form


def as_csv(rows: Sequence[Row], columns: Sequence[str], delimiter: str = ",", end: str = "\n") -> bytes:
    """Rows as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    writer.writerow(columns)
    writer.writerows([["" if row.get(name) is None else row[name] for name in columns] for row in rows])
    return text.getvalue().encode()


def as_json(rows: Sequence[Row], columns: Sequence[str] = ()) -> bytes:
    """Rows as a JSON array; but for the first, which has every column, fields without a value are left out."""
    return json.dumps(list(_objects(rows, columns)), ensure_ascii=False).encode()


def as_ndjson(rows: Sequence[Row], columns: Sequence[str] = ()) -> bytes:
    """Rows as a JSON object a line."""
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in _objects(rows, columns))


def as_arrow(rows: Sequence[Row], columns: Sequence[str]) -> bytes:
    """Rows as columns of text, two rows a batch."""
    schema = pa.schema([(name, pa.string()) for name in columns])
    text = [{name: None if row.get(name) is None else str(row[name]) for name in columns} for row in rows]
    return stream(pa.Table.from_pylist(text, schema=schema), batch_rows=2)


def stream(table: pa.Table, batch_rows: int | None = None, **options: Any) -> bytes:
    """A table as an Arrow IPC stream."""
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(table, batch_rows)
    return sink.getvalue()


def _objects(rows: Sequence[Row], columns: Sequence[str]) -> Iterable[Row]:
    for place, row in enumerate(rows):
        given = {name: value for name, value in row.items() if value is not None}
        yield given if place else {**dict.fromkeys(columns), **given}


WRITE: dict[Form, Callable[[Sequence[Row], Sequence[str]], bytes]] = {
    Form.CSV: as_csv,
    Form.JSON: as_json,
    Form.NDJSON: as_ndjson,
    Form.ARROW: as_arrow,
}

# Out of a form


def rows_of(form: Form, content: bytes) -> list[Row]:
    """The rows of an answer; what is empty is None, amounts are text."""
    match form:
        case Form.JSON:
            found = json.loads(content)
        case Form.NDJSON:
            *lines, last = content.splitlines()
            assert list(json.loads(last)) == ["summary"]
            found = [json.loads(line) for line in lines]
        case Form.CSV:
            found = [
                {name: value or None for name, value in row.items()} | {"row": int(row["row"])}
                for row in csv.DictReader(io.StringIO(content.removeprefix(MARK).decode(), newline=""))
            ]
        case Form.ARROW:
            found = [row for batch in batches(content) for row in _amounts(batch.to_pylist())]
        case Form.PARQUET:
            found = _amounts(pq.read_table(io.BytesIO(content)).to_pylist())
    return [{**dict.fromkeys(ADDED), **row} for row in found]


def batches(content: bytes) -> list[pa.RecordBatch]:
    """The batches of an Arrow stream."""
    with pa.ipc.open_stream(content) as found:
        return list(found)


def _amounts(rows: list[Row]) -> list[Row]:
    return [
        {name: format(value, "f") if isinstance(value, Decimal) else value for name, value in row.items()}
        for row in rows
    ]


# What must come out


def expected(body: Row, *, corrected: bool = False) -> reference.Priced | reference.Refused:
    """What the reference says of a row that is a single quote's body, at the roll's date unless it gives its own."""
    return reference.quote({**body, "as_of": body.get("as_of") or AS_OF}, corrected=corrected)


def outcome(row: Row) -> tuple[Any, ...]:
    """What a row says beside its own columns and the words for people."""
    return row["status"], row["monthly_premium"], row["monthly_premium_exact"], row["code"]


def wanted(answer: reference.Priced | reference.Refused | str | None) -> tuple[Any, ...]:
    """The `outcome` of a reference's answer, of a code, or of somebody insured with the member (None)."""
    if answer is None:
        return "priced", None, None, None
    if isinstance(answer, str):
        return "refused", None, None, answer
    if isinstance(answer, reference.Refused):
        return "refused", None, None, answer.code
    return "priced", answer.fields["monthly_premium"], answer.fields["monthly_premium_exact"], None


def assert_summed_up(summary: Any, answers: Sequence[reference.Priced | reference.Refused | str | None]) -> None:
    """Assert that a summary is the sum of its rows, by whole numbers and exact decimals."""
    outcomes = [wanted(each) for each in answers]
    refused = Counter(code for *_, code in outcomes if code is not None)
    priced = [each for each in answers if isinstance(each, reference.Priced)]
    assert summary["complete"] is True
    assert (summary["rows"], summary["refused"]) == (len(answers), refused.total())
    assert summary["priced"] == len(answers) - refused.total()
    assert summary["refused_by_code"] == dict(sorted(refused.items()))
    assert summary["premiums"] == len(priced)
    assert (summary["monthly_premium"], summary["monthly_premium_exact"]) == _sums(priced)
    kinds = sorted({(each.fields["package"], each.fields["plan_type"]) for each in priced})
    assert [(each["package"], each["plan_type"]) for each in summary["totals"]] == kinds
    for total, kind in zip(summary["totals"], kinds, strict=True):
        of_kind = [each for each in priced if (each.fields["package"], each.fields["plan_type"]) == kind]
        assert total["premiums"] == len(of_kind)
        assert (total["monthly_premium"], total["monthly_premium_exact"]) == _sums(of_kind)
    assert [note["code"] for note in summary["notes"]] == sorted({code for each in priced for code in each.errata})


def _sums(priced: Sequence[reference.Priced]) -> tuple[str, str]:
    whole = sum(int(each.fields["monthly_premium"]) for each in priced)
    exact = sum((Decimal(each.fields["monthly_premium_exact"]) for each in priced), start=Decimal(0))
    return str(whole), f"{exact:.12f}"
