"""`GET /v1/published-tables`, `rielquote verify`, the errata's figures: what is shown, and that nothing is hidden."""

import asyncio
import csv
import io
import json
import threading
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api import cli_verify, proof
from api.cli import main
from api.engine import Engine
from tables.canonical import sha256
from tables.errors import CorruptTable
from tables.published import PublishedTable, published_tables, read_published_table
from tables.snapshot import Snapshot, canonical_content
from tables.sources import errata
from tests.api.support import answer, assert_problem, post

PATH = "/v1/published-tables"
RESULTS = ("equal", "within_print_precision", "erratum", "unexplained")
PENSIONS = "giz-2012-table-3.13"


def sheet(client: TestClient, query: str = "") -> Any:
    return answer(client.get(PATH + query))


class TestSheet:
    def test_every_figure_of_both_documents_is_there_and_none_is_unexplained(self, client: TestClient) -> None:
        found = sheet(client)
        assert (found["totals"]["cells"], found["totals"]["unexplained"]) == (954, 0)
        assert {each["source"]: each["counts"]["cells"] for each in found["sources"]} == {
            "giz-2012": 530,
            "suan-2009": 424,
        }
        assert [each["id"] for each in found["tables"]][:3] == [f"giz-2012-table-{n}" for n in ("2.1", "2.5", "3.1")]

    def test_the_totals_are_those_of_the_cells(self, client: TestClient) -> None:
        found = sheet(client)
        for each in found["tables"]:
            results = [cell["result"] for cell in each["cells"]]
            assert {result: each["counts"][result] for result in RESULTS} == {
                result: results.count(result) for result in RESULTS
            }
            assert each["counts"]["cells"] == len(results)
            assert sum(each["counts"]["errata"].values()) == each["counts"]["erratum"]
        for result in ("cells", *RESULTS):
            of_tables = sum(each["counts"][result] for each in found["tables"])
            assert of_tables == sum(each["counts"][result] for each in found["sources"]) == found["totals"][result]

    def test_one_table_is_its_part_of_the_whole(self, client: TestClient) -> None:
        one = sheet(client, f"?table={PENSIONS}")
        assert one["tables"] == [each for each in sheet(client)["tables"] if each["id"] == PENSIONS]
        assert one["totals"] == one["sources"][0]["counts"] == one["tables"][0]["counts"]
        assert [
            (cell["column"], cell["printed"], cell["result"], cell["erratum"]) for cell in one["tables"][0]["cells"]
        ] == [
            ("Spouse", "138,833", "within_print_precision", None),
            ("Children", "67,083", "within_print_precision", None),
            ("Parents", "107,359", "erratum", "giz-2012-e1"),
        ]

    def test_a_value_is_in_the_unit_of_the_print(self, client: TestClient) -> None:
        (ratios,) = sheet(client, "?table=giz-2012-table-3.16")["tables"]
        assert [(cell["printed"], cell["value"][:6]) for cell in ratios["cells"]] == [
            ("0.212", "0.2121"),
            ("0.218", "0.2179"),
        ]

    def test_a_mistake_that_is_repeated_as_published_is_named(self, client: TestClient) -> None:
        (table,) = sheet(client, "?table=suan-2009-table-9")["tables"]
        named = [(cell["row"][0], cell["column"], cell["result"]) for cell in table["cells"] if cell["erratum"]]
        assert named == [("6", package, "equal") for package in "CDEF"]

    def test_each_figure_can_be_asked_for_by_what_is_said_of_it(self, client: TestClient) -> None:
        for name in ("suan-2009-table-8", "giz-2012-table-4.14", "giz-2012-table-2.5", "giz-2012-table-4.13"):
            (table,) = sheet(client, f"?table={name}")["tables"]
            for cell in table["cells"][::9]:
                request = json.loads(cell["request"])
                if cell["method"] == "GET":
                    sent = client.get(cell["address"], params=request)
                else:
                    sent = post(client, cell["address"], request)
                part: Any = answer(sent)
                for key in cell["pointer"].split("/")[1:]:
                    part = part[int(key) if isinstance(part, list) else key]
                assert Decimal(part).scaleb(cell["shift"]) == Decimal(cell["value"])

    def test_as_csv_it_has_a_line_a_figure(self, client: TestClient) -> None:
        response = client.get(PATH, headers={"accept": "text/csv"})
        assert response.headers["content-type"] == "text/csv; charset=utf-8"
        lines = list(csv.DictReader(io.StringIO(response.text)))
        cells = [(each["id"], cell) for each in sheet(client)["tables"] for cell in each["cells"]]
        assert lines == [
            {"table": name, **{key: "" if value is None else str(value) for key, value in cell.items()}}
            for name, cell in cells
        ]

    def test_who_has_it_gets_nothing_again(self, client: TestClient) -> None:
        tag = client.get(PATH).headers["etag"]
        assert client.get(PATH, headers={"if-none-match": tag}).status_code == 304
        assert client.get(PATH, headers={"if-none-match": tag, "accept": "text/csv"}).status_code == 200

    @pytest.mark.parametrize("query", ["?table=", "?table=suan-2009-table-1", "?table=giz-2012-text", "?tables=x"])
    def test_what_is_no_table_is_refused(self, client: TestClient, query: str) -> None:
        assert_problem(client.get(PATH + query), 422, "invalid_request")

    def test_a_parameter_given_twice_is_refused(self, client: TestClient) -> None:
        assert_problem(client.get(f"{PATH}?table={PENSIONS}&table={PENSIONS}"), 422, "invalid_request")


