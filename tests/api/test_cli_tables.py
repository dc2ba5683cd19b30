"""`rielquote tables`, on a store of its own; the way of a draft to its publication as processes of their own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli import main
from tables.audit import page
from tables.shipped import DATA
from tables.store import load, open_store
from tests.tables.contents import NAMES, SHIPPED, TABLES

_SECONDS = 60
CSV = ("--source", "census", "--place", "page 3", "--units", "lives", "--checked-by", "two readers")


@dataclass(frozen=True)
class Tables:
    """The command on a store."""

    url: str
    folder: Path

    def process(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run it as a process."""
        return subprocess.run(  # noqa: S603  (our own arguments)
            [sys.executable, "-m", "api.cli", "tables", *arguments],
            env=os.environ | {"RIELQUOTE_DATABASE_URL": self.url, "COLUMNS": "200", "NO_COLOR": "1"},
            cwd=self.folder,
            capture_output=True,
            encoding="utf-8",
            timeout=_SECONDS,
            check=False,
        )

    def run(self, *arguments: str, status: int = 0) -> str:
        """What it says when it is run here."""
        done = CliRunner().invoke(main, ["tables", *arguments], env={"RIELQUOTE_DATABASE_URL": self.url})
        assert done.exit_code == status, done.output
        return done.stdout if status in (0, 3) else done.stderr

    def json(self, *arguments: str, status: int = 0) -> Any:
        """What it answers in JSON."""
        return json.loads(self.run(*arguments, "--json", status=status))

    def refusal(self, *arguments: str, status: int = 1) -> str:
        """The sentence by which it refuses."""
        (sentence,) = self.run(*arguments, status=status).splitlines()
        assert sentence.endswith(".")
        return sentence

    def changed(self, name: str, *changes: tuple[str, str]) -> Path:
        """A version exported to this folder, with some texts of it changed and its hash taken out."""
        self.run("export", name, "-o", str(self.folder))
        table, _, number = name.partition("@")
        file = self.folder / table / f"{number}.toml"
        text = "".join(line for line in file.read_text().splitlines(keepends=True) if not line.startswith("sha256"))
        for old, new in changes:
            assert text.count(old) == 1
            text = text.replace(old, new)
        file.write_text(text)
        return file


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    return Tables(f"sqlite:///{tmp_path / 'rielquote.db'}", tmp_path)


def test_a_change_goes_its_way_from_a_file_to_the_answers(tables: Tables) -> None:
    tables.changed("mba-packages@1", ('F = "300000"', 'F = "330000"'), ("2009-01-01", "2027-01-01")).rename(
        tables.folder / "mba-packages" / "2.toml"
    )

    made = tables.process("import", "mba-packages", "--by", "Ms Author")
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.startswith("mba-packages@2 is a draft, sha256 ")
    tables.run("lint", "mba-packages@2")
    impact = tables.process("impact", "mba-packages@2")
    assert impact.stderr == "", "progress is for a terminal"
    assert impact.stdout.splitlines()[0].startswith("mba-packages@2 against mba-packages@1 on 2027-01-01: ")
    assert "1.100000000000" in impact.stdout
    tables.run("submit", "mba-packages@2", "--by", "Ms Author")
    assert "Another person has to" in tables.refusal("publish", "mba-packages@2", "--by", "ms  AUTHOR")
    published = tables.process("publish", "mba-packages@2", "--by", "Mr Publisher", "--reason", "agreed")
    assert published.stdout.startswith("mba-packages@2 is published")

    store = open_store(tables.url)
    version = load(store).tables["mba-packages"].version(2)
    records = page(store, None, 3)
    store.dispose()
    assert version is not None
    assert (version.status, version.author, version.publisher) == ("published", "Ms Author", "Mr Publisher")
    assert version.effective_from == date(2027, 1, 1)
    assert [(each.operation, each.owner, each.role, each.key_prefix, each.reason) for each in records] == [
        ("publish", "Mr Publisher", "operator", None, "agreed"),
        ("submit", "Ms Author", "operator", None, None),
        ("create", "Ms Author", "operator", None, None),
    ]


def test_what_there_is_is_listed_and_shown(tables: Tables) -> None:
    listed = tables.json("list")["tables"]
    assert [each["name"] for each in listed] == sorted(TABLES)
    assert {f"{each['name']}@{number}" for each in listed for number in each["versions"]} == set(NAMES)
    shown = tables.json("show", "nssf-contributions@2")
    assert (shown["sha256"], shown["status"]) == (SHIPPED["nssf-contributions@2"][1].sha256, "published")
    assert shown["content"]["rate"] == "0.008"
    assert [each["version"] for each in tables.json("show", "nssf-contributions")["versions"]] == [1, 2, 3]
    assert "nssf-contributions@3" in tables.run("show", "nssf-contributions")
    assert '"rate": "0.008"' in tables.run("show", "nssf-contributions@2")


