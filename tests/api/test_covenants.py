"""`POST /v1/mba/covenants`: the limits of sections V and VI, on both sides."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tables.sources import resolve_citation
from tests.api.support import COVENANTS, answer, assert_problem, pointers, post

SOUND: dict[str, Any] = {
    "premium_income": "1000",
    "operating_expenses": "350",
    "commission": "150",
    "invested_funds": "1000",
    "investment_income": "60",
    "members": 100,
    "withdrawals": 10,
    "federation_shares": ["20", "20", "20", "20", "20"],
    "dividend_rate": "0.07",
    "long_term_deposit_rate": "0.05",
}
"""Every figure is exactly at its limit."""


def report(client: TestClient, **figures: Any) -> Any:
    return answer(post(client, COVENANTS, {**figures, "as_of": "2026-12-01"}))


def finding(client: TestClient, covenant: str, **figures: Any) -> Any:
    (found,) = (each for each in report(client, **figures)["findings"] if each["covenant"] == covenant)
    return found


def test_at_its_limit_every_covenant_is_met(client: TestClient) -> None:
    checked = report(client, **SOUND)
    assert checked["verdict"] == "met"
    limits = {each["covenant"]: (each["bound"], each["limit"]) for each in checked["findings"]}
    assert limits == {
        "expense_ratio": ("at_most", "0.350000000000"),
        "commission_ratio": ("at_most", "0.150000000000"),
        "investment_yield": ("at_least", "0.060000000000"),
        "withdrawal_rate": ("at_most", "0.100000000000"),
        "federation_share": ("at_most", "0.200000000000"),
        "dividend_rate": ("at_most", "0.070000000000"),
    }
    for each in checked["findings"]:
        assert (each["finding"], each["actual"], each["margin"]) == ("met", each["limit"], "0.000000000000")
        assert each["missing"] == []
        assert resolve_citation(each["source"])


@pytest.mark.parametrize(
    ("covenant", "figure", "beyond", "within"),
    [
        ("expense_ratio", "operating_expenses", ("350.01", "-0.000010000000"), ("349", "0.001000000000")),
        ("commission_ratio", "commission", ("150.01", "-0.000010000000"), ("149", "0.001000000000")),
        ("investment_yield", "investment_income", ("59.99", "-0.000010000000"), ("61", "0.001000000000")),
        ("withdrawal_rate", "withdrawals", (11, "-0.010000000000"), (9, "0.010000000000")),
        ("dividend_rate", "dividend_rate", ("0.0701", "-0.000100000000"), ("0.069", "0.001000000000")),
        (
            "federation_share",
            "federation_shares",
            (["30", "20", "50"], "-0.300000000000"),
            (["20"] * 4 + ["10", "15"], "0.009523809524"),
        ),
    ],
)
def test_beyond_its_limit_a_covenant_is_not_met_and_by_how_much(
    client: TestClient, covenant: str, figure: str, beyond: tuple[Any, str], within: tuple[Any, str]
) -> None:
    for (value, margin), verdict in ((beyond, "not_met"), (within, "met")):
        figures = {**SOUND, figure: value}
        found = finding(client, covenant, **figures)
        assert (found["finding"], found["margin"]) == (verdict, margin)
        assert report(client, **figures)["verdict"] == verdict


@pytest.mark.parametrize(
    ("left_out", "covenants"),
    [
        ("premium_income", {"expense_ratio", "commission_ratio"}),
        ("operating_expenses", {"expense_ratio"}),
        ("commission", {"commission_ratio"}),
        ("invested_funds", {"investment_yield"}),
        ("investment_income", {"investment_yield"}),
        ("members", {"withdrawal_rate"}),
        ("withdrawals", {"withdrawal_rate"}),
        ("federation_shares", {"federation_share"}),
        ("dividend_rate", {"dividend_rate"}),
        ("long_term_deposit_rate", {"dividend_rate"}),
    ],
)
def test_what_is_missing_is_named_and_leaves_its_covenant_open(
    client: TestClient, left_out: str, covenants: set[str]
) -> None:
    checked = report(client, **{**SOUND, left_out: None})
    assert checked["verdict"] == "not_assessed"
    for each in checked["findings"]:
        if each["covenant"] in covenants:
            assert (each["finding"], each["missing"]) == ("not_assessed", [left_out])
            assert (each["actual"], each["margin"]) == (None, None)
        else:
            assert (each["finding"], each["missing"]) == ("met", [])


def test_the_limit_of_the_dividend_needs_the_deposit_rate_alone(client: TestClient) -> None:
    assert finding(client, "dividend_rate", long_term_deposit_rate="0.05")["limit"] == "0.070000000000"
    assert finding(client, "dividend_rate", dividend_rate="0.05")["limit"] is None


@pytest.mark.parametrize("whole", ["premium_income", "invested_funds", "members"])
def test_a_share_of_nothing_says_nothing(client: TestClient, whole: str) -> None:
    checked = report(client, **{**SOUND, whole: 0})
    assert checked["verdict"] == "not_assessed"
    assert {name for each in checked["findings"] for name in each["missing"]} == {whole}
    empty = finding(client, "federation_share", federation_shares=["0", "0"])
    assert (empty["finding"], empty["missing"]) == ("not_assessed", ["federation_shares"])


def test_not_met_comes_before_not_assessed(client: TestClient) -> None:
    assert report(client)["verdict"] == "not_assessed"
    assert report(client, premium_income=1, operating_expenses=1)["verdict"] == "not_met"


def test_the_paper_s_own_projection_breaks_even_in_year_6(client: TestClient) -> None:
    """Table 11: premium income, operating expenses and commission of years 1, 5 and 6."""
    years = {
        "1": ("36201.83", "67964.00", "5430.27", "not_met"),
        "5": ("180712.89", "90025.06", "27106.93", "not_met"),
        "6": ("289145.57", "98877.51", "43371.83", "met"),
    }
    for premium, expenses, commission, verdict in years.values():
        figures = {"premium_income": premium, "operating_expenses": expenses, "commission": commission}
        assert finding(client, "expense_ratio", **figures)["finding"] == verdict
        assert finding(client, "commission_ratio", **figures)["finding"] == "met"


def test_the_limits_are_the_table_s(client: TestClient) -> None:
    overrides = {"covenants": {"maximum_federation_share": "0.1", "dividend_margin": "0.01"}}
    checked = report(client, **SOUND, overrides=overrides)
    assert {each["covenant"] for each in checked["findings"] if each["finding"] == "not_met"} == {
        "federation_share",
        "dividend_rate",
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("federation_shares", []),
        ("federation_shares", ["1"] * 101),
        ("members", 1.5),
        ("premium_income", "-1"),
        ("dividend_rate", "1.1"),
    ],
)
def test_what_are_no_figures(client: TestClient, field: str, value: Any) -> None:
    response = post(client, COVENANTS, {field: value})
    assert pointers(assert_problem(response, 422, "invalid_request")) == [f"/{field}"]


def test_a_limit_that_is_not_assessed_is_shown_all_the_same(client: TestClient) -> None:
    """Sections V and VI; the limit of the dividend needs the rate of deposits."""
    found = report(client)["findings"]
    shown = {each["covenant"]: (each["bound"], each["limit"], each["source"]) for each in found}
    assert shown == {
        "expense_ratio": ("at_most", "0.350000000000", "suan-2009 §VI"),
        "commission_ratio": ("at_most", "0.150000000000", "suan-2009 §VI"),
        "investment_yield": ("at_least", "0.060000000000", "suan-2009 §VI"),
        "withdrawal_rate": ("at_most", "0.100000000000", "suan-2009 §VI"),
        "federation_share": ("at_most", "0.200000000000", "suan-2009 §V Capitalization"),
        "dividend_rate": ("at_most", None, "suan-2009 §V Capitalization"),
    }
    assert {(each["finding"], each["actual"], each["margin"]) for each in found} == {("not_assessed", None, None)}
    deposits = report(client, long_term_deposit_rate="0.05")["findings"][5]
    assert (deposits["limit"], deposits["missing"]) == ("0.070000000000", ["dividend_rate"])
