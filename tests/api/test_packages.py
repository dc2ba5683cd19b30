"""`GET /v1/mba/packages`: what Tables 2-7 say."""

import csv

import pytest
from starlette.testclient import TestClient

from tests.api.support import PACKAGES, answer, assert_problem, golden

AMOUNTS = {row["row"]: row for number in range(3, 8) for row in golden(f"table_{number}")}


@pytest.mark.parametrize("package", "ABCDEF")
def test_benefits_are_those_of_tables_3_to_7(client: TestClient, package: str) -> None:
    (benefits,) = (each["benefits"] for each in answer(client.get(PACKAGES))["packages"] if each["package"] == package)
    expected = {name: row[package] for name, row in AMOUNTS.items()}
    expected["hospitalization_maximum"] = str(15 * int(expected["hospitalization_daily"]))
    exact = {f"{name}_exact": f"{amount}.000000000000" for name, amount in expected.items()}
    assert benefits == expected | exact


def test_packages_come_in_order_with_what_they_are_for(client: TestClient) -> None:
    packages = answer(client.get(PACKAGES))
    assert [each["package"] for each in packages["packages"]] == list("ABCDEF")
    assert packages["currency"] == "KHR"
    assert packages["notes"] == []
    assert packages["plan_types"] == [
        {"plan_type": "couple", "household_code": 1, "secondary_member": True, "children": False},
        {"plan_type": "single_parent", "household_code": 2, "secondary_member": False, "children": True},
        {"plan_type": "couple_with_children", "household_code": 3, "secondary_member": True, "children": True},
        {"plan_type": "single", "household_code": 4, "secondary_member": False, "children": False},
    ]


def test_ages_and_conditions_are_the_paper_s(client: TestClient) -> None:
    packages = answer(client.get(PACKAGES))
    bands = {name: (band["first_age"], band["last_age"]) for name, band in packages["ages"].items()}
    assert bands == {"entry": (18, 60), "child": (1, 14), "adult": (15, 65), "elder": (66, 75)}
    exclusions = packages["rules"].pop("death_exclusions")
    assert exclusions == [
        "suicide",
        "hunting",
        "motor_race",
        "contagious_disease",
        "illegal_activity",
        "act_against_state",
        "wilful_accident",
    ]
    assert packages["rules"] == {
        "full_benefit_months": 24,
        "hospitalization_maximum_days": 15,
        "hospitalization_minimum_hours": 24,
        "hospitalization_waiting_months": 6,
        "hospitalization_months_between_claims": 12,
        "hospitalization_months_between_same_event": 24,
        "hospitalization_proration_months": 12,
        "equity_value_minimum_years": 3,
    }


def test_csv_has_the_whole_amounts(client: TestClient) -> None:
    response = client.get(PACKAGES, headers={"accept": "text/csv"})
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(response.text.splitlines()))
    assert [row["package"] for row in rows] == list("ABCDEF")
    for row in rows:
        assert {name: row[name] for name in AMOUNTS} == {name: AMOUNTS[name][row["package"]] for name in AMOUNTS}


def test_only_its_own_table_is_in_the_receipt_and_can_be_pinned(client: TestClient) -> None:
    receipt = answer(client.get(PACKAGES, params={"packages": "mba-packages@1"}))["receipt"]
    assert receipt["tables"] == {"packages": "mba-packages@1"}
    assert list(receipt["table_details"]) == ["mba-packages@1"]
    assert_problem(client.get(PACKAGES, params={"loadings": "mba-loadings@1"}), 422, "invalid_request")
    assert_problem(client.get(PACKAGES, params={"explain": "true"}), 422, "invalid_request")
    assert_problem(client.get(PACKAGES, params={"as_of": "2008-12-31"}), 409, "no_coverage")
    assert_problem(client.get(PACKAGES, headers={"accept": "text/html"}), 406, "not_acceptable")