def test_drafts_are_listed_shown_and_compared(tables: Tables) -> None:
    file = tables.changed("mba-loadings@1", ('contingency = "0.05"', 'contingency = "0.07"'))
    assert tables.json("import", str(file), "--by", "A")["status"] == "draft"
    loadings = next(each for each in tables.json("list")["tables"] if each["name"] == "mba-loadings")
    assert (loadings["versions"], loadings["drafts"]) == ([1], [2])
    assert [each["status"] for each in tables.json("show", "mba-loadings")["versions"]] == ["published", "draft"]
    diff = tables.json("diff", "mba-loadings@1", "mba-loadings@2")
    assert diff["cells"] == [{"pointer": "/contingency", "old": "0.05", "new": "0.07", "ratio": "1.400000000000"}]
    assert {"fact": "author", "old": "rielquote transcription", "new": "A"} in diff["facts"]


def test_two_tables_of_a_kind_are_compared_and_others_are_not(tables: Tables) -> None:
    diff = tables.json("diff", "mba-pricing-basis@1", "mba-pricing-basis-corrected@1")
    assert {cell["pointer"].rpartition("/")[2] for cell in diff["cells"]} == {"rate", "erratum"}
    assert len(diff["cells"]) == 8
    assert diff["provenance"] != []
    assert "say the same" in tables.run("diff", "mba-loadings@1", "mba-loadings@1")
    assert "compare two of one kind" in tables.refusal("diff", "mba-loadings@1", "mba-packages@1")


def test_lint_says_by_its_status_whether_there_are_errors(tables: Tables) -> None:
    file = tables.changed("mba-loadings@1", ('contingency = "0.05"', 'contingency = "0.7"'))
    tables.run("import", str(file), "--by", "A")
    found = tables.json("lint", "mba-loadings@2", status=3)
    assert (found["version"], found["errors"], found["findings"][0]["code"]) == (
        "mba-loadings@2",
        5,
        "loadings_of_one_or_more",
    )
    assert "loadings_of_one_or_more" in tables.run("lint", "mba-loadings@2", status=3)
    tables.run("submit", "mba-loadings@2", "--by", "A")
    assert "/insured/child has expense" in tables.refusal("publish", "mba-loadings@2", "--by", "B")
    assert tables.json("lint", "mba-reinsurance@2")["warnings"] == 3
    assert tables.json("lint", "mba-reinsurance@2", "--movement", "0.5")["warnings"] == 1
    assert "nothing to point out" in tables.run("lint", "mba-loadings@1")


def test_impact_compares_with_the_version_before_or_with_another(tables: Tables) -> None:
    found = tables.json("impact", "nssf-contributions@3")
    assert (found["before"]["name"], found["on"]) == ("nssf-contributions@2", "2011-01-01")
    assert tables.json("impact", "nssf-contributions@3", "--against", "nssf-contributions@1")["changed"] == 0
    assert tables.json("impact", "nssf-contributions@1")["before"] is None
    assert tables.json("impact", "who-cambodia-2006@1", "--on", "2026-12-01")["refused"] == []
    assert "These are not answered" in tables.run("impact", "who-cambodia-2006@1")


@pytest.mark.parametrize("name", ["mba-packages@1", "who-cambodia-2006@1", "tariff-brac@1", "nssf-provisions@2"])
def test_an_export_is_imported_with_the_same_hash(name: str, tables: Tables) -> None:
    table = name.partition("@")[0]
    exported = tables.json("export", name, "-o", str(tables.folder))
    assert exported["sha256"] == SHIPPED[name][1].sha256
    assert all(Path(file).is_file() for file in exported["files"])
    assert tables.json("import", str(tables.folder / table), "--by", "A")["sha256"] == exported["sha256"]
    whole = tables.folder / "whole.json"
    tables.run("export", name, "--to", "json", "-o", str(whole))
    assert tables.json("import", str(whole), "--by", "A")["sha256"] == exported["sha256"]
    assert tables.run("export", name, "--to", "json") == whole.read_text()