class TestComputing:
    def test_a_snapshot_is_proved_once_and_never_on_the_event_loop(
        self, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, client: TestClient
    ) -> None:
        threads: list[threading.Thread] = []
        real = proof.prove

        def prove(*arguments: Any) -> proof.ProofSheet:
            threads.append(threading.current_thread())
            with pytest.raises(RuntimeError):
                asyncio.get_running_loop()
            return real(*arguments)

        monkeypatch.setattr(proof, "prove", prove)
        state: Any = client.app.state.running  # type: ignore[attr-defined]
        monkeypatch.setattr(state, "current", Engine(snapshot))
        bodies = {client.get(PATH).content for _ in range(2)}
        client.get(f"{PATH}?table={PENSIONS}")
        client.get("/v1/errata")
        assert (len(bodies), len(threads)) == (1, 1)


# Tables that were changed


@pytest.fixture
def changed(snapshot: Snapshot) -> Snapshot:
    """What ships, and maternity benefits for 98 days, published for the time of the documents."""
    table = snapshot.tables["shi-maternity-basis"]
    (shipped,) = table.versions
    content, assumptions = canonical_content(table.kind, {**json.loads(shipped.content), "benefit_days": "98"})
    other = replace(shipped, number=2, content=content, sha256=sha256(content), assumptions=assumptions)
    return Snapshot({**snapshot.tables, table.name: replace(table, versions=(shipped, other))})


class TestVersions:
    def test_each_table_names_those_that_its_figures_are_computed_from(self, client: TestClient) -> None:
        found = sheet(client)
        assert found["not_shipped"] == []
        versions = {each["id"]: each["versions"] for each in found["tables"]}
        assert versions["giz-2012-table-4.10"] == ["shi-maternity-basis@1"]
        assert versions["giz-2012-table-4.13"] == ["shi-maternity-basis@1", "shi-nssf-basis@1", "shi-sickness-basis@1"]
        assert all(versions.values())

    def test_one_that_does_not_ship_is_named_where_it_was_used(
        self, changed: Snapshot, monkeypatch: pytest.MonkeyPatch, client: TestClient
    ) -> None:
        state: Any = client.app.state.running  # type: ignore[attr-defined]
        monkeypatch.setattr(state, "current", Engine(changed))
        found = sheet(client)
        assert found["not_shipped"] == ["shi-maternity-basis@2"]
        assert found["totals"]["unexplained"] > 0
        for each in found["tables"]:
            if each["counts"]["unexplained"]:
                assert "shi-maternity-basis@2" in each["versions"]
        assert sheet(client, "?table=giz-2012-table-4.8")["not_shipped"] == []

    def test_verify_names_it(self, changed: Snapshot, monkeypatch: pytest.MonkeyPatch, verify: Any) -> None:
        monkeypatch.setattr(cli_verify, "load", lambda _store: changed)
        done = verify("--table", "giz-2012-table-4.11")
        assert done.exit_code == 1
        assert done.stdout.splitlines()[-1] == (
            "  shi-maternity-basis@2 does not ship with this release: its figures may differ for that reason"
        )


