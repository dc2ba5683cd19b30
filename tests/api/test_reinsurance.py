"""`POST /v1/mba/reinsurance`: the treaties of Table 13, on both sides of every limit."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.support import REINSURANCE, answer, assert_problem, pointers, post

ACCIDENT = "accidental_death"


def year(client: TestClient, number: int, *claims: Any, **body: Any) -> Any:
    """The answer for a gross premium of 40,000 USD unless the body says otherwise."""
    return answer(post(client, REINSURANCE, {"year": number, "gross_premium": "40000", "claims": claims, **body}))


def claim(amount: str, kind: str = ACCIDENT, **more: str) -> dict[str, str]:
    return {"amount": amount, "kind": kind, **more}


@pytest.mark.parametrize(
    ("number", "version", "ceded", "refund"),
    [
        (2002, 1, "8000.00", "7600.00"),
        (2005, 1, "8000.00", "7600.00"),
        (2006, 2, "12000.00", "8400.00"),
        (2026, 2, "12000.00", "8400.00"),
    ],
)
def test_the_treaty_is_that_of_the_year(client: TestClient, number: int, version: int, ceded: str, refund: str) -> None:
    result = year(client, number)
    assert result["receipt"]["tables"] == {"reinsurance": f"mba-reinsurance@{version}"}
    assert result["receipt"]["as_of"] == f"{number}-01-01"
    assert (result["ceded_premium"], result["experience_refund"], result["currency"]) == (ceded, refund, "USD")


@pytest.mark.parametrize(
    ("number", "amount", "recovery", "limit"),
    [
        (2005, "2999.99", "2999.99", "none"),
        (2005, "3000", "3000.00", "none"),
        (2005, "3000.01", "3000.00", "per_risk"),
        (2006, "3000", "2700.00", "none"),
        (2006, "3333.33", "3000.00", "none"),
        (2006, "3333.34", "3000.00", "per_risk"),
    ],
)
def test_the_maximum_on_one_risk_is_on_the_reinsurer_s_part(
    client: TestClient, number: int, amount: str, recovery: str, limit: str
) -> None:
    result = year(client, number, claim(amount))
    assert result["claims"] == [{"covered": True, "recovery": recovery}]
    assert (result["recoveries"], result["limit_applied"]) == (recovery, limit)


@pytest.mark.parametrize(
    ("years", "covered"), [("0", False), ("2", False), ("2.00", False), ("2.01", True), ("3", True)]
)
@pytest.mark.parametrize("number", [2005, 2006])
def test_natural_death_after_more_than_two_years(client: TestClient, number: int, years: str, covered: bool) -> None:
    result = year(client, number, claim("1000", "natural_death", membership_years=years))
    assert result["claims"][0]["covered"] is covered
    assert (result["recoveries"] == "0.00") is not covered


def test_accidents_and_disability_are_covered_at_once_and_hospitalization_never(client: TestClient) -> None:
    kinds = ("accidental_death", "permanent_disability", "hospitalization")
    result = year(client, 2005, *(claim("100", kind, membership_years="0") for kind in kinds))
    assert [each["covered"] for each in result["claims"]] == [True, True, False]
    assert result["recoveries"] == "200.00"


@pytest.mark.parametrize(
    ("number", "claims", "recoveries", "limit"),
    [
        (2005, ["3000"] * 37 + ["1500"], "112500.00", "none"),
        (2005, ["3000"] * 37 + ["1500.01"], "112500.00", "annual"),
        (2006, ["3000"] * 75 + ["2777.77"], "204999.99", "none"),
        (2006, ["3000"] * 75 + ["2777.78"], "205000.00", "annual"),
    ],
)
def test_the_limit_of_the_year(client: TestClient, number: int, claims: list[str], recoveries: str, limit: str) -> None:
    result = year(client, number, *map(claim, claims))
    assert (result["recoveries"], result["limit_applied"]) == (recoveries, limit)


def test_both_limits(client: TestClient) -> None:
    result = year(client, 2005, *[claim("5000")] * 40)
    assert (result["recoveries"], result["limit_applied"]) == ("112500.00", "per_risk_and_annual")


@pytest.mark.parametrize(
    ("number", "limit", "offered"),
    [
        (2005, "37499.99", False),
        (2005, "37500", True),
        (2005, "112500", True),
        (2005, "112500.01", False),
        (2006, "205000", True),
        (2006, "205000.01", False),
    ],
)
def test_an_annual_limit_is_between_the_treaty_s_minimum_and_maximum(
    client: TestClient, number: int, limit: str, offered: bool
) -> None:
    body = {"year": number, "gross_premium": "1", "claims": [claim("3000")] * 100, "annual_limit": limit}
    response = post(client, REINSURANCE, body)
    if offered:
        assert float(answer(response)["recoveries"]) == float(limit)
        assert float(answer(response)["annual_limit"]) == float(limit)
    else:
        assert pointers(assert_problem(response, 409, "annual_limit_out_of_range")) == ["/annual_limit"]


@pytest.mark.parametrize(
    ("number", "paid", "refund", "net"),
    [
        (2005, "0", "7600.00", "400.00"),
        (2005, "2000", "5700.00", "300.00"),
        (2005, "3000", "4750.00", "250.00"),
        (2006, "1000", "7770.00", "3330.00"),
    ],
)
def test_what_the_claims_leave_partly_comes_back(
    client: TestClient, number: int, paid: str, refund: str, net: str
) -> None:
    result = year(client, number, claim(paid))
    assert (result["experience_refund"], result["net_cost"]) == (refund, net)


@pytest.mark.parametrize(
    ("gross", "refund", "net"), [("15000.20", "0.04", "0.00"), ("15000", "0.00", "0.00"), ("14999.80", "0.00", "-0.04")]
)
def test_no_refund_where_the_claims_used_the_premium_up(client: TestClient, gross: str, refund: str, net: str) -> None:
    result = year(client, 2005, claim("3000"), gross_premium=gross)
    assert (result["experience_refund"], result["net_cost"]) == (refund, net)


def test_a_what_if_changes_the_treaty(client: TestClient) -> None:
    treaty = {"quota_share": "0.5", "events": {"hospitalization": {}}}
    result = year(client, 2006, claim("1000", "hospitalization"), overrides={"reinsurance": treaty})
    assert (result["recoveries"], result["receipt"]["hypothetical"]) == ("500.00", True)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"claims": [claim("1", "natural_death")]}, "/claims/0"),
        ({"claims": [claim("-1")]}, "/claims/0/amount"),
        ({"claims": [claim("1", "theft")]}, "/claims/0/kind"),
        ({"claims": [claim("1", membership_years="100")]}, "/claims/0/membership_years"),
        ({"claims": [claim("1")] * 501}, "/claims"),
        ({"year": 1899}, "/year"),
        ({"year": 2005.5}, "/year"),
        ({"gross_premium": None}, "/gross_premium"),
    ],
)
def test_what_is_no_year(client: TestClient, body: dict[str, Any], pointer: str) -> None:
    response = post(client, REINSURANCE, {"year": 2005, "gross_premium": "1", "claims": [], **body})
    assert pointers(assert_problem(response, 422, "invalid_request")) == [pointer]
