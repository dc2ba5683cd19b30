"""`GET /v1/mba/rate-card`: Tables 8 and 9, as JSON and as CSV; and which form a client gets."""

import csv
from collections.abc import Iterable
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.support import RATE_CARD, answer, assert_problem, golden, pointers

CORRECTED = {"pricing_basis": "mba-pricing-basis-corrected@1"}
TABLES = [("by_decrement", "table_8"), ("by_plan", "table_9")]
PACKAGES = "ABCDEF"


def cells(rows: Iterable[dict[str, Any]]) -> dict[tuple[str, ...], dict[str, str]]:
    """Premiums by package, under what names the row; an empty name and a null are the same."""
    names = ("coverage", "code", "plan_type", "insured")
    return {
        tuple(str(row.get(name) or "") for name in names): {
            package: row.get("monthly_premiums", row)[package] for package in PACKAGES
        }
        for row in rows
    }


def read_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def get(client: TestClient, accept: str | None = None, **query: str) -> Any:
    headers = {} if accept is None else {"accept": accept}
    return client.get(RATE_CARD, params={"as_of": "2026-12-01", **query}, headers=headers)


class TestCells:
    @pytest.mark.parametrize(("name", "table"), TABLES)
    def test_every_cell_is_the_published_one(self, client: TestClient, name: str, table: str) -> None:
        assert cells(answer(get(client))[name]) == cells(golden(table))

    @pytest.mark.parametrize(("name", "table"), TABLES)
    def test_csv_has_the_same_cells_in_order_of_code(self, client: TestClient, name: str, table: str) -> None:
        response = get(client, table=name)
        assert response.headers["content-type"] == "text/csv; charset=utf-8"
        rows = read_csv(response.text)
        assert cells(rows) == cells(golden(table))
        assert set(rows[0]) == set(golden(table)[0])
        codes = [int(row["code"]) for row in rows]
        assert codes == sorted(codes)
        assert response.text.endswith("\r\n")

    def test_corrected_tables_differ_in_the_erratum_s_cells_alone(self, client: TestClient) -> None:
        published, corrected = answer(get(client)), answer(get(client, **CORRECTED))
        erratum = {row.pop("row"): row for row in golden("erratum_e1")}
        eighth, ninth = cells(golden("table_8")), cells(golden("table_9"))
        eighth["hospitalization", "8", "", "additional_66_75"] = erratum["table_8_hospitalization_66_75"]
        ninth["", "6", "", "additional_66_75"] = erratum["table_9_additional_66_75"]
        assert (cells(corrected["by_decrement"]), cells(corrected["by_plan"])) == (eighth, ninth)
        assert [note["code"] for note in published["notes"]] == ["suan-2009-e1"]
        assert corrected["notes"] == []

    def test_every_row_is_a_plan_s_or_a_person_s(self, client: TestClient) -> None:
        card = answer(get(client))
        for row in card["by_decrement"] + card["by_plan"]:
            assert (row["plan_type"] is None) != (row["insured"] is None)
        assert card["currency"] == "KHR"


