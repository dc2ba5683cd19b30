"""A roll's CSV comes out alike however it came in, each cell between quotes only where it must be."""

import csv
import io
from datetime import date

import pytest

from api.engine import Engine
from api.roll.forms import Form
from api.roll.order import Order
from api.roll.pricing import price_roll
from api.roll.source import FileSource
from tables.snapshot import Snapshot
from tests.api.support import AS_OF, golden

HARMLESS = ["", "plain", "a,b", "a;b", 'say "so"', "two\nlines", "-12", "-1.5", "ខ្មែរ", "1=1"]
FORMULAS = ["=1+1", "@x", "+855 12 345", "+5", "-1 2", "-1+1", "\t=1", "\uff1d1"]
CELLS = [*HARMLESS, *FORMULAS]
SAFE = [*HARMLESS, *(f"'{each}" for each in FORMULAS)]
ROWS = 20_000


def priced(snapshot: Snapshot, roll: str, piece: int) -> str:
    found: list[bytes | memoryview] = []
    order = Order(Form.CSV, Form.CSV, date.fromisoformat(AS_OF))
    price_roll(order, Engine(snapshot), FileSource(io.BytesIO(roll.encode()).read, piece), found.append)
    return b"".join(found).decode()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_bytes_do_not_depend_on_how_the_roll_arrives(snapshot: Snapshot, delimiter: str) -> None:
    text = io.StringIO()
    lines = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    lines.writerow(["note", "package", "plan_type"])
    lines.writerows([CELLS[row % len(CELLS)], "F" if row % 97 else "G", "single"] for row in range(ROWS))
    whole, in_pieces = (priced(snapshot, text.getvalue(), piece) for piece in (1 << 30, 5_000))
    assert whole == in_pieces
    header, *rows = csv.reader(io.StringIO(whole, newline=""), delimiter=delimiter)
    assert len(rows) == ROWS
    assert [row[0] for row in rows[: len(SAFE)]] == SAFE
    assert [row[header.index("row")] for row in rows] == [str(row + 1) for row in range(ROWS)]


def test_only_a_cell_that_must_stands_between_quotes(snapshot: Snapshot) -> None:
    roll = 'note,package,plan_type\nplain,F,single\n"a,b",A,couple\nplain,G,single\n'
    (price,) = (row["F"] for row in golden("table_9") if row["plan_type"] == "single")
    _, first, second, refused = priced(snapshot, roll, 1 << 20).splitlines()
    assert first.startswith(f"plain,F,single,1,priced,{price},")
    assert first.endswith(",,")
    assert second.startswith('"a,b",A,couple,2,priced,')
    assert refused == 'plain,G,single,3,refused,,,invalid_request,"package must be one of A, B, C, D, E, F."'