# Figures taken as printed


def test_a_figure_that_the_service_takes_as_printed_says_so(client: TestClient) -> None:
    """Table 5.5: 500.7 x 175,025 = 87,635 thousand USD where 87,630 are printed; 444.3 x 36,079 = 16,030."""
    (table,) = sheet(client, "?table=giz-2012-table-5.5")["tables"]
    reasons = [cell["reason"] for cell in table["cells"]]
    assert [reason is None for reason in reasons] == [False, False, True, False]
    assert all(reason.startswith("taken as printed: ") for reason in reasons if reason)


# rielquote verify


@pytest.fixture
def verify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("RIELQUOTE_DATABASE_URL", f"sqlite:///{tmp_path / 'rielquote.db'}")
    return lambda *arguments: CliRunner().invoke(main, ["verify", *arguments])


class TestVerify:
    def test_it_ends_well_where_every_figure_is_explained(self, verify: Any) -> None:
        done = verify()
        lines = done.stdout.splitlines()
        assert done.exit_code == 0
        assert len(lines) == len([table for table in published_tables().values() if table.counted]) + 1
        assert lines[-1].split()[:3] == ["all", "954", "cells:"]
        assert lines[-1].endswith(" 0 unexplained")
        assert not any(line.startswith(" ") for line in lines)

    def test_a_figure_that_differs_is_shown_and_ends_it_badly(
        self, verify: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        table = published_tables()[PENSIONS]
        spouse, *others = table.cells
        wrong = replace(table, cells=(replace(spouse, printed="138,834"), *others))
        broken: Mapping[str, PublishedTable] = {**published_tables(), PENSIONS: wrong}
        monkeypatch.setattr(cli_verify, "published_tables", lambda: broken)
        done = verify("--table", PENSIONS)
        assert done.exit_code == 1
        assert done.stdout.splitlines() == [
            f"{PENSIONS:<31}    3 cells: 0 equal, 1 within_print_precision, 1 erratum, 1 unexplained",
            "  unexplained: Average pension (KHR per month), Spouse: printed 138,834, computed 138833.333333333333",
            f"{'all':<31}    3 cells: 0 equal, 1 within_print_precision, 1 erratum, 1 unexplained",
        ]
        assert verify("--table", PENSIONS, "--json").exit_code == 1
        assert verify("--table", "suan-2009-table-9").exit_code == 0

    def test_as_json_it_is_what_the_service_answers(self, verify: Any, client: TestClient) -> None:
        done = verify("--table", PENSIONS, "--json")
        assert (done.exit_code, json.loads(done.stdout)) == (0, sheet(client, f"?table={PENSIONS}"))

    def test_a_table_that_there_is_not_is_refused(self, verify: Any) -> None:
        done = verify("--table", "suan-2009-table-1")
        assert (done.exit_code, done.stdout) == (1, "")
        assert "suan-2009-table-9" in done.stderr


# Errata

NO_FIGURE = {
    *("suan-2009-e2", "suan-2009-e4", "suan-2009-e6", "suan-2009-e7", "suan-2009-e8", "suan-2009-e9", "suan-2009-e10"),
    *("giz-2012-e6", "giz-2012-e15", "giz-2012-e17", "giz-2012-e18", "giz-2012-e25"),
    *("giz-2012-e29", "ilo-hmis-2007-e1"),
}
"""Mistakes of a word, a unit, a rule or an input, and those of which the service has no figure."""

# Findings, sections 1.5 and 8: printed, recomputed.
FOUND = {
    "suan-2009-e3": [("15,250", "13250")],
    "giz-2012-e1": [("107,359", "112185")],
    "giz-2012-e2": [("23", "16"), ("39", "23"), ("16", "39")],
    "giz-2012-e3": [("9,130", "8765.2")],
    "giz-2012-e8": [("5,749", "5748"), ("2,550", "2551")],
    "giz-2012-e9": [("567,801", "567800")],
    "giz-2012-e10": [("386,678", "386687")],
    "giz-2012-e11": [("68.7", "82.5")],
    "giz-2012-e13": [("14.5", "14.0")],
    "giz-2012-e14": [("270,000", "256308")],
    "giz-2012-e16": [("1.33", "1.23")],
    "giz-2012-e19": [("226,699", "226600")],
    "giz-2012-e23": [("428", "429")],
    "giz-2012-e24": [("5,295", "5335"), ("321", "270")],
    "giz-2012-e26": [("31,357,945,798", "32890153198")],
    "giz-2012-e28": [("12.1", "12.4")],
    "giz-2012-e30": [("7.5", "7.6")],
    "giz-2012-e31": [
        (f"{a}", f"{b}")
        for a, b in zip(
            ("5.3", "6.9", "5.1", "7.2", "13.1", "5.2"), ("4.8", "6.1", "4.6", "6.5", "12.3", "5.0"), strict=True
        )
    ],
    "giz-2012-e32": [("72,684.49", "72684.48")],
    "giz-2012-e33": [("6.8", "6.96")],
}


class TestErrata:
    def test_all_of_them_are_there_with_their_figures(self, client: TestClient) -> None:
        found = {each["code"]: each["recomputed"] for each in answer(client.get("/v1/errata"))["errata"]}
        assert set(found) == set(errata()) >= {f"giz-2012-e{number}" for number in range(1, 34)}
        assert {code for code, figures in found.items() if not figures} == NO_FIGURE
        shown = {code: [(each["printed"], each["recomputed"]) for each in found[code]] for code in FOUND}
        assert shown == FOUND

    def test_the_wage_of_twelve_head_counts_costs_scenario_1_a_tenth_of_a_point(self, client: TestClient) -> None:
        (e4,) = (each for each in answer(client.get("/v1/errata"))["errata"] if each["code"] == "giz-2012-e4")
        rates = {(each["table"], each["row"], each["column"]): each for each in e4["recomputed"]}
        rate = rates["giz-2012-table-4.13", "Contribution rate (proposed)", "Scenario 1"]
        assert (rate["printed"], rate["recomputed"], rate["effect"]) == ("3.20%", "3.10", "-0.10")
        assert rate["relative_effect"] == "-0.031250000000"
        pinned = answer(post(client, rate["address"], json.loads(rate["request"])))
        assert pinned["receipt"]["tables"]["sickness_basis"] == "shi-sickness-basis-corrected@1"
        assert pinned["contribution_rate"] == "0.031"


# The files


def test_a_file_that_contradicts_itself_is_refused(tmp_path: Path) -> None:
    good = """
        place = "Table 3.13"
        title = "t"
        as_of = 2010-12-31
        computed = 1
        path = "/v1/nssf/awards"
        [columns.A]
        [[rows]]
        title = "r"
        cell = "x"
        printed = { A = "1" }
        """
    bad = {
        "computed": good.replace("computed = 1", "computed = 2"),
        "no known place": good.replace("Table 3.13", "Table 9.9"),
        "no column B": good + 'given = ["B"]',
        "no known erratum": good + 'errata = { A = { code = "giz-2012-e99", recomputed = "2" } }',
        "twice": good.replace("computed = 1", "computed = 2") + good[good.index("[[rows]]") :],
        "surplus": good + "surplus = 1",
    }
    folder = tmp_path / "giz-2012"
    folder.mkdir()
    file = folder / "table-3.13.toml"
    file.write_text(good, encoding="utf-8")
    assert read_published_table(file).id == PENSIONS
    for why, text in bad.items():
        file.write_text(text, encoding="utf-8")
        with pytest.raises(CorruptTable, match=why):
            read_published_table(file)
