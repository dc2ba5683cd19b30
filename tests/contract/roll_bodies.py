"""Schemathesis hooks: bodies of rolls in the forms that JSON Schema cannot describe, and their answers read back.

To JSON Schema such a body is text. Text that is drawn becomes a cell of a roll, which must be answered; what is drawn
that is no text becomes something that is no roll, which must be refused. NDJSON takes anything, and its schema says so:
any line is a row, a bad one a refused row.
"""

import csv
import io
import json
from typing import Any

import pyarrow as pa
import schemathesis
from schemathesis import Case, DeserializationContext, HookContext, SerializationContext
from schemathesis.core.parameters import ParameterLocation

from api.roll.forms import Form

_ROW = {"package": "F", "plan_type": "single"}
_NO_ROLL = b"no,roll\n1,2\n"
_LISTS = "/v1/monitoring/"


@schemathesis.serializer(Form.CSV.value)
def csv_roll(_context: SerializationContext, value: Any) -> bytes:
    """CSV with a text in a cell; a text that is a roll already is left as it is."""
    if not isinstance(value, str):
        return _NO_ROLL
    if "plan_type" in value:
        return value.encode()
    lines = io.StringIO()
    csv.writer(lines).writerows([[*_ROW, "member_id"], [*_ROW.values(), value]])
    return lines.getvalue().encode("utf-8", "replace")


@schemathesis.serializer(Form.NDJSON.value)
def ndjson_roll(_context: SerializationContext, value: Any) -> bytes:
    """NDJSON with a value in a field; a text that is a roll already is left as it is."""
    if isinstance(value, str) and "plan_type" in value:
        return value.encode()
    return json.dumps(_ROW | {"member_id": value}).encode()


@schemathesis.serializer(Form.ARROW.value)
def arrow_roll(_context: SerializationContext, value: Any) -> bytes:
    """An Arrow stream with a text in a cell."""
    if not isinstance(value, str):
        return _NO_ROLL
    batch = pa.RecordBatch.from_pylist([_ROW | {"member_id": value.encode("utf-8", "replace")}])
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return sink.getvalue()


@schemathesis.hook
def filter_case(_context: HookContext, case: "Case[Any]") -> bool:
    """Leave out what must be refused for its body and never is: NDJSON, whatever a line holds, and a list's CSV.

    Of a portfolio's list each bad row is refused, and no request with it. A body that is null is taken for none at
    all, and judged as one that must be refused.
    """
    meta = case.meta
    is_body = case.body is None or (meta is not None and meta.is_negative_at(ParameterLocation.BODY))
    is_list = case.media_type == Form.CSV.value and case.path.startswith(_LISTS)
    return not (is_body and (is_list or case.media_type == Form.NDJSON.value))


@schemathesis.deserializer(Form.NDJSON.value, Form.ARROW.value, Form.PARQUET.value)
def text(_context: DeserializationContext, response: Any) -> str:
    """What an answer is to JSON Schema: text, whatever its bytes."""
    return str(response.content.decode("latin-1"))
