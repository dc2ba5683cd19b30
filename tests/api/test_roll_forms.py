"""What people's programs put around a roll, how long a row may be, how many a household: in every form alike."""

import gzip
import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.application import Application
from api.engine import Engine
from api.roll.forms import INPUTS, OUTPUTS, Form
from api.roll.source import Faulty
from tests.api.rolls import (
    BATCH,
    MARK,
    WRITE,
    Row,
    as_csv,
    as_json,
    as_ndjson,
    expected,
    outcome,
    price,
    send,
    small_pieces,
    wanted,
)
from tests.api.support import AS_OF, QUOTES, answer, assert_problem, post

COLUMNS = ("member_id", "package", "plan_type")
ROWS: list[Row] = [
    {"member_id": "M-1", "package": "F", "plan_type": "single"},
    {"member_id": "M-2", "package": "A", "plan_type": "couple"},
]
OUTCOMES = [wanted(expected(row)) for row in ROWS]
STEPS = pytest.mark.parametrize("step", [1, 2, 1 << 16])
LONGEST = 65_536


@pytest.fixture
def engine(app: Application, client: TestClient) -> Engine:
    found: Engine = app.state.running.engine
    return found


# Before the first row


@STEPS
@pytest.mark.parametrize("form", [Form.JSON, Form.NDJSON, Form.CSV])
def test_a_byte_order_mark_is_taken(engine: Engine, form: Form, step: int) -> None:
    roll = MARK + (as_ndjson(ROWS) if form is Form.NDJSON else WRITE[form](ROWS, COLUMNS))
    priced = price(engine, form, roll, form, step=step)
    assert [outcome(row) for row in priced.rows] == OUTCOMES
    assert priced.content.startswith(MARK) == (form is Form.CSV)


@pytest.mark.parametrize("form", [Form.JSON, Form.NDJSON])
def test_a_mark_in_the_middle_is_a_fault_of_its_row(engine: Engine, form: Form) -> None:
    first, second = (json.dumps(row).encode() for row in ROWS)
    roll = b"[%s,%s%s]" % (first, MARK, second) if form is Form.JSON else b"%s\n%s%s\n" % (first, MARK, second)
    assert [outcome(row) for row in price(engine, form, roll).rows] == [OUTCOMES[0], wanted("malformed_json")]


@pytest.mark.parametrize("roll", [MARK[:2], MARK, MARK + b" "])
def test_a_mark_alone_is_no_array(engine: Engine, roll: bytes) -> None:
    with pytest.raises(Faulty, match="malformed_json"):
        price(engine, Form.JSON, roll, step=1)


