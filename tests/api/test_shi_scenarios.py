"""`POST /v1/shi/scenarios`: any benefits combined, the proposed rate and its shares, against fractions."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests import shi_reference
from tests.api.shi import changed, content, few, own
from tests.api.support import AS_OF, SCENARIOS, SICKNESS, answer, assert_problem, pointers, post

CORRECTED = {"sickness_basis": "shi-sickness-basis-corrected"}
SHIPPED = {
    "shi_basis": content("shi-nssf-basis"),
    "maternity_basis": content("shi-maternity-basis"),
    "sickness_basis": content("shi-sickness-basis"),
}
PARTS = ["maternity", "sickness"]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_scenario_is_what_fractions_make_of_the_tables(client: TestClient, number: int) -> None:
    expected = shi_reference.scenario(number, PARTS, SHIPPED, None)
    assert own(client, SCENARIOS, scenario=number) == expected
    mixed = {"medical_option": number, "maternity": True, "sickness": True}
    assert own(client, SCENARIOS, benefits=mixed) == expected


def test_any_benefits_agree_with_the_reference(client: TestClient) -> None:
    @few
    @given(
        st.none() | st.integers(1, 3),
        st.sets(st.sampled_from(PARTS)),
        st.none() | st.integers(0, 100),
        changed("shi-nssf-basis"),
        changed("shi-maternity-basis"),
    )
    def compare(option: int | None, cash: set[str], employer: int | None, medical: Any, maternity: Any) -> None:
        assume(option or cash)
        benefits = {"medical_option": option, **{name: name in cash for name in PARTS}}
        share = {} if employer is None else {"employer_share": f"{employer / 100:.2f}"}
        overrides = {"shi_basis": medical, "maternity_basis": maternity}
        found = own(client, SCENARIOS, benefits=benefits, overrides=overrides, **share)
        assert found == shi_reference.scenario(
            option,
            [name for name in PARTS if name in cash],
            {**SHIPPED, **overrides},
            None if employer is None else Fraction(employer, 100),
        )

    compare()


def test_the_corrected_wage_lowers_scenario_1_s_proposed_rate(client: TestClient) -> None:
    """giz-2012-e4: totals of 3.07, 3.33 and 3.81%; 3.1% is enough for scenario 1."""
    found = [own(client, SCENARIOS, scenario=number, tables=CORRECTED) for number in (1, 2, 3)]
    assert [shi_reference.text(Fraction(each["payg_cost_ratio"]) * 100, 2) for each in found] == [
        "3.07",
        "3.33",
        "3.81",
    ]
    assert [each["contribution_rate"] for each in found] == ["0.031", "0.034", "0.039"]
    assert own(client, SCENARIOS, scenario=1)["contribution_rate"] == "0.032"


def test_a_note_where_sickness_benefits_are_part(client: TestClient) -> None:
    def notes(**body: Any) -> list[str]:
        return [each["code"] for each in answer(post(client, SCENARIOS, {"as_of": AS_OF, **body}))["notes"]]

    assert notes(scenario=1) == notes(benefits={"sickness": True}) == ["giz-2012-e4"]
    assert notes(scenario=1, tables=CORRECTED) == notes(benefits={"medical_option": 1, "maternity": True}) == []


def test_sickness_after_another_wait_is_that_of_its_own_calculator(client: TestClient) -> None:
    (part,) = own(client, SCENARIOS, benefits={"sickness": True, "waiting_days": 7})["parts"]
    alone = own(client, SICKNESS, waiting_days=7)
    assert {name: alone[name] for name in part if name != "benefit"} | {"benefit": "sickness"} == part


@pytest.mark.parametrize(
    ("rate", "proposed"), [("0.032", "0.032"), ("0.03200000000000000001", "0.033"), ("0", "0.000")]
)
def test_the_proposed_rate_is_never_below_the_cost_ratio(client: TestClient, rate: str, proposed: str) -> None:
    """A single woman with an insured wage of a million: the ratio is the incidence."""
    basis = {
        "insured_women": 1,
        "average_annual_wage": "1000000",
        "days_per_year": 1,
        "replacement_rate": "1",
        "benefit_days": "1",
        "incidence_rate": rate,
        "qualifying_share": "1",
        "administration_rate": "0",
        "financing": {"insured_earnings": "1", "density": "1", "collection_rate": "1"},
    }
    found = own(
        client, SCENARIOS, benefits={"maternity": True}, overrides={"maternity_basis": basis}, employer_share="0.25"
    )
    assert found["contribution_rate"] == proposed
    shares = {name: Fraction(share) for name, share in found["contribution_shares"].items()}
    assert shares == {"employer": Fraction(proposed) / 4, "worker": Fraction(proposed) * 3 / 4}


def test_another_scenario_by_what_if(client: TestClient) -> None:
    scenarios = {"shi_basis": {"scenarios": {"scenario_2": {"medical_option": "option_3", "sickness": False}}}}
    found = own(client, SCENARIOS, scenario=2, overrides=scenarios)
    assert found == own(client, SCENARIOS, benefits={"medical_option": 3, "maternity": True})


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"scenario": 1, "benefits": {"maternity": True}}, ""),
        ({"scenario": 4}, "/scenario"),
        ({"scenario": "1"}, "/scenario"),
        ({"benefits": {"maternity": 1}}, "/benefits/maternity"),
        ({"benefits": {"medical_option": 0}}, "/benefits/medical_option"),
        ({"benefits": {"waiting_days": 366}}, "/benefits/waiting_days"),
        ({"scenario": 1, "employer_share": "1.01"}, "/employer_share"),
    ],
)
def test_what_is_no_combination(client: TestClient, body: Any, pointer: str) -> None:
    assert pointers(assert_problem(post(client, SCENARIOS, body), 422, "invalid_request")) == [pointer]


def test_the_erratum_s_size_is_in_the_scenarios_too(client: TestClient) -> None:
    (e4,) = (each for each in answer(client.get("/v1/errata"))["errata"] if each["code"] == "giz-2012-e4")
    rates = {
        each["request"]: (each["published"], each["corrected"])
        for each in e4["figures"]
        if each["pointer"] == "/contribution_rate"
    }
    assert rates == {'{"scenario":1}': ("0.032", "0.031")}
