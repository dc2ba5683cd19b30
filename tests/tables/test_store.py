"""The store, on real SQLite files."""

import multiprocessing
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Engine, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

import tables.store
from tables.canonical import sha256
from tables.errors import CorruptTable
from tables.models import AssumptionTable, AssumptionVersion
from tables.shipped import ShippedTable, shipped_tables
from tables.snapshot import canonical_content
from tables.store import check_schema, load, open_store, prepare
from tests.tables import changing
from tests.tables.contents import NAMES, SHIPPED, TABLES, replaced, shipped
from tests.tables.starting import start
from tests.tables.tampering import unprotected


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the store is."""
    return tmp_path / "rielquote.db"


@pytest.fixture
def empty(file: Path) -> Iterator[Engine]:
    """A store without a schema."""
    engine = open_store(f"sqlite:///{file}")
    yield engine
    engine.dispose()


@pytest.fixture
def store(empty: Engine) -> Engine:
    """A store with the shipped tables."""
    prepare(empty, shipped_tables())
    return empty


def dump(file: Path) -> list[str]:
    """Everything in a store as SQL."""
    connection = sqlite3.connect(file)
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


def execute(engine: Engine, statement: str, **values: Any) -> None:
    """Change the store behind the service's back."""
    with engine.begin() as connection:
        unprotected(connection).execute(text(statement), values)


def loadings(number: int, **fields: Any) -> AssumptionVersion:
    """The shipped loadings under another number."""
    row = SHIPPED["mba-loadings@1"][1].model_dump()
    return AssumptionVersion(**{**row, "number": number, **fields})


def add(engine: Engine, *rows: SQLModel) -> None:
    """Add rows as the service would."""
    with Session(engine) as session:
        session.add_all(rows)
        session.commit()


def test_preparing_twice_changes_nothing(store: Engine, file: Path) -> None:
    before = dump(file)
    prepare(store, shipped_tables())
    assert dump(file) == before
    assert [v.name for table in load(store).tables.values() for v in table.versions] == list(NAMES)


def test_preparing_changes_nothing_that_is_there(store: Engine, file: Path) -> None:
    execute(store, "UPDATE assumption_version SET withdrawn_at = '2027-01-01 00:00:00'")
    execute(store, "UPDATE assumption_table SET title = 'another'")
    before = dump(file)
    prepare(store, shipped_tables())
    assert dump(file) == before


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("effective_from", "2008-01-01"),
        ("effective_to", "2030-01-01"),
        ("published_at", "2026-11-23 00:00:00"),
        ("author", "another"),
        ("publisher", "another"),
        ("provenance", "[]"),
    ],
)
def test_a_shipped_version_with_another_date_or_origin_is_refused(store: Engine, column: str, value: str) -> None:
    where = "table_name = 'mba-loadings'"
    execute(store, f"UPDATE assumption_version SET {column} = '{value}' WHERE {where}")  # noqa: S608  (our own text)
    with pytest.raises(CorruptTable, match=rf"not as shipped: {column} differ"):
        prepare(store, shipped_tables())


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (changing.submitted, "mba-loadings@2 is a draft in the store, and this release ships .* delete the draft"),
        (changing.published, "mba-loadings@2 in the store is not as shipped: .* stay with the release before"),
    ],
)
def test_a_release_that_ships_a_number_that_is_taken_says_what_to_do(
    store: Engine, make: Callable[[Engine], object], said: str
) -> None:
    make(store)
    (entry,) = (each for each in shipped_tables() if each.table.name == "mba-loadings")
    second = AssumptionVersion(**entry.versions[0].model_dump() | {"number": 2})
    with pytest.raises(CorruptTable, match=said):
        prepare(store, (ShippedTable(entry.table, (*entry.versions, second)),))


def test_preparing_adds_what_a_release_brings(empty: Engine) -> None:
    head = AssumptionTable(name="mba-loadings", kind="loadings", title="Loadings")
    first, second = loadings(1), loadings(2, effective_from=date(2010, 1, 1))
    prepare(empty, (ShippedTable(head, (first,)),))
    prepare(empty, (ShippedTable(head, (loadings(1), second)), *shipped_tables()))
    found = load(empty).tables
    assert [version.effective_from.year for version in found["mba-loadings"].versions] == [2009, 2010]
    assert set(found) == set(TABLES)