@pytest.mark.parametrize("step", [1, 1 << 16])
@pytest.mark.parametrize("mark", [b"", MARK])
@pytest.mark.parametrize("first", ["sep={}", "SEP={}", '"sep={}"', "\n;;\nsep={}", "sep={}\r", "sep={};;"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_excel_s_first_line_is_taken(engine: Engine, mark: bytes, first: str, delimiter: str, step: int) -> None:
    roll = mark + first.format(delimiter).encode() + b"\n" + as_csv(ROWS, COLUMNS, delimiter)
    priced = price(engine, Form.CSV, roll, step=step)
    assert [outcome(row) for row in priced.rows] == OUTCOMES
    assert [row["member_id"] for row in priced.rows] == ["M-1", "M-2"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_excel_s_first_line_does_not_come_back_but_its_delimiter_does(client: TestClient, delimiter: str) -> None:
    roll = MARK + f"sep={delimiter}\r\n".encode() + as_csv(ROWS, COLUMNS, delimiter)
    priced = send(client, Form.CSV, roll).content
    assert priced.startswith(MARK + delimiter.join([*COLUMNS, "row", "status"]).encode())


def test_the_stated_delimiter_goes_before_what_the_header_looks_like(engine: Engine) -> None:
    roll = b"sep=;\npackage;plan_type;a,b,c,d,e\nF;single;x\n"
    (row,) = price(engine, Form.CSV, roll).rows
    assert (row["package"], row["a,b,c,d,e"]) == ("F", "x")


@pytest.mark.parametrize("first", [b"sep=|", b"sep=a"])
def test_another_delimiter_is_refused(engine: Engine, first: bytes) -> None:
    with pytest.raises(Faulty) as fault:
        price(engine, Form.CSV, first + b"\n" + as_csv(ROWS, COLUMNS))
    assert fault.value.code == "invalid_request"
    assert "sep=" in fault.value.detail


def test_a_compressed_body_is_refused(client: TestClient) -> None:
    for form in INPUTS:
        headers = {"content-type": form.value, "content-encoding": "gzip"}
        response = client.post(BATCH, content=gzip.compress(WRITE[form](ROWS, COLUMNS)), headers=headers)
        assert_problem(response, 415, "unsupported_media_type")


# How long a row may be


def filled(form: Form, size: int) -> bytes:
    """A row of so many bytes."""
    without = b",F,single" if form is Form.CSV else b'{"member_id":"","package":"F","plan_type":"single"}'
    filling = b"x" * (size - len(without))
    return filling + without if form is Form.CSV else without.replace(b'""', b'"' + filling + b'"')


@pytest.mark.parametrize("others", [0, 9_000])
@pytest.mark.parametrize("form", [Form.CSV, Form.NDJSON, Form.JSON])
def test_a_row_may_have_so_many_bytes_and_no_more(engine: Engine, form: Form, others: int) -> None:
    rows = [filled(form, 60)] * others
    rows = [*rows, filled(form, LONGEST), filled(form, LONGEST + 1), *rows, filled(form, 60)]
    if form is Form.JSON:
        roll = b"[" + b",".join(rows) + b"]"
    else:
        roll = b"".join(row + b"\n" for row in ([b"member_id,package,plan_type"] if form is Form.CSV else []) + rows)
    outcomes = [outcome(row) for row in price(engine, form, roll).rows]
    good = OUTCOMES[0]
    assert outcomes == [good] * (others + 1) + [wanted("row_too_long")] + [good] * (others + 1)


def test_line_ends_between_quotes_do_not_shorten_a_row(engine: Engine) -> None:
    cell = b'"' + b"line\n" * (LONGEST // 5) + b'"'
    rows = b"member_id,package,plan_type\nM-1,F,single\n" + cell + b",F,single\nM-3,F,single\n"
    outcomes = [outcome(row) for row in price(engine, Form.CSV, rows).rows]
    assert outcomes == [OUTCOMES[0], wanted("row_too_long"), OUTCOMES[0]]


def test_a_header_has_the_bound_of_a_row(client: TestClient) -> None:
    header = b"package,plan_type," + b"x" * LONGEST
    assert_problem(send(client, Form.CSV, header + b"\nF,single,\n"), 413, "row_too_long")


def test_a_row_without_an_end_breaks_the_roll_off(engine: Engine) -> None:
    endless = b"package,plan_type,member_id\nF,single,M-1\nF,single," + b"x" * (4 << 20)
    priced = price(engine, Form.CSV, endless)
    assert [outcome(row) for row in priced.rows] == [OUTCOMES[0], wanted("row_too_long")]
    assert priced.summary["complete"] is False


# Households


@pytest.mark.parametrize("form", INPUTS)
def test_a_household_of_forty_is_priced_and_one_of_forty_one_refused(engine: Engine, form: Form) -> None:
    columns = ("household_id", "package", "relation", "age")
    rows: list[Row] = []
    for size in (40, 41):
        ages = [("member", 40), *[("child", 1 + each % 14) for each in range(size - 1)]]
        rows += [
            {"household_id": f"H{size}", "package": "F", "relation": relation, "age": str(age)}
            for relation, age in ages
        ]
    with small_pieces(500, 7):
        outcomes = [outcome(row) for row in price(engine, form, WRITE[form](rows, columns)).rows]
    parent = wanted(expected({"package": "F", "plan_type": "single_parent"}))
    assert outcomes == [parent, *[wanted(None)] * 39, *[wanted("invalid_request")] * 41]


@pytest.mark.parametrize("form", [Form.JSON, Form.NDJSON])
def test_a_household_in_one_row_has_the_same_bound(engine: Engine, form: Form) -> None:
    persons = [{"relation": "member", "age": 40}, *({"relation": "child", "age": 5} for _ in range(40))]
    rows: list[Row] = [{"package": "F", "household": persons[:size]} for size in (40, 41)]
    write = as_json if form is Form.JSON else as_ndjson
    outcomes = [outcome(row) for row in price(engine, form, write(rows)).rows]
    assert outcomes == [wanted(expected({"package": "F", "plan_type": "single_parent"})), wanted("invalid_request")]


# Files to fill in


@pytest.mark.parametrize("rows", ["plans", "persons"])
def test_the_template_is_the_example_s_header_and_the_example_is_priced(client: TestClient, rows: str) -> None:
    template = client.get(f"{BATCH}/template", params={"rows": rows})
    example = client.get(f"{BATCH}/example", params={"rows": rows})
    for file in (template, example):
        assert (file.status_code, file.headers["content-type"]) == (200, "text/csv; charset=utf-8")
        assert file.content.startswith(MARK)
        assert file.content.count(b"\r\n") == file.content.count(b"\n") == len(file.content.splitlines())
    header = template.content.removeprefix(MARK).decode().strip().split(",")
    assert example.content.startswith(template.content)
    needed = {
        "plans": {"package", "plan_type", "additional_15_65", "additional_66_75", "as_of"},
        "persons": {"household_id", "package", "relation", "age", "birth_date", "entry_age", "as_of"},
    }
    assert needed[rows] | {"member_id", "កំណត់ចំណាំ"} == set(header)
    priced = [dict(row) for row in send(client, Form.CSV, example.content, Form.JSON).json()]
    assert {row["status"] for row in priced} == {"priced"}
    assert any(row["កំណត់ចំណាំ"] for row in priced)


def test_the_examples_are_quotes(client: TestClient) -> None:
    plans = send(client, Form.CSV, client.get(f"{BATCH}/example").content, Form.JSON).json()
    for row in plans:
        asked: dict[str, Any] = {name: row[name] for name in ("package", "plan_type", "as_of")}
        asked["additional_persons"] = {
            "15-65": int(row["additional_15_65"] or 0),
            "66-75": int(row["additional_66_75"] or 0),
        }
        assert row["monthly_premium"] == answer(post(client, QUOTES, asked))["monthly_premium"]
    first, second = (
        [
            {"relation": "member", "birth_date": "1985-03-14"},
            {"relation": "spouse", "age": 39},
            {"relation": "child", "age": 11},
        ],
        [{"relation": "member", "age": 63, "entry_age": 52}, {"relation": "parent", "birth_date": "1956-02-29"}],
    )
    persons = send(client, Form.CSV, client.get(f"{BATCH}/example?rows=persons").content, Form.JSON).json()
    for household, row, package in ((first, persons[0], "F"), (second, persons[3], "A")):
        quote = answer(post(client, QUOTES, {"package": package, "household": household, "as_of": AS_OF}))
        assert row["monthly_premium"] == quote["monthly_premium"]


def test_every_form_is_tried() -> None:
    """What the parameters above rest on."""
    assert {*INPUTS} == {Form.CSV, Form.JSON, Form.NDJSON, Form.ARROW}
    assert {*OUTPUTS} == {*INPUTS, Form.PARQUET}
