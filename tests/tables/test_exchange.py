"""Versions as files: what goes out comes in again, and what cannot come in says why."""

import json
import tomllib
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tables.canonical import sha256
from tables.exchange.columns import COLUMNS
from tables.exchange.reading import NotReadable, checked, read, with_columns, with_fractional_ages
from tables.exchange.stated import Read
from tables.exchange.toml import toml
from tables.exchange.writing import as_csv, as_json, as_shipped
from tables.shipped import shipped_tables
from tables.snapshot import Snapshot, Version, canonical_content
from tests.tables.candidates import PROVENANCE, candidate
from tests.tables.contents import NAMES, SHIPPED

LIFE = "who-cambodia-2006@1"


def version_of(snapshot: Snapshot, name: str) -> tuple[Version, str]:
    """A shipped version, and the title of its table."""
    table, _, number = name.partition("@")
    found = snapshot.tables[table].version(int(number))
    assert found is not None
    return found, snapshot.tables[table].title


def written(version: Version, title: str, folder: Path, form: str) -> Path:
    """A version written in a form; what is to be read."""
    if form == "json":
        (folder / "version.json").write_bytes(as_json(version, title))
        return folder / "version.json"
    table = folder / version.table
    table.mkdir()
    for name, text in as_shipped(version, title).items():
        (table / name).write_text(text, encoding="utf-8")
    return table


def hash_of(found: Read) -> str:
    """The hash that the content of what was read would have."""
    return sha256(canonical_content(found.kind, found.content)[0])


@pytest.mark.parametrize("form", ["toml", "json"])
@pytest.mark.parametrize("name", NAMES)
def test_what_goes_out_comes_in_again(name: str, form: str, snapshot: Snapshot, tmp_path: Path) -> None:
    version, title = version_of(snapshot, name)
    found = checked(with_fractional_ages(read(written(version, title, tmp_path, form)), None))
    assert hash_of(found) == version.sha256 == found.sha256
    assert (found.name, found.kind, found.title) == (version.table, version.kind, title)
    assert (found.effective_from, found.effective_to) == (version.effective_from, version.effective_to)
    assert [dict(entry) for entry in found.provenance] == [dict(entry) for entry in version.provenance]


@pytest.mark.parametrize("name", NAMES)
def test_what_goes_out_could_ship(name: str, snapshot: Snapshot, tmp_path: Path) -> None:
    version, title = version_of(snapshot, name)
    written(version, title, tmp_path, "toml")
    (table,) = shipped_tables(tmp_path)
    (row,) = table.versions
    assert row.model_dump() == SHIPPED[name][1].model_dump()


@pytest.mark.parametrize("name", [name for name in NAMES if SHIPPED[name][0] in COLUMNS])
def test_columns_go_out_as_csv_and_come_in_again(name: str, snapshot: Snapshot, tmp_path: Path) -> None:
    version, title = version_of(snapshot, name)
    whole = read(written(version, title, tmp_path, "toml"))
    file = tmp_path / "columns.csv"
    file.write_text(as_csv(version), encoding="utf-8")
    emptied = Read(
        **{**vars(whole), "content": {**whole.content, **{column: {} for column in COLUMNS[version.kind][1]}}}
    )
    found = with_columns(emptied, file)
    if version.kind == "life_table":
        found = with_fractional_ages(found, "uniform_distribution_of_deaths")
    assert hash_of(found) == version.sha256


def test_csv_is_written_by_age_and_may_begin_as_spreadsheets_write_it(snapshot: Snapshot, tmp_path: Path) -> None:
    version, _ = version_of(snapshot, LIFE)
    text = as_csv(version)
    assert text.splitlines()[:4] == ["age,survivors", "0,100000", "1,93515", "5,91775"]
    file = tmp_path / "columns.csv"
    file.write_text(f"\ufeff{text}", encoding="utf-8")
    with_columns(stated(LIFE), file)


def stated(name: str, **changes: Any) -> Read:
    """A shipped version as if it had been read."""
    version = candidate(name)
    facts: dict[str, Any] = {
        "name": version.table,
        "kind": version.kind,
        "title": "A table",
        "content": json.loads(version.content),
        "effective_from": version.effective_from,
        "effective_to": None,
        "provenance": (PROVENANCE,),
    }
    return Read(**(facts | changes))


def test_a_draft_goes_out_without_what_it_does_not_have(tmp_path: Path) -> None:
    draft = candidate("mba-loadings@1")
    assert {"published_at", "publisher", "effective_to"} & set(json.loads(as_json(draft, "x"))) == set()
    found = read(written(draft, "x", tmp_path, "toml"))
    assert hash_of(found) == draft.sha256


def test_the_newest_version_of_a_folder_is_read_and_any_other_by_its_file(tmp_path: Path) -> None:
    folder = written(candidate("mba-loadings@1", number=9), "x", tmp_path, "toml")
    newer = as_shipped(candidate("mba-loadings@1", {"/contingency": "0.07"}, number=10), "x")["10.toml"]
    (folder / "10.toml").write_text(newer, encoding="utf-8")
    assert read(folder).content["contingency"] == "0.07"
    assert read(folder / "9.toml").content["contingency"] == "0.05"


# Life tables