class TestQuery:
    def test_pins_and_dates_are_in_the_receipt(self, client: TestClient) -> None:
        receipt = answer(get(client, **CORRECTED, known_at="2026-11-22T00:00:00Z"))["receipt"]
        assert receipt["tables"]["pricing_basis"] == "mba-pricing-basis-corrected@1"
        assert (receipt["as_of"], receipt["known_at"]) == ("2026-12-01", "2026-11-22T00:00:00Z")
        assert receipt["hypothetical"] is False

    @pytest.mark.parametrize(
        ("query", "pointer"),
        [
            ({"explain": "true"}, ""),
            ({"overrides": "{}"}, ""),
            ({"tables": "mba-packages"}, ""),
            ({"table": "by_age"}, "/table"),
            ({"as_of": ""}, "/as_of"),
            ({"as_of": "2026-13-01"}, "/as_of"),
            ({"packages": "mba-packages@0"}, "/packages"),
            ({"known_at": "2026-11-22"}, "/known_at"),
        ],
    )
    def test_what_it_does_not_take_is_refused(self, client: TestClient, query: dict[str, str], pointer: str) -> None:
        assert pointers(assert_problem(get(client, **query), 422, "invalid_request")) == [pointer]

    def test_a_parameter_given_twice_is_refused(self, client: TestClient) -> None:
        response = client.get(f"{RATE_CARD}?packages=mba-packages&loadings=mba-loadings&packages=mba-packages@1")
        assert pointers(assert_problem(response, 422, "invalid_request")) in (["/packages"], [""])

    def test_refusals_of_the_tables(self, client: TestClient) -> None:
        assert pointers(assert_problem(get(client, as_of="2008-12-31"), 409, "no_coverage")) == ["/as_of"]
        for pin, code in (
            ("mba-packages@2", "version_unknown"),
            ("mba-loadings", "wrong_kind"),
            ("x", "table_unknown"),
        ):
            response = get(client, packages=pin)
            assert pointers(assert_problem(response, 409, code)) == ["/packages"]
            assert response.json()["detail"].startswith("packages")

    def test_a_pin_is_one_table_or_version(self, client: TestClient) -> None:
        (error,) = assert_problem(get(client, packages="mba-packages@1,mba-packages@2"), 422, "invalid_request")
        assert error["pointer"] == "/packages"
        assert error["detail"] == 'must be a table "mba-packages" or a version "mba-packages@1"'

    def test_the_note_names_the_parameter_to_pin(self, client: TestClient) -> None:
        (note,) = answer(get(client))["notes"]
        assert note["message"].endswith(" For the corrected figure pin pricing_basis to mba-pricing-basis-corrected.")
        assert answer(get(client, pricing_basis="mba-pricing-basis-corrected"))["notes"] == []

    def test_head_has_the_headers_of_get(self, client: TestClient) -> None:
        for query in ({}, {"table": "by_plan"}, {"as_of": "x"}):
            by_get = client.get(RATE_CARD, params=query)
            by_head = client.head(RATE_CARD, params=query)
            assert by_head.content == b""
            assert by_head.status_code == by_get.status_code
            same = ("content-type", "content-length", "cache-control", "etag", "vary")
            assert [by_head.headers.get(name) for name in same] == [by_get.headers.get(name) for name in same]


class TestForms:
    @pytest.mark.parametrize(
        ("accept", "plain", "with_table"),
        [
            (None, "json", "csv"),
            ("*/*", "json", "csv"),
            ("application/json", "json", "json"),
            ("text/csv", "csv", "csv"),
            ("TEXT/CSV", "csv", "csv"),
            ("text/*", "csv", "csv"),
            ("application/*", "json", "json"),
            ("text/html, application/json;q=0.9, */*;q=0.8", "json", "json"),
            ("text/csv;q=0.5, application/json;q=0.4", "csv", "csv"),
            ("text/csv;q=0.5,application/json", "json", "json"),
            ("text/csv; q=0, */*", "json", "json"),
            ("*/*;q=0.1, application/json; q=0", "csv", "csv"),
            ("text/html", None, None),
            ("application/json;q=0", None, None),
            ("*/*;q=0", None, None),
            ("application/jsonx", None, None),
        ],
    )
    def test_accept_chooses_the_form(
        self, client: TestClient, accept: str | None, plain: str | None, with_table: str | None
    ) -> None:
        for response, form in (
            (get(client, accept), plain),
            (get(client, accept, table="by_decrement"), with_table),
        ):
            if form is None:
                assert_problem(response, 406, "not_acceptable")
            else:
                media_type = {"json": "application/json", "csv": "text/csv; charset=utf-8"}[form]
                assert response.headers["content-type"] == media_type
                assert response.status_code == 200
                assert response.headers["vary"].lower() == "accept"

    def test_csv_without_a_table_is_by_plan(self, client: TestClient) -> None:
        assert get(client, "text/csv").content == get(client, table="by_plan").content

    def test_the_table_does_not_change_the_json(self, client: TestClient) -> None:
        plain, named = answer(get(client)), answer(get(client, "application/json", table="by_plan"))
        assert plain["by_plan"] == named["by_plan"]
        assert plain["by_decrement"] == named["by_decrement"]

    def test_several_accept_headers_are_one_list(self, client: TestClient) -> None:
        headers = [("accept", "text/html"), ("accept", "text/csv")]
        response = client.get(RATE_CARD, headers=headers)
        assert response.headers["content-type"] == "text/csv; charset=utf-8"