def test_other_content_under_a_shipped_name_is_refused_and_nothing_is_added(empty: Engine) -> None:
    kind, content = shipped("who-cambodia-2006@1")
    changed, _ = canonical_content(kind, replaced(content, ("survivors", "0"), "100001"))
    head = AssumptionTable(name="who-cambodia-2006", kind=kind, title="Changed")
    fields = {**SHIPPED["who-cambodia-2006@1"][1].model_dump(), "content": changed.decode(), "sha256": sha256(changed)}
    prepare(empty, (ShippedTable(head, (AssumptionVersion(**fields),)),))
    with pytest.raises(CorruptTable, match=r"who-cambodia-2006@1 in the store .* never changes"):
        prepare(empty, shipped_tables())
    assert {name: table.versions[0].sha256 for name, table in load(empty).tables.items()} == {
        head.name: sha256(changed)
    }


def test_a_store_that_cannot_be_seeded_is_left_as_it_was(empty: Engine, file: Path) -> None:
    before = dump(file)
    stray = ShippedTable(AssumptionTable(name="other", kind="loadings", title="x"), (loadings(1),))
    with pytest.raises(IntegrityError):
        prepare(empty, (stray,))
    assert dump(file) == before


def test_the_schema_of_a_prepared_store_is_current(store: Engine) -> None:
    check_schema(store)


@pytest.mark.parametrize("name", NAMES)
def test_a_byte_of_content_changed_in_the_database_is_noticed(name: str, store: Engine) -> None:
    table, _, number = name.partition("@")
    content = SHIPPED[name][1].content
    place, digit = max((content.rfind(digit), digit) for digit in "0123456789")
    changed = f"{content[:place]}{(int(digit) + 1) % 10}{content[place + 1 :]}"
    where = "table_name = :table AND number = :number"
    execute(
        store,
        f"UPDATE assumption_version SET content = :it WHERE {where}",  # noqa: S608  (our own text)
        it=changed,
        table=table,
        number=int(number),
    )
    with pytest.raises(CorruptTable, match=f"{name}: the content's SHA-256 is {sha256(changed.encode())}"):
        load(store)


@pytest.mark.parametrize(
    "content",
    [b"{}", b"[]", b"null", b"{", b'{"contingency":"0.05","equity_value":"0.35","insured":{}}', b'{"a":1,"a":1}', b""],
)
def test_content_that_is_what_its_hash_says_but_not_valid_is_refused(content: bytes, store: Engine) -> None:
    add(store, loadings(2, content=content.decode(), sha256=sha256(content)))
    with pytest.raises(CorruptTable, match="mba-loadings@2: the content is not valid"):
        load(store)


def test_a_kind_that_this_release_does_not_know_is_refused(store: Engine) -> None:
    execute(store, "UPDATE assumption_table SET kind = 'weather' WHERE name = 'mba-loadings'")
    with pytest.raises(CorruptTable, match="mba-loadings@1: unknown kind weather"):
        load(store)


def test_versions_come_in_ascending_order_whatever_was_stored_first(store: Engine) -> None:
    add(store, loadings(10))
    add(store, loadings(9), loadings(2, published_at=None))
    add(store, AssumptionTable(name="aaa", kind="loadings", title="Without a version"))
    found = load(store).tables
    assert [version.number for version in found["mba-loadings"].versions] == [1, 9, 10]
    assert {version.status for version in found["mba-loadings"].versions} == {"published"}
    assert found["mba-loadings"].drafts == {2}
    assert (next(iter(found)), found["aaa"].versions) == ("aaa", ())


def test_of_drafts_only_the_numbers_are_loaded(store: Engine) -> None:
    """Whatever they hold: a later release may have made them, or another have changed what a kind is."""
    add(store, AssumptionTable(name="unheard", kind="weather", title="x"))
    add(store, loadings(1, table_name="unheard", published_at=None), loadings(2, published_at=None, content="{}"))
    found = load(store).tables
    assert found["mba-loadings"].drafts == {2}
    assert "unheard" not in found


def test_versions_are_put_in_order_even_where_a_database_does_not() -> None:
    head = AssumptionTable(name="mba-loadings", kind="loadings", title="Loadings")
    table = tables.store._table(head, [loadings(10), loadings(2), loadings(9)], {})
    assert [version.number for version in table.versions] == [2, 9, 10]


def test_foreign_keys_are_enforced(store: Engine) -> None:
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        add(store, loadings(1, table_name="nowhere"))
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        execute(store, "DELETE FROM assumption_table")


