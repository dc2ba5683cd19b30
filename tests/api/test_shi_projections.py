"""`POST /v1/shi/projections`: against fractions; the printed ratios, and the least rate that keeps the reserve."""

import csv
import io
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests import shi_reference
from tests.api.shi import content, few, own
from tests.api.support import (
    AS_OF,
    CIVIL_SERVANTS,
    SCENARIOS,
    SHI_PROJECTIONS,
    answer,
    assert_problem,
    pointers,
    post,
    rounded,
)

CONTENTS = {
    "shi_basis": content("shi-nssf-basis"),
    "maternity_basis": content("shi-maternity-basis"),
    "sickness_basis": content("shi-sickness-basis"),
    "nssfc_basis": content("shi-nssfc-basis"),
}
NSSF, NSSFC = 93759 + 386687, 114709 + 60316 + 24589 + 6147 + 4274 + 1069
SCHEMES: list[tuple[dict[str, Any], int]] = [
    ({"benefits": {"medical_option": 2}}, NSSF),
    ({"benefits": {"maternity": True, "sickness": True}}, NSSF),
    *(({"scenario": number}, NSSF) for number in (1, 2, 3)),
    ({"civil_servants": {}}, NSSFC),
    ({"civil_servants": {"contribution_base": "full", "co_payment": {"outpatient": "0.25"}}}, NSSFC),
]
PLACES = {"members": 12, "payg_cost_ratio": 12}
"""Of a year's fields; the amounts have 6."""


def shown(value: Any, places: int) -> Any:
    """A fraction as an answer writes it."""
    if not isinstance(value, Fraction):
        return value
    whole = shi_reference.text(abs(value), places)
    return whole if value >= 0 or not Decimal(whole) else f"-{whole}"


def assert_is(found: Any, expected: dict[str, Any]) -> None:
    """That an answer has the reference's figures."""
    rates = {"contribution_rate": 12, "level_contribution_rate": 12, "proposed_contribution_rate": 3}
    for name, places in rates.items():
        assert found[name] == shown(expected[name], places)
    assert found["deciding_year"] == expected["deciding_year"]
    for year, of_year in zip(found["years"], expected["years"], strict=True):
        assert {name: year[name] for name in of_year} == {
            name: shown(value, PLACES.get(name, 6)) for name, value in of_year.items()
        }


@st.composite
def questions(draw: st.DrawFn) -> tuple[dict[str, Any], int]:
    scheme, members = draw(st.sampled_from(SCHEMES))
    body: dict[str, Any] = {**scheme, "years": draw(st.integers(1, 20))}
    changes = st.integers(-150, 150).map(lambda thousandths: f"{thousandths / 1000:.3f}")
    for name in ("members", "wages", "unit_cost", "utilisation", "incidence"):
        body[f"{name}_growth"] = draw(changes)
    body["collection_growth"] = draw(st.sampled_from(["0", "-0.01", "-0.125"]))
    if draw(st.booleans()):
        body["contribution_rate"] = f"{draw(st.integers(0, 100)) / 1000:.3f}"
    body["initial_reserve"] = str(draw(st.sampled_from([0, 1000, 500_000])))
    body["interest_rate"] = f"{draw(st.integers(0, 120)) / 1000:.3f}"
    body["reserve_months"] = draw(st.integers(0, 24))
    body["reserve_at"] = draw(st.sampled_from(["every_year", "last_year"]))
    return body, members


def test_any_projection_agrees_with_the_reference(client: TestClient) -> None:
    @few
    @given(questions())
    def compare(asked: tuple[dict[str, Any], int]) -> None:
        body, members = asked
        assert_is(own(client, SHI_PROJECTIONS, **body), shi_reference.projection(body, CONTENTS, Fraction(members)))

    compare()


def test_the_level_rate_is_enough_and_a_hair_less_is_not(client: TestClient) -> None:
    @few
    @given(questions())
    def check(asked: tuple[dict[str, Any], int]) -> None:
        body = {name: value for name, value in asked[0].items() if name != "contribution_rate"}
        found = own(client, SHI_PROJECTIONS, **body)
        assert all(Fraction(year["shortfall"]) == 0 for year in found["years"])
        deciding = found["deciding_year"]
        if deciding is None:
            assert Fraction(found["level_contribution_rate"]) == 0
            return
        decided = found["years"][deciding - 1]
        assert decided["reserve"] == decided["required_reserve"]
        less = Fraction(found["level_contribution_rate"]) - Fraction(1, 10**7)
        if less < 0 or less > 1:
            return
        short = own(client, SHI_PROJECTIONS, **body, contribution_rate=shi_reference.exact(less))
        assert Fraction(short["years"][deciding - 1]["shortfall"]) > 0

    check()


