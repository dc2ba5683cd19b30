"""Every computed figure of the documents, as `tables/published` has it from them, against the service."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import orjson
import pytest
from starlette.testclient import TestClient

from api.application import CALCULATORS
from api.engine import Engine
from api.proof import ProvedTable, prove
from tables.kinds import DEFAULT_TABLES
from tables.published import PublishedCell, PublishedTable, published_tables
from tables.resolution import resolve_role
from tables.snapshot import Snapshot
from tables.sources import errata
from tests.api.support import answer, post
from tests.golden.reader import PACKAGES, rows

SUAN, GIZ = "suan-2009", "giz-2012"
BY_PATH = {calculator.path: calculator for calculator in CALCULATORS}
ALL = published_tables()
COUNTED = {name: table for name, table in ALL.items() if table.counted}
every_table = pytest.mark.parametrize("name", ALL)

# Findings, section 9.
COMPUTED = {
    SUAN: {
        **{f"table-{number}": count for number, count in {4: 6, 5: 6, 6: 12, 7: 6, 8: 72, 9: 36, 10: 56}.items()},
        "table-11": 78,
        "table-12": 28,
        "appendix-d": 30,
        "appendix-d-schedule-1": 38,
        "appendix-d-schedule-2": 19,
        "appendix-e": 37,
    },
    GIZ: {
        "table-2.1": 21,
        "table-2.5": 16,
        "table-3.1": 2,
        "table-3.2": 18,
        "table-3.3": 30,
        "table-3.4": 30,
        "table-3.5": 9,
        "table-3.6": 2,
        "table-3.7": 17,
        "table-3.8": 8,
        "table-3.9": 12,
        "table-3.10": 2,
        "table-3.11": 2,
        "table-3.12": 24,
        "table-3.13": 3,
        "table-3.14": 10,
        "table-3.15": 8,
        "table-3.16": 2,
        "table-4.1": 15,
        "table-4.4": 6,
        "table-4.5": 4,
        "table-4.6": 18,
        "table-4.7": 18,
        "table-4.8": 6,
        "table-4.9": 1,
        "table-4.10": 7,
        "table-4.11": 1,
        "table-4.13": 6,
        "table-4.14": 21,
        "table-5.1": 7,
        "table-5.2": 2,
        "table-5.3": 4,
        "table-5.4": 33,
        "table-5.5": 4,
        "table-5.6": 7,
        "table-5.7": 5,
        "table-5.8": 4,
        "table-a.2": 11,
        "table-a.4": 6,
        "table-b.1": 6,
        "table-b.2": 6,
        "table-b.3": 2,
        "annex-d": 18,
        "annex-e": 96,
    },
}


@pytest.fixture(scope="module")
def engine(snapshot: Snapshot) -> Engine:
    return Engine(snapshot)


def proved(engine: Engine, *tables: PublishedTable) -> ProvedTable:
    sheet = prove(engine, BY_PATH, tables)
    (found,) = (*sheet.tables, *sheet.running_text)
    return found


def digits(printed: str) -> Decimal:
    return Decimal(printed.rstrip("%").replace(",", ""))


def rounded(value: Decimal, printed: str, shift: int) -> Decimal:
    """A value half up at the places of a print, worked out here and not by the code under test."""
    places = len(printed.rstrip("%").partition(".")[2])
    return (value * Decimal(10) ** shift).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def test_there_are_as_many_computed_figures_as_the_documents_have() -> None:
    computed = {name: sum(cell.computed for cell in table.cells) for name, table in COUNTED.items()}
    assert computed == {
        f"{source}-{name}": count for source, tables in COMPUTED.items() for name, count in tables.items()
    }
    assert sum(computed.values()) == 954


@every_table
def test_every_figure_is_the_service_s_or_is_explained(name: str, engine: Engine) -> None:
    """Inputs and repeats among them."""
    found = proved(engine, ALL[name]).figures
    assert [(each.cell.row, each.cell.column) for each in found if each.result == "unexplained"] == []
    for each in found:
        cell, value = each.cell, each.value
        assert value is not None
        ours = rounded(value, cell.printed, cell.shift)
        if each.result == "equal":
            assert value * Decimal(10) ** cell.shift == digits(cell.printed)
        elif each.result == "erratum":
            assert cell.misprint is not None
            assert ours != digits(cell.printed)
            right = cell.misprint.recomputed
            assert rounded(value, right, cell.shift) == digits(right)
        elif cell.within is None:
            assert ours == digits(cell.printed)


@every_table
def test_a_mistake_is_what_its_right_figure_says(name: str, engine: Engine) -> None:
    for each in proved(engine, ALL[name]).figures:
        if each.cell.misprint is not None:
            right = each.cell.misprint.recomputed
            assert each.corrected is not None
            assert rounded(each.corrected.value, right, each.cell.shift) == digits(right), (
                each.cell.row,
                each.cell.column,
            )
            assert errata()[each.cell.misprint.code].source == ALL[name].source


def leaves(part: Any, *place: str) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(part, dict):
        for key, child in part.items():
            yield from leaves(child, *place, key)
    else:
        yield place, part


def test_inputs_move_by_less_than_half_of_their_last_printed_digit(snapshot: Snapshot) -> None:
    moved = [(table, cell) for table in ALL.values() for cell in table.cells if cell.within is not None]
    assert moved
    for table, cell in moved:
        assert cell.within is not None
        for (role, *place), value in leaves(cell.within.overrides):
            stated: Any = resolve_role(snapshot, role, DEFAULT_TABLES[role], table.as_of, None)
            served = stated_at(stated.content, place)
            places = len(PRINTED_AS.get(place[-1], served).partition(".")[2])
            assert 0 < abs(Decimal(value) - Decimal(served)) < Decimal("0.5").scaleb(-places), (table.id, place)


PRINTED_AS = {"basic_monthly_salary": "300.00"}
"""Inputs that the documents print with more zeros than the tables keep."""


def stated_at(content: bytes, place: list[str]) -> str:
    part: Any = orjson.loads(content)
    for key in place:
        part = part[key]
    return str(part)


# The documents' figures are here once more where tests know them by other names.


def in_order(table: str) -> list[str]:
    return [cell.printed.replace(",", "") for cell in ALL[f"{SUAN}-{table}"].cells]


def typed(table: str, columns: tuple[str, ...]) -> list[str]:
    return [row[column] for row in rows(SUAN, table) for column in columns if row[column]]


YEARS = ("1", "2", "3", "4", "5", "6")
TWICE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    *((f"table-{number}", f"table_{number}", PACKAGES) for number in range(4, 10)),
    ("table-11", "table_11", YEARS),
    ("table-12", "table_12", YEARS),
    ("appendix-d", "appendix_d", ("usd", "khr")),
    ("appendix-d-schedule-2", "appendix_d_schedule_2", ("units", "khr", "usd")),
)


@pytest.mark.parametrize(("table", "file", "columns"), TWICE, ids=[each[0] for each in TWICE])
def test_what_is_typed_for_other_tests_is_the_same(table: str, file: str, columns: tuple[str, ...]) -> None:
    assert in_order(table) == typed(file, columns)


# What is wrong is seen


def broken(cell: PublishedCell, **changes: Any) -> PublishedTable:
    table = ALL[f"{GIZ}-table-3.13"]
    return replace(table, cells=tuple(replace(each, **changes) if each is cell else each for each in table.cells))


@pytest.mark.parametrize(
    "changes",
    [
        {"printed": "138,834"},
        {"printed": "138,832"},
        {"keys": ("survivor_pensions", "survivors=nobody", "average_pension")},
        {"keys": ("survivor_pensions", "0", "no_such_field")},
        {"keys": ("currency",)},
        {"path": "/v1/nssf/nothing"},
        {"request": {"year": 1}},
        {"shift": 1},
    ],
    ids=str,
)
def test_a_figure_that_differs_or_is_not_there_is_unexplained(changes: dict[str, Any], engine: Engine) -> None:
    spouse = ALL[f"{GIZ}-table-3.13"].cells[0]
    results = [each.result for each in proved(engine, broken(spouse, **changes)).cells]
    assert results == ["unexplained", "within_print_precision", "erratum"]


def test_a_mistake_explains_its_own_figure_alone(engine: Engine) -> None:
    """A code is no excuse: the service's figure must be the one that the document should have."""
    parents = ALL[f"{GIZ}-table-3.13"].cells[2]
    assert parents.misprint is not None
    other = parents.misprint.model_copy(update={"recomputed": "112,184"})
    results = [each.result for each in proved(engine, broken(parents, misprint=other)).cells]
    assert results == ["within_print_precision", "within_print_precision", "unexplained"]


def test_what_is_asked_in_process_is_what_a_request_gets(client: TestClient, engine: Engine) -> None:
    for name in ("giz-2012-table-3.14", "giz-2012-table-4.14", "suan-2009-table-11"):
        found = proved(engine, ALL[name])
        for each in found.cells[::7]:
            part: Any = answer(post(client, each.cell.path, each.request.encode()))
            for key in each.pointer.split("/")[1:]:
                part = part[int(key) if isinstance(part, list) else key]
            assert Decimal(part) == each.value