def test_columns_are_exported_as_they_ship_and_imported_with_what_they_lack(tables: Tables) -> None:
    text = tables.run("export", "who-cambodia-2006", "--to", "csv")
    assert text == (DATA / "who-cambodia-2006" / "1.survivors.csv").read_text()
    file = tables.folder / "lives.csv"
    file.write_text(text.replace("100,101", "100,100"))
    like = ("--like", "who-cambodia-2006@1", "--effective-from", "2027-01-01")
    assert "There is no default" in tables.refusal("import", str(file), "--by", "A", *like, *CSV)
    made = tables.json("import", str(file), "--by", "A", *like, *CSV, "--fractional-age", "balducci")
    assert made["effective_from"] == "2027-01-01"
    shown = tables.json("show", made["version"])
    assert len(shown["content"]["survivors"]) == 101
    survivors = next(entry for entry in shown["provenance"] if entry["cells"] == "/survivors")
    assert (survivors["source"], survivors["place"]) == ("census", "page 3")
    assert "balducci" in survivors["remark"]
    codes = {each["code"] for each in tables.json("lint", made["version"])["findings"]}
    assert "source_unknown" in codes


def test_a_withdrawn_version_is_withdrawn_with_a_reason(tables: Tables) -> None:
    done = tables.json("withdraw", "tariff-brac@1", "--by", "B", "--reason", "wrong currency")
    assert done["status"] == "withdrawn"
    assert "is withdrawn, and" not in tables.run("show", "tariff-brac")
    assert "this takes a published version" in tables.refusal("withdraw", "tariff-brac@1", "--by", "B")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "nothing"), "There is no table nothing with a published version. See `rielquote tables list`."),
        (("lint", "mba-reinsurance@7"), "mba-reinsurance has no version 7; it has 1, 2."),
        (("lint", "nothing@1"), "There is no table nothing. See `rielquote tables list`."),
        (("impact", "mba-packages@1", "--against", "mba-loadings@1"), "mba-loadings@1 is a version of another table."),
        (("export", "mba-loadings@1", "--to", "csv"), "mba-loadings@1: a loadings table has no columns"),
        (("import", "nowhere", "--by", "A"), "nowhere cannot be read: No such file or directory."),
        (("submit", "mba-packages@1", "--by", "A"), "mba-packages@1 is published; this takes a draft."),
        (("publish", "mba-packages@1", "--by", "A"), "mba-packages@1 is published; this takes a submitted draft."),
    ],
)  # fmt: skip
def test_what_cannot_be_done_says_what_would_be_right(arguments: tuple[str, ...], said: str, tables: Tables) -> None:
    assert tables.refusal(*arguments).startswith(said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "MBA"), "'MBA' is no name of a table or a version: it must look like mba-packages or "),
        (("lint", "mba-packages"), "Say which version of mba-packages: mba-packages@1, for example."),
        (("lint", "mba-packages@1", "--movement", "x"), "--movement must be a fraction such as 0.25, not below 0."),
        (("impact", "mba-packages@1", "--on", "1.1.2027"), "--on must be a date of the calendar, as 2027-12-31."),
        (("import", "x.csv", "--by", "A"), "A csv file holds columns alone. Say the rest as well: --like, "),
        (("import", "x", "--by", "A", "--fractional-age", "none"), "--fractional-age must be one of uniform_"),
        (("import", "x", "--by", " "), "--by must have 1 to 200 characters in one line."),
    ],
)  # fmt: skip
def test_what_is_typed_in_another_form_is_a_mistake_of_usage_too(
    arguments: tuple[str, ...], said: str, tables: Tables
) -> None:
    assert tables.refusal(*arguments, status=2).startswith(said)


@pytest.mark.parametrize("arguments", [("import", "x"), ("publish", "mba-packages@1"), ("export", "x", "--to", "xml")])
def test_what_is_missing_or_unknown_is_a_mistake_of_usage(arguments: tuple[str, ...], tables: Tables) -> None:
    assert "--by" in (said := tables.run(*arguments, status=2)) or "--to" in said


def test_files_that_say_something_else_are_not_written_over(tables: Tables) -> None:
    tables.run("export", "mba-loadings@1", "-o", str(tables.folder))
    tables.run("export", "mba-loadings@1", "-o", str(tables.folder))
    file = tables.folder / "mba-loadings" / "1.toml"
    file.write_text("mine")
    assert "is there already" in tables.refusal("export", "mba-loadings@1", "-o", str(tables.folder))
    assert file.read_text() == "mine"
    assert "is there already" in tables.refusal("export", "mba-loadings@1", "--to", "json", "-o", str(file))
    assert "cannot be written" in tables.refusal("export", "mba-loadings@1", "--to", "json", "-o", str(file / "x"))
