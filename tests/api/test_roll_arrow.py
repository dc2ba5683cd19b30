"""Arrow streams of every type and of any malice: carried, or refused with a sentence; the service goes on."""

import io
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from api.application import Application
from api.engine import Engine
from api.roll.forms import OUTPUTS, Form
from tests.api.rolls import MARK, batches, expected, outcome, price, rows_of, send, stream, wanted
from tests.api.support import assert_problem

SINGLE = wanted(expected({"package": "F", "plan_type": "single"}))
MEGABYTE = 1 << 20

# A column of two rows, the second of them null.
CARRIED: dict[str, pa.Array] = {
    "null": pa.nulls(2),
    "bool": pa.array([True, None]),
    **{f"int{bits}": pa.array([-1, None], f"int{bits}") for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": pa.array([2**bits - 1, None], f"uint{bits}") for bits in (8, 16, 32, 64)},
    "float16": pa.array([1.5, None], pa.float32()).cast(pa.float16()),
    "float32": pa.array([1.5, None], pa.float32()),
    "float64": pa.array([0.1, None], pa.float64()),
    "string": pa.array(["ខ្មែរ", None]),
    "large_string": pa.array(["ខ្មែរ", None], pa.large_string()),
    "string_view": pa.array(["ខ្មែរ, longer than twelve bytes", None], pa.string_view()),
    "binary": pa.array([b"ab", None]),
    "large_binary": pa.array([b"ab", None], pa.large_binary()),
    "binary_view": pa.array([b"ab", None], pa.binary_view()),
    "fixed": pa.array([b"ab", None], pa.binary(2)),
    "dictionary": pa.array(["a", None]).dictionary_encode(),
    "dictionary_of_numbers": pa.array([7, None]).dictionary_encode(),
    "decimal128": pa.array([Decimal("1.20"), None], pa.decimal128(38, 2)),
    "decimal256": pa.array([Decimal("1.20"), None], pa.decimal256(76, 2)),
    "date32": pa.array([date(2026, 12, 1), None], pa.date32()),
    "date64": pa.array([date(2026, 12, 1), None], pa.date64()),
    "time": pa.array([time(1, 2, 3), None], pa.time64("us")),
    **{
        f"timestamp_{unit}": pa.array([datetime(2026, 12, 1), None], pa.timestamp(unit))  # noqa: DTZ001
        for unit in ("s", "ms", "us", "ns")
    },
    "timestamp_zoned": pa.array([datetime(2026, 12, 1), None], pa.timestamp("us", "Asia/Phnom_Penh")),  # noqa: DTZ001
    "duration": pa.array([timedelta(seconds=1), None]),
    "list": pa.array([[1, None], None]),
    "large_list": pa.array([[1], None], pa.large_list(pa.int64())),
    "fixed_list": pa.array([[1, 2], None], pa.list_(pa.int64(), 2)),
    "struct": pa.array([{"a": 1, "b": ["x"]}, None]),
    "map": pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int64())),
}
NOT_IN_PYTHON: dict[str, pa.Array] = {
    "nanosecond": pa.array([1, None], pa.timestamp("ns")),
    "year_35 million": pa.array([2**50, None], pa.timestamp("s")),
}
MAYBE: dict[str, Callable[[], pa.Array]] = {
    "interval": lambda: pa.array([pa.MonthDayNano([1, 2, 3]), None]),
    "list_view": lambda: pa.array([[1], None], pa.list_view(pa.int64())),
    "run_end": lambda: pa.RunEndEncodedArray.from_arrays(pa.array([1, 2], pa.int32()), pa.array(["a", None])),
    "union": lambda: pa.UnionArray.from_dense(
        pa.array([0, 1], pa.int8()), pa.array([0, 0], pa.int32()), [pa.array([1]), pa.array(["x"])]
    ),
    "extension": lambda: pa.array([b"0" * 16, None], pa.binary(16)).cast(pa.uuid()),
}


@pytest.fixture
def engine(app: Application, client: TestClient) -> Engine:
    found: Engine = app.state.running.engine
    return found


def roll(extra: pa.Array) -> bytes:
    plans = {"package": ["F", "F"], "plan_type": ["single", "single"], "extra": extra}
    return stream(pa.table(plans))


@pytest.mark.parametrize("answer", OUTPUTS)
@pytest.mark.parametrize("name", CARRIED)
def test_a_column_of_any_type_is_carried(engine: Engine, name: str, answer: Form) -> None:
    extra = CARRIED[name]
    priced = price(engine, Form.ARROW, roll(extra), answer)
    assert [outcome(row) for row in priced.rows] == [SINGLE, SINGLE]
    first, second = (row["extra"] for row in priced.rows)
    assert second is None
    assert (first is None) == (name == "null")
    if answer is Form.ARROW:
        (batch, _) = batches(priced.content)
        came = batch.column("extra")
        plain = extra.dictionary_decode() if pa.types.is_dictionary(extra.type) else extra
        assert came.cast(plain.type).equals(plain)