@pytest.mark.parametrize("assumption", ["constant_force", "balducci"])
def test_an_abridged_life_table_gets_every_age_by_the_stated_assumption(assumption: str) -> None:
    found = checked(with_fractional_ages(stated(LIFE), assumption))
    survivors = found.content["survivors"]
    assert sorted(map(int, survivors)) == list(range(101))
    abridged = stated(LIFE).content["survivors"]
    assert {age: survivors[age] for age in abridged} == abridged
    # By hand, ages 40 and 45: the geometric and the harmonic mean of their survivors, weights 3/5 and 2/5.
    start, end = Decimal(abridged["40"]), Decimal(abridged["45"])
    by_hand = {
        "constant_force": (start**3 * end**2) ** (Decimal(1) / 5),
        "balducci": 1 / (Decimal("0.6") / start + Decimal("0.4") / end),
    }[assumption]
    assert abs(Decimal(survivors["42"]) - by_hand) < Decimal("1e-11")
    assert assumption in found.provenance[0]["remark"]


def test_uniform_deaths_leave_a_life_table_as_it_is() -> None:
    assert hash_of(with_fractional_ages(stated(LIFE), "uniform_distribution_of_deaths")) == candidate(LIFE).sha256


def test_without_a_stated_assumption_an_abridged_life_table_is_refused() -> None:
    content = stated(LIFE).content
    del content["fractional_age_assumption"]
    with pytest.raises(NotReadable, match=r"--fractional-age .* There is no default"):
        with_fractional_ages(stated(LIFE, content=content), None)
    complete = {**content, "survivors": {"0": "3", "1": "2", "2": "1"}}
    checked(with_fractional_ages(stated(LIFE, content=complete), None))


def test_csv_forgets_what_the_version_that_it_is_like_assumes(tmp_path: Path) -> None:
    file = tmp_path / "columns.csv"
    file.write_text("age,survivors\n0,100\n10,50\n", encoding="utf-8")
    with pytest.raises(NotReadable, match="There is no default"):
        with_fractional_ages(with_columns(stated(LIFE), file), None)


def test_an_assumption_is_for_life_tables_alone() -> None:
    with pytest.raises(NotReadable, match="mba-loadings is a loadings"):
        with_fractional_ages(stated("mba-loadings@1"), "balducci")


@pytest.mark.parametrize("cell", ["x", "0", "-1"])
def test_numbers_that_are_none_are_left_to_the_kind_to_refuse(cell: str) -> None:
    content = stated(LIFE).content
    content["survivors"]["45"] = cell
    with pytest.raises(NotReadable, match="/survivors/45"):
        checked(with_fractional_ages(stated(LIFE, content=content), "balducci"))


# What cannot come in


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("1.toml", "x = ", "is not TOML"),
        ("1.toml", "effective_from = 2027-01-01", "/content is required"),
        ("1.toml", b"\xff", "is not UTF-8"),
        ("1.json", "{", "is not JSON"),
        ("1.json", "{}", "/kind is required"),
        ("2.toml", None, "2.toml cannot be read: No such file"),
        ("folder", None, "cannot be read"),
    ],
)
def test_files_that_hold_no_version_say_what_is_wrong(
    name: str, text: str | bytes | None, said: str, tmp_path: Path
) -> None:
    file = tmp_path / name
    if text is not None:
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(NotReadable, match=said):
        read(file)


def test_a_folder_without_a_version_and_a_version_without_its_table_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match=r"has no version: a file 1\.toml"):
        read(tmp_path)
    folder = written(candidate("mba-loadings@1"), "x", tmp_path, "toml")
    (folder / "table.toml").unlink()
    with pytest.raises(NotReadable, match=r"table\.toml is not there: it says"):
        read(folder)


def test_a_changed_file_with_the_old_hash_is_refused_and_says_what_to_do(tmp_path: Path) -> None:
    folder = written(candidate("mba-loadings@1"), "x", tmp_path, "toml")
    file = folder / "9.toml"
    file.write_text(file.read_text().replace('contingency = "0.05"', 'contingency = "0.06"'))
    with pytest.raises(NotReadable, match=r"If you have changed it on purpose, take the line sha256 out\."):
        checked(read(folder))
    file.write_text(
        "".join(line for line in file.read_text().splitlines(keepends=True) if not line.startswith("sha256"))
    )
    assert checked(read(folder)).content["contingency"] == "0.06"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (LIFE, "age,lives\n0,1\n", "must begin with the heading age,survivors"),
        (LIFE, "", "must begin with the heading age,survivors"),
        (LIFE, "age,survivors\n0\n", "row 1 must have 2 cells"),
        (LIFE, "age,survivors\n0,2\n0,1\n", "row 2 has the age of another row"),
        ("mba-loadings@1", "", "a loadings table has no columns"),
    ],
)
def test_csv_that_holds_no_columns_says_what_is_wrong(name: str, text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "columns.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(NotReadable, match=said):
        with_columns(stated(name), file)


def test_content_that_its_kind_refuses_says_where() -> None:
    with pytest.raises(NotReadable, match="/contingency must be at most 1"):
        checked(stated("mba-loadings@1", content={**stated("mba-loadings@1").content, "contingency": "2"}))
    with pytest.raises(NotReadable, match="is of no known kind"):
        checked(stated("mba-loadings@1", kind="x"))


# TOML

KEYS = st.text(max_size=8)
SCALARS = st.text(max_size=8) | st.integers(-(10**15), 10**15) | st.booleans() | st.dates()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)


@settings(max_examples=60)
@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_what_is_written_as_toml_reads_the_same(document: dict[str, Any]) -> None:
    assert tomllib.loads(toml(document)) == document


def test_instants_and_dates_are_written_as_themselves() -> None:
    text = toml({"at": datetime(2026, 11, 22, 7, tzinfo=UTC), "on": date(2026, 11, 22)})
    assert text == "at = 2026-11-22T07:00:00Z\non = 2026-11-22\n"


def test_what_toml_does_not_have_is_refused() -> None:
    with pytest.raises(TypeError, match="Decimal has no form in TOML"):
        toml({"x": Decimal(1)})