@pytest.mark.parametrize(("scheme", "members"), SCHEMES)
def test_without_any_change_every_year_is_the_first(client: TestClient, scheme: dict[str, Any], members: int) -> None:
    found = own(client, SHI_PROJECTIONS, **scheme, years=20)
    static = shi_reference.exact(shi_reference.cost_ratio(scheme, CONTENTS))
    assert {year["payg_cost_ratio"] for year in found["years"]} == {static} == {found["level_contribution_rate"]}
    assert {year["expenditure"] for year in found["years"]} == {year["contributions"] for year in found["years"]}
    assert found["deciding_year"] == 1
    assert [year["calendar_year"] for year in found["years"]] == list(range(2010, 2030))
    assert [year["year"] for year in found["years"]] == list(range(1, 21))
    assert {Fraction(year["reserve"]) for year in found["years"]} == {0}


def test_the_first_year_is_that_of_the_table_in_force(client: TestClient) -> None:
    found = own(client, SHI_PROJECTIONS, scenario=1, years=2)
    assert [year["calendar_year"] for year in found["years"]] == [2010, 2011]
    static = own(client, SCENARIOS, scenario=1)
    first = found["years"][0]
    assert (first["expenditure"], first["payg_cost_ratio"]) == (static["total_expenditure"], static["payg_cost_ratio"])
    assert found["proposed_contribution_rate"] == static["contribution_rate"]
    public = own(client, CIVIL_SERVANTS, co_payment={"inpatient": "0.1"})
    asked = {"contribution_base": "full", "co_payment": {"inpatient": "0.1"}}
    first = own(client, SHI_PROJECTIONS, civil_servants=asked, years=1)["years"][0]
    assert first["expenditure"] == public["expenditure"]["total"]
    assert first["payg_cost_ratio"] == public["payg_cost_ratio"]["full"]


def test_another_table_gives_other_years(client: TestClient) -> None:
    body = {"scenario": 1, "years": 4, "wages_growth": "0.03"}
    corrected = {"sickness_basis": content("shi-sickness-basis-corrected")}
    pinned = own(client, SHI_PROJECTIONS, **body, tables={"sickness_basis": "shi-sickness-basis-corrected"})
    assert_is(pinned, shi_reference.projection(body, CONTENTS | corrected, Fraction(NSSF)))
    patch: dict[str, Any] = {"insured": {"male": 100000}, "financing": {"density": "0.5"}}
    basis = CONTENTS["shi_basis"]
    basis = basis | {
        "insured": basis["insured"] | patch["insured"],
        "financing": basis["financing"] | patch["financing"],
    }
    found = own(client, SHI_PROJECTIONS, **body, overrides={"shi_basis": patch})
    assert_is(found, shi_reference.projection(body, CONTENTS | {"shi_basis": basis}, Fraction(100000 + 386687)))


def test_what_costs_nothing_needs_nothing(client: TestClient) -> None:
    body = {"benefits": {"maternity": True}, "overrides": {"maternity_basis": {"incidence_rate": "0"}}}
    found = own(client, SHI_PROJECTIONS, **body, years=2, contribution_rate="0.01", initial_reserve="7")
    assert (found["level_contribution_rate"], found["deciding_year"]) == ("0.000000000000", None)
    # 1% of 2,571,474 million, collected at 95% with the density of medical benefits, 0.8.
    assert [year["contributions"] for year in found["years"]] == ["19543.202400"] * 2
    assert [year["reserve"] for year in found["years"]] == ["19550.202400", "39093.404800"]


def test_as_csv_it_is_one_line_a_year(client: TestClient) -> None:
    body = {"as_of": AS_OF, "scenario": 2, "years": 3, "members_growth": "0.1"}
    years = answer(post(client, SHI_PROJECTIONS, body))["years"]
    response = post(client, SHI_PROJECTIONS, body, accept="text/csv")
    lines = list(csv.DictReader(io.StringIO(response.text)))
    assert lines == [{name: str(value) for name, value in year.items()} for year in years]


