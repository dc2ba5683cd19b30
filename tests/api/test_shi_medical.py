"""`POST /v1/shi/medical-costs`: against fractions, what-ifs, refusals."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests import shi_reference
from tests.api.shi import changed, content, few, own
from tests.api.support import AS_OF, MEDICAL_COSTS, answer, assert_problem, pointers, post


@pytest.mark.parametrize("option", [1, 2, 3])
def test_an_option_is_what_fractions_make_of_the_table(client: TestClient, option: int) -> None:
    assert own(client, MEDICAL_COSTS, option=option) == shi_reference.medical(option, content("shi-nssf-basis"))


def test_random_bases_agree_with_the_reference(client: TestClient) -> None:
    @few
    @given(st.integers(1, 3), changed("shi-nssf-basis"))
    def compare(option: int, basis: Any) -> None:
        found = own(client, MEDICAL_COSTS, option=option, overrides={"shi_basis": basis})
        assert found == shi_reference.medical(option, basis)

    compare()


def test_the_same_question_has_the_same_answer_and_no_note(client: TestClient) -> None:
    first, second = (answer(post(client, MEDICAL_COSTS, {"option": 3, "as_of": AS_OF})) for _ in range(2))
    assert first == second
    assert first["notes"] == []
    assert first["receipt"]["tables"] == {"shi_basis": "shi-nssf-basis@1"}


def test_half_the_collection_is_twice_the_ratio(client: TestClient) -> None:
    half = {"shi_basis": {"financing": {"collection_rate": "0.475"}}}
    assert own(client, MEDICAL_COSTS, option=1, overrides=half)["payg_cost_ratio"] == "0.031108046785"


@pytest.mark.parametrize("option", [0, 4, "1", 1.5, None, True])
def test_there_are_three_options(client: TestClient, option: Any) -> None:
    problem = assert_problem(post(client, MEDICAL_COSTS, {"option": option}), 422, "invalid_request")
    assert pointers(problem) == ["/option"]


def test_before_2010_there_is_no_basis(client: TestClient) -> None:
    response = post(client, MEDICAL_COSTS, {"option": 1, "as_of": "2009-12-31"})
    assert pointers(assert_problem(response, 409, "no_coverage")) == ["/as_of"]


@pytest.mark.parametrize(
    "patch",
    [
        {"insured": {"male": 0}},
        {"financing": {"density": "0"}},
        {"financing": {"insured_earnings": "0"}},
        {"options": {"option_4": {}}},
        {"options": {"option_1": {"dependants": "yes"}}},
        {"boys_share": "1.1"},
    ],
)
def test_a_what_if_must_be_a_valid_basis(client: TestClient, patch: Any) -> None:
    response = post(client, MEDICAL_COSTS, {"option": 1, "overrides": {"shi_basis": patch}})
    assert_problem(response, 409, "override_invalid")


def test_an_amount_beyond_thirty_digits_is_refused(client: TestClient) -> None:
    dear = {"exchange_rate": "999999999999", "fees": {"outpatient": {"national_hospital": "999999999999"}}}
    response = post(client, MEDICAL_COSTS, {"option": 3, "overrides": {"shi_basis": dear}})
    assert_problem(response, 409, "amount_too_large")
