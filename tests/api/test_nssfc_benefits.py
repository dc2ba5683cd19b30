"""`POST /v1/nssfc/benefits`: a year, one's own beneficiaries, what is refused."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.api.shi import content, few, own
from tests.api.support import AS_OF, NSSFC_BENEFITS, answer, assert_problem, pointers, post
from tests.shi_reference import million

TABLE = content("nssfc-benefits")
MONTHLY = {
    *("pension", "cost_of_living_allowance", "invalidity_pension", "invalidity_cost_of_living_allowance"),
    *(
        f"{who}_of_{whom}"
        for who in ("widow", "orphan")
        for whom in ("civil_servant_or_age_pensioner", "invalidity_pensioner")
    ),
}


def test_what_is_paid_monthly_is_paid_twelve_times(client: TestClient) -> None:
    assert {kind for kind, each in TABLE["amounts"].items() if each["payments_per_year"] == 12} == MONTHLY
    assert {each["payments_per_year"] for each in TABLE["amounts"].values()} == {1, 12}


def test_beneficiaries_of_one_s_own(client: TestClient) -> None:
    kinds = sorted(TABLE["amounts"])

    @few
    @given(st.dictionaries(st.sampled_from(kinds), st.integers(0, 100_000_000)), st.none() | st.integers(0, 10**9))
    def compare(persons: dict[str, int], death: int | None) -> None:
        body = {} if death is None else {"death_benefits": death}
        found = own(client, NSSFC_BENEFITS, beneficiaries=persons, **body)
        spent = {
            kind: Fraction(persons.get(kind, 0) * int(each["amount"]) * each["payments_per_year"], 10**6)
            for kind, each in TABLE["amounts"].items()
        }
        assert {kind: found["expenditure"][kind] for kind in spent} == {k: million(v) for k, v in spent.items()}
        assert found["expenditure"]["total"] == million(sum(spent.values()) + Fraction(death or 0))
        assert found["expenditure"]["death_benefits"] == million(Fraction(death or 0))
        assert {kind: found["beneficiaries"][kind] for kind in kinds} == {kind: persons.get(kind, 0) for kind in kinds}

    compare()


def test_a_year_is_its_own_beneficiaries(client: TestClient) -> None:
    of_2008 = TABLE["years"]["2008"]
    asked = own(client, NSSFC_BENEFITS, year=2008)
    assert asked == own(client, NSSFC_BENEFITS, **of_2008)
    groups = ("retirement_benefits", "survivor_benefits", "invalidity_benefits", "death_benefits")
    alone = ("maternity_grant", "work_injury")
    assert Fraction(asked["expenditure"]["total"]) == sum(
        Fraction(asked["expenditure"][name]) for name in (*groups, *alone)
    )


@pytest.mark.parametrize("year", [1999, 2006, 2011])
def test_a_year_without_figures_is_refused(client: TestClient, year: int) -> None:
    response = post(client, NSSFC_BENEFITS, {"year": year})
    assert pointers(assert_problem(response, 409, "year_not_covered")) == ["/year"]
    assert "2007 to 2010" in response.json()["detail"]


def test_a_year_by_what_if(client: TestClient) -> None:
    later = {"nssfc_benefits": {"years": {"2011": TABLE["years"]["2010"]}}}
    assert own(client, NSSFC_BENEFITS, year=2011, overrides=later) == own(client, NSSFC_BENEFITS, year=2010)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"year": 2007, "beneficiaries": {}}, ""),
        ({"year": 2007, "death_benefits": "1"}, ""),
        ({"death_benefits": "1"}, ""),
        ({"year": "2007"}, "/year"),
        ({"beneficiaries": {"pension": -1}}, "/beneficiaries/pension"),
        ({"beneficiaries": {"pensions": 1}}, "/beneficiaries"),
    ],
)
def test_what_is_no_question(client: TestClient, body: Any, pointer: str) -> None:
    assert pointers(assert_problem(post(client, NSSFC_BENEFITS, body), 422, "invalid_request")) == [pointer]


def test_the_explanation_adds_up_every_kind(client: TestClient) -> None:
    found = answer(post(client, NSSFC_BENEFITS, {"year": 2007, "as_of": AS_OF, "explain": True}))
    root = found["explanation"]
    assert million(Fraction(root["value"])) == found["expenditure"]["total"]
    assert len(root["steps"]) == len(TABLE["amounts"])