def test_its_explanation_has_the_first_year_and_the_level_rate(client: TestClient) -> None:
    body = {"as_of": AS_OF, "scenario": 1, "years": 2, "reserve_months": 3, "explain": True}
    found = answer(post(client, SHI_PROJECTIONS, body))
    whole = found["explanation"]
    assert rounded(whole["value"], 12) == found["level_contribution_rate"]
    names = [step["name"] for step in whole["steps"]]
    assert names[0] == "scenario_costs"
    assert {"level_contribution_rate", "grown", "required_reserve", "reserve_at_end"} <= set(names)


@pytest.mark.parametrize(
    ("body", "notes"),
    [
        ({"scenario": 1}, ["giz-2012-e4"]),
        ({"benefits": {"medical_option": 1}}, []),
        ({"civil_servants": {}}, ["giz-2012-e7", "giz-2012-e21"]),
        ({"civil_servants": {"contribution_base": "full"}}, ["giz-2012-e7"]),
    ],
)
def test_a_published_mistake_is_noted_where_it_is_used(
    client: TestClient, body: dict[str, Any], notes: list[str]
) -> None:
    found = answer(post(client, SHI_PROJECTIONS, {"as_of": AS_OF, "years": 1, **body}))
    assert [each["code"] for each in found["notes"]] == notes


def test_more_than_all_is_not_collected(client: TestClient) -> None:
    body = {"as_of": AS_OF, "scenario": 1, "collection_growth": "0.026"}
    assert own(client, SHI_PROJECTIONS, **body, years=2)["years"][1]["collection_rate"] == "0.974700000000"
    (error,) = assert_problem(post(client, SHI_PROJECTIONS, {**body, "years": 3}), 409, "collection_above_all")
    assert error == {
        "pointer": "/collection_growth",
        "detail": "In year 3 more contributions would be collected than are due: 1.0000422 times as many.",
    }
    exactly = {"shi_basis": {"financing": {"collection_rate": "0.8"}}}
    asked = {"benefits": {"medical_option": 1}, "years": 2, "collection_growth": "0.25", "overrides": exactly}
    assert own(client, SHI_PROJECTIONS, **asked)["years"][1]["collection_rate"] == "1.000000000000"


def test_the_collection_shown_is_the_highest_of_the_benefits(client: TestClient) -> None:
    better = {"maternity_basis": {"financing": {"collection_rate": "0.99"}}}
    for benefits, rate in (
        ({"maternity": True}, "0.99"),
        ({"maternity": True, "sickness": True}, "0.99"),
        ({"sickness": True, "medical_option": 1}, "0.95"),
    ):
        found = own(client, SHI_PROJECTIONS, benefits=benefits, years=1, overrides=better)
        assert Fraction(found["years"][0]["collection_rate"]) == Fraction(rate)
    (public,) = own(client, SHI_PROJECTIONS, civil_servants={}, years=1)["years"]
    assert public["collection_rate"] == "1.000000000000"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"scenario": 1}, "/years"),
        ({"scenario": 1, "years": 0}, "/years"),
        ({"scenario": 1, "years": 21}, "/years"),
        ({"years": 1}, ""),
        ({"scenario": 1, "years": 1, "members_growth": -1}, "/members_growth"),
        ({"scenario": 1, "years": 1, "wages_growth": 1}, "/wages_growth"),
        ({"scenario": 1, "years": 1, "reserve_months": 121}, "/reserve_months"),
        ({"scenario": 1, "years": 1, "reserve_at": "never"}, "/reserve_at"),
        ({"scenario": 1, "years": 1, "interest_rate": 1}, "/interest_rate"),
        ({"scenario": 1, "years": 1, "initial_reserve": -1}, "/initial_reserve"),
        ({"scenario": 1, "years": 1, "contribution_rate": "1.1"}, "/contribution_rate"),
    ],
)
def test_what_is_no_question(client: TestClient, body: dict[str, Any], pointer: str) -> None:
    assert pointers(assert_problem(post(client, SHI_PROJECTIONS, body), 422, "invalid_request")) == [pointer]