_ROW = {
    "table_name": "mba-loadings",
    "number": 2,
    "content": "{}",
    "sha256": "0" * 64,
    "effective_from": "2009-01-01",
    "effective_to": None,
    "published_at": "2026-11-22 00:00:00.000000",
    "withdrawn_at": None,
    "author": "author",
    "publisher": None,
    "provenance": "[]",
}
_INSERT = f"INSERT INTO assumption_version ({', '.join(_ROW)}) VALUES ({', '.join(f':{name}' for name in _ROW)})"  # noqa: S608  (names above)
_WITHDRAWN = {"withdrawn_at": "2027-01-01 00:00:00.000000"}


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("ck_assumption_version_number_positive", {"number": 0}),
        ("ck_assumption_version_number_positive", {"number": -1}),
        ("ck_assumption_version_sha256_length", {"sha256": "0" * 63}),
        ("ck_assumption_version_sha256_length", {"sha256": "0" * 65}),
        ("ck_assumption_version_validity_not_empty", {"effective_to": "2009-01-01"}),
        ("ck_assumption_version_validity_not_empty", {"effective_to": "2008-12-31"}),
        ("ck_assumption_version_withdrawn_after_published", {**_WITHDRAWN, "published_at": None}),
        ("NOT NULL", {"content": None}),
        ("NOT NULL", {"sha256": None}),
        ("NOT NULL", {"effective_from": None}),
        ("NOT NULL", {"author": None}),
        ("NOT NULL", {"provenance": None}),
        ("UNIQUE", {"number": 1}),
    ],
)
def test_a_bad_row_is_refused_by_the_database(constraint: str, change: dict[str, Any], store: Engine) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        execute(store, _INSERT, **{**_ROW, **change})


@pytest.mark.parametrize("change", [{}, {"effective_to": "2009-01-02"}, {"published_at": None}, _WITHDRAWN])
def test_a_good_row_is_not(change: dict[str, Any], store: Engine) -> None:
    execute(store, _INSERT, **{**_ROW, **change})


@pytest.mark.parametrize("hours", [-11, -3.5, 0, 7, 14])
def test_an_instant_is_the_same_whatever_its_time_zone(hours: float, store: Engine) -> None:
    instant = datetime(2026, 11, 22, 23, 59, 59, 999_999, timezone(timedelta(hours=hours)))
    add(store, loadings(2, published_at=instant, withdrawn_at=instant + timedelta(days=1)))
    version = load(store).tables["mba-loadings"].versions[1]
    assert (version.published_at, version.withdrawn_at) == (instant, instant + timedelta(days=1))
    assert version.published_at is not None
    assert version.published_at.utcoffset() == timedelta(0)
    with store.connect() as connection:
        stored = connection.execute(
            text("SELECT published_at FROM assumption_version WHERE table_name = 'mba-loadings' AND number = 2")
        ).scalar_one()
    assert datetime.fromisoformat(stored).replace(tzinfo=UTC) == instant


@pytest.mark.parametrize(
    "figure", ["0.00000000000000000001", "0.12345678901234567891", "0.1", "0.30000000000000004", "1"]
)
def test_decimals_survive_storage_exactly(figure: str, store: Engine) -> None:
    kind, content = shipped("mba-loadings@1")
    stored, _ = canonical_content(kind, replaced(content, ("equity_value",), figure))
    add(store, loadings(2, content=stored.decode(), sha256=sha256(stored)))
    equity_value = load(store).tables["mba-loadings"].versions[1].assumptions.equity_value
    assert isinstance(equity_value, Decimal)
    assert str(equity_value) == str(Decimal(figure))


def test_a_transaction_holds_the_write_lock_from_its_beginning(store: Engine, file: Path) -> None:
    other = sqlite3.connect(file, timeout=0, isolation_level=None)
    with store.connect() as connection:
        connection.execute(text("SELECT 1"))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


def test_processes_that_start_at_once_on_a_new_store_agree(empty_url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    barrier, answers = spawn.Barrier(4), spawn.Queue()
    processes = [spawn.Process(target=start, args=(empty_url, barrier, answers), daemon=True) for _ in range(4)]
    for process in processes:
        process.start()
    found = [answers.get(timeout=55) for _ in processes]
    for process in processes:
        process.join(timeout=10)
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    assert found == [[(name, SHIPPED[name][1].sha256) for name in NAMES]] * 4


def test_paths_may_hold_spaces_and_percent_signs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "a b %20 100%s"
    shutil.copytree(tables.store._MIGRATIONS, folder / "migrations")
    monkeypatch.setattr(tables.store, "_MIGRATIONS", folder / "migrations")
    url = URL.create("sqlite", database=str(folder / "riel quote%.db")).render_as_string()
    engine = open_store(url)
    prepare(engine, shipped_tables())
    check_schema(engine)
    assert set(load(engine).tables) == set(TABLES)
    engine.dispose()
    assert (folder / "riel quote%.db").stat().st_size > 0
