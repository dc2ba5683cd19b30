"""`POST /v1/mba/equity-values`: what a member gets back on leaving."""

from fractions import Fraction
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests import reference
from tests.api.support import EQUITY_VALUES, answer, assert_problem, pointers, post, rounded

PLANS = {
    "single": {"primary_member": Fraction(1)},
    "couple": {"primary_member": Fraction(1), "secondary_member": Fraction(1)},
    "single_parent": {"primary_member": Fraction(1), "child": Fraction(9, 2)},
}


def equity(client: TestClient, years: int, **body: Any) -> Any:
    return answer(
        post(client, EQUITY_VALUES, {"package": "F", "years_completed": years, "as_of": "2026-12-01", **body})
    )


def expected(package: str, persons: dict[str, Fraction], years: int) -> str:
    """0.35 (GAP)_ND s̈_n in exact fractions, half up at 12 decimals."""
    gross = sum(
        (
            number * cell.gross
            for insured, number in persons.items()
            for cell in reference.tariff(package, insured, corrected=False)
            if cell.coverage == "natural_death"
        ),
        start=Fraction(0),
    )
    growth = 1 + reference.INTEREST
    payments = sum((growth**k for k in range(1, years + 1)), start=Fraction(0))
    return reference.half_up(Fraction(35, 100) * gross * payments, 1 / growth, 12)


@pytest.mark.parametrize("package", "ABCDEF")
@pytest.mark.parametrize("plan_type", PLANS)
def test_every_year_is_the_premium_share_with_interest(client: TestClient, package: str, plan_type: str) -> None:
    values = equity(client, 30, package=package, plan_type=plan_type)
    assert [year["year"] for year in values["schedule"]] == list(range(1, 31))
    for year in values["schedule"]:
        assert year["value_exact"] == expected(package, PLANS[plan_type], year["year"])
        assert year["value"] == rounded(year["value_exact"], 0)
    assert values["equity_value_exact"] == values["schedule"][-1]["value_exact"]


@pytest.mark.parametrize(("years", "eligible"), [(0, False), (1, False), (2, False), (3, True), (4, True)])
def test_from_three_completed_years_on(client: TestClient, years: int, eligible: bool) -> None:
    values = equity(client, years)
    assert values["eligible"] is eligible
    assert [year["eligible"] for year in values["schedule"]] == [year >= 3 for year in range(1, years + 1)]
    exact = expected("F", PLANS["single"], years) if eligible else "0.000000000000"
    assert values["equity_value_exact"] == exact
    assert (values["equity_value"], values["currency"]) == (rounded(exact, 0), "KHR")


def test_everybody_whose_premium_is_paid_counts(client: TestClient) -> None:
    alone, couple = equity(client, 5), equity(client, 5, plan_type="couple", additional_persons={"66-75": 2})
    persons = {**PLANS["couple"], "additional_66_75": Fraction(2)}
    assert couple["equity_value_exact"] == expected("F", persons, 5)
    assert couple["notes"] == [], "the mistaken hospitalization premium of suan-2009-e1 is no part of it"
    assert alone == equity(client, 5, plan_type="single", additional_persons={"15-65": 0})


def test_the_years_and_the_rates_are_the_tables(client: TestClient) -> None:
    values = equity(client, 2, overrides={"packages": {"rules": {"equity_value_minimum_years": 2}}})
    assert values["equity_value_exact"] == expected("F", PLANS["single"], 2)
    without_interest = equity(client, 4, overrides={"pricing_basis": {"interest_rate": "0"}})
    first, *_, last = (Fraction(year["value_exact"]) for year in without_interest["schedule"])
    assert abs(last - 4 * first) < Fraction(1, 10**11)


@pytest.mark.parametrize("years", [-1, 121, 2.5, "3", None])
def test_what_are_no_completed_years(client: TestClient, years: Any) -> None:
    response = post(client, EQUITY_VALUES, {"package": "F", "years_completed": years})
    assert pointers(assert_problem(response, 422, "invalid_request")) == ["/years_completed"]