@pytest.mark.parametrize("answer", [Form.CSV, Form.JSON, Form.NDJSON])
@pytest.mark.parametrize("name", NOT_IN_PYTHON)
def test_an_instant_that_python_does_not_know_is_text(engine: Engine, name: str, answer: Form) -> None:
    first, second = price(engine, Form.ARROW, roll(NOT_IN_PYTHON[name]), answer).rows
    assert isinstance(first["extra"], str)
    assert first["extra"]
    assert second["extra"] is None


@pytest.mark.parametrize("answer", OUTPUTS)
@pytest.mark.parametrize("name", MAYBE)
def test_a_rare_type_is_carried_or_refused_with_a_sentence(client: TestClient, name: str, answer: Form) -> None:
    response = send(client, Form.ARROW, roll(MAYBE[name]()), answer)
    if response.status_code == 200:
        rows = rows_of(answer, response.content)
        outcomes = [outcome(row) for row in rows]
        assert outcomes in ([SINGLE, SINGLE], [wanted("malformed_arrow")])
    else:
        assert_problem(response, 400, "malformed_arrow")


@pytest.mark.parametrize(
    "type_", [pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string()), pa.null()]
)
def test_a_plan_may_be_text_of_any_type(engine: Engine, type_: pa.DataType) -> None:
    is_null = pa.types.is_null(type_)
    plan = pa.nulls(2) if is_null else pa.array(["single", "single"]).cast(type_)
    priced = price(engine, Form.ARROW, stream(pa.table({"package": ["F", "F"], "plan_type": plan})))
    assert [outcome(row) for row in priced.rows] == [wanted("invalid_request") if is_null else SINGLE] * 2


# Malice


def bomb(rows: int, codec: str = "zstd") -> bytes:
    """A roll whose extra column has so many bytes of nothing in each of so many megabytes."""
    empty = pa.py_buffer(bytes(MEGABYTE))
    column = pa.Array.from_buffers(pa.binary(MEGABYTE), 1, [None, empty])
    whole = pa.concat_arrays([column] * rows)
    table = pa.table({"package": ["F"] * rows, "plan_type": ["single"] * rows, "extra": whole})
    return stream(table, compression=codec)


def lying(size: int) -> bytes:
    """A compressed roll that says of a buffer that it has so many bytes when it is not compressed."""
    table = pa.table({"package": ["F"] * 9_000, "plan_type": ["single"] * 9_000})
    content = stream(table, compression="lz4")
    told = (9_000 * len("single")).to_bytes(8, "little")
    assert told in content
    return content.replace(told, size.to_bytes(8, "little", signed=True))


def decoded(rows: int) -> bytes:
    """A roll whose dictionary has one text of a megabyte, that every row refers to."""
    text = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * MEGABYTE]))
    return stream(pa.table({"package": ["F"] * rows, "plan_type": ["single"] * rows, "extra": text}))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("decompressed", lambda: bomb(2_300)),
        ("decoded", lambda: decoded(4_000)),
        ("more than there is", lambda: lying(1 << 40)),
        ("less than nothing", lambda: lying(-5)),
        ("no room", lambda: lying(1 << 62)),
    ],
)
def test_a_bomb_is_refused_and_the_service_goes_on(client: TestClient, name: str, content: Callable[[], bytes]) -> None:
    body = content()
    assert len(body) < 3 * MEGABYTE, name
    response = send(client, Form.ARROW, body, Form.CSV)
    assert response.status_code in (400, 413), response.text[:500]
    assert_problem(response, response.status_code, response.json()["code"])
    after = send(client, Form.ARROW, roll(pa.array(["a", "b"])), Form.JSON)
    assert [outcome({"code": None, **row}) for row in after.json()] == [SINGLE, SINGLE]


def test_parquet_out_is_read_back_with_the_types_that_came(engine: Engine) -> None:
    extra = CARRIED["decimal128"]
    priced = price(engine, Form.ARROW, roll(extra), Form.PARQUET)
    assert pq.read_table(io.BytesIO(priced.content))["extra"].type == extra.type


def test_csv_of_arrow_has_no_mark(engine: Engine) -> None:
    assert not price(engine, Form.ARROW, roll(CARRIED["string"]), Form.CSV).content.startswith(MARK)
