"""A roll's CSV comes out alike however it came in, each cell between quotes only where it must be."""

import csv
import io
import time
from datetime import date
from random import Random

import pytest

from api.engine import Engine
from api.roll.blocks import Table
from api.roll.csv_reading import CsvReader
from api.roll.forms import Form
from api.roll.order import Order
from api.roll.pricing import price_roll
from api.roll.source import Faulty, FileSource
from tables.snapshot import Snapshot
from tests.api.rolls import MARK, price, small_pieces
from tests.api.support import AS_OF, golden

HARMLESS = ["", "plain", "a,b", "a;b", 'say "so"', "two\nlines", "-12", "-1.5", "-1,5", "ខ្មែរ", "1=1"]
FORMULAS = ["=1+1", "@x", "+855 12 345", "+5", "-1 2", "-1+1", "\t=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201"]
CELLS = [*HARMLESS, *FORMULAS]
SAFE = [*HARMLESS, *(f"'{each}" for each in FORMULAS)]
ROWS = 20_000

PLAIN = ["F", "A", "single", "couple", "1", "2026-12-01", "M 1"]
HARD = [*CELLS, "\ufeffF", "\0", "a\0", "\r", " ", "\u3000", "\xa0", "\x1c", " F ", "'", '"F"', 'x"y']
BROKEN = [b"\xff", b"\xed\xa0\x80"]
SECONDS = 2.0
"""More than anything small takes on a busy machine, and less than what grows by the square of a roll's length."""


def drawn(random: Random) -> bytes:
    """A roll of plans or persons, most of its lines as they should be: then they are kept as they came."""
    delimiter = random.choice([b",", b";", b"\t"])
    columns = random.choice([["package", "plan_type"], ["household_id", "package", "relation", "age"]])
    columns = columns + random.sample(["note", "ឈ្មោះ", "as_of"], random.randrange(4))
    random.shuffle(columns)
    odd = random.choice([*(cell.encode() for cell in HARD), *BROKEN])
    cells = [*(cell.encode() for cell in PLAIN * 2), odd]
    lines = [delimiter.join(name.encode() for name in columns)]
    for _ in range(random.randrange(12)):
        width = len(columns) if random.random() < 0.98 else random.randrange(8)
        blank = random.choice(["", " ", "\u3000"]).encode()
        is_blank = random.random() < 0.05
        lines.append(delimiter.join(blank if is_blank else random.choice(cells) for _ in range(width)))
    end = random.choice([b"\n", b"\r\n"])
    return random.choice([b"", MARK]) + end.join(lines) + random.choice([b"", end, b"\r", b"\n\n"])


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


class Watched(CsvReader):
    """Keeps lines, and notes of how many pieces it did."""

    kept = 0

    def _as_they_are(self, piece: bytes) -> Table | None:
        found = super()._as_they_are(piece)
        self.kept += bool(found)
        return found


class RowByRow(CsvReader):
    """Reads no column at once."""

    def block(self, piece: bytes) -> Table:
        return self._row_by_row(piece)


def test_lines_kept_as_they_came_are_those_written_row_by_row(snapshot: Snapshot) -> None:
    engine, kept = Engine(snapshot), 0

    def answered(reader: CsvReader, roll: bytes, size: int) -> tuple[bytes, object]:
        found: list[bytes | memoryview] = []
        order = Order(Form.CSV, Form.CSV, date.fromisoformat(AS_OF))
        with small_pieces(size) as patch:
            patch.setattr("api.roll.pricing.reader_of", lambda _: reader)
            summary = price_roll(order, engine, FileSource(io.BytesIO(roll).read, size), found.append)
        return b"".join(found), summary

    for number in range(300):
        random = Random(number)  # noqa: S311  (nothing is kept secret by it)
        roll, size = drawn(random), random.choice([60, 400, 1 << 16])
        watched = Watched(keeps_lines=True)
        written = answered(RowByRow(keeps_lines=False), roll, size)
        assert answered(watched, roll, size) == written, roll
        assert answered(CsvReader(keeps_lines=False), roll, size) == written, roll
        kept += watched.kept
    assert kept >= 40, "what this rests on"


def test_a_mark_before_a_row_stays_wherever_the_row_stands(snapshot: Snapshot) -> None:
    row = MARK + b"F,single\n"
    found = price(Engine(snapshot), Form.CSV, b"package,plan_type\n" + row + row).rows
    assert [each["package"] for each in found] == ["\ufeffF"] * 2


@pytest.mark.parametrize("blank", [b" ", b",", b"\t", b"\n", b";\n", b"\r\n"])
def test_a_blank_beginning_takes_no_time(snapshot: Snapshot, blank: bytes) -> None:
    beginning = blank * (600_000 // len(blank))
    began = time.process_time()
    with pytest.raises(Faulty) as fault:
        price(Engine(snapshot), Form.CSV, beginning, Form.CSV)
    assert "it needs a header" in fault.value.detail
    if blank.endswith(b"\n"):
        roll = beginning + b"package,plan_type\nF,single\n"
        assert [row["status"] for row in price(Engine(snapshot), Form.CSV, roll, Form.CSV).rows] == ["priced"]
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_refused_and_told_what_to_do(snapshot: Snapshot, encoding: str) -> None:
    roll = "\ufeffpackage,plan_type\nF,single\n".encode(encoding)
    with pytest.raises(Faulty, match="invalid_request") as fault:
        price(Engine(snapshot), Form.CSV, roll)
    assert fault.value.detail == "The roll is in UTF-16. Save it as CSV in UTF-8."
