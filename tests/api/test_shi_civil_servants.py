"""`POST /v1/shi/civil-servants`: both bases, both readings, who pays, co-payments; against fractions."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests import shi_reference
from tests.api.shi import changed, content, few, own
from tests.api.support import AS_OF, CIVIL_SERVANTS, answer, assert_problem, pointers, post

CORRECTED = {"nssfc_basis": "shi-nssfc-basis-corrected"}
NOTHING = {"outpatient": Fraction(0), "inpatient": Fraction(0)}
HALF = Fraction(1, 2)


@pytest.mark.parametrize("table", ["shi-nssfc-basis", "shi-nssfc-basis-corrected"])
def test_the_scheme_is_what_fractions_make_of_the_table(client: TestClient, table: str) -> None:
    found = own(client, CIVIL_SERVANTS, tables={"nssfc_basis": table})
    assert found == shi_reference.civil_servants(content(table), HALF, NOTHING, None)


@st.composite
def bases(draw: st.DrawFn) -> Any:
    basis = draw(changed("shi-nssfc-basis"))
    basis["minimum_government_share"] = "0.3"
    basis["contribution_base"]["pensions"].pop("erratum")
    for each in basis["costed_shares"].values():
        each.pop("erratum")
    return basis


def test_random_bases_agree_with_the_reference(client: TestClient) -> None:
    percents = st.integers(0, 100)

    @few
    @given(
        bases(),
        st.integers(30, 100),
        st.tuples(percents, percents),
        st.none() | st.tuples(st.integers(0, 4), st.integers(0, 5)),
    )
    def compare(basis: Any, share: int, copaid: tuple[int, int], years: tuple[int, int] | None) -> None:
        by_care = dict(zip(("outpatient", "inpatient"), copaid, strict=True))
        body: dict[str, Any] = {
            "government_share": f"{share / 100:.2f}",
            "co_payment": {kind: f"{percent / 100:.2f}" for kind, percent in by_care.items()},
        }
        if years is not None:
            body["transition"] = {"full_subsidy_years": years[0], "phase_out_years": years[1]}
        found = own(client, CIVIL_SERVANTS, overrides={"nssfc_basis": basis}, **body)
        copayments = {kind: Fraction(percent, 100) for kind, percent in by_care.items()}
        assert found == shi_reference.civil_servants(basis, Fraction(share, 100), copayments, years)

    compare()


def test_the_corrected_shares_cost_7_86_and_4_26_per_cent(client: TestClient) -> None:
    """giz-2012-e7."""
    found = own(client, CIVIL_SERVANTS, tables=CORRECTED)
    ratios = {base: shi_reference.text(Fraction(ratio) * 100, 2) for base, ratio in found["payg_cost_ratio"].items()}
    assert ratios == {"basic": "7.86", "full": "4.26"}
    assert found["unit_costs_khr"] == found["stated_unit_costs_khr"]


def test_the_published_cells_are_noted(client: TestClient) -> None:
    def notes(**body: Any) -> list[str]:
        return [each["code"] for each in answer(post(client, CIVIL_SERVANTS, {"as_of": AS_OF, **body}))["notes"]]

    assert notes() == ["giz-2012-e7", "giz-2012-e21"]
    assert notes(tables=CORRECTED) == ["giz-2012-e21"]
    pensions = {"nssfc_basis": {"contribution_base": {"pensions": {"amount": "16030"}}}}
    assert notes(tables=CORRECTED, overrides=pensions) == []


def test_the_subsidy_is_phased_out(client: TestClient) -> None:
    found = own(
        client,
        CIVIL_SERVANTS,
        government_share="0.6",
        transition={"full_subsidy_years": 2, "phase_out_years": 4},
    )
    shares = [each["government_share"][:4] for each in found["transition"]]
    assert shares == ["1.00", "1.00", "0.90", "0.80", "0.70", "0.60"]
    assert [each["year"] for each in found["transition"]] == [1, 2, 3, 4, 5, 6]
    assert found["transition"][-1]["members"] == found["sharing"]["members"]
    at_once = own(client, CIVIL_SERVANTS, transition={"full_subsidy_years": 0, "phase_out_years": 0})
    assert [each["government_share"][:4] for each in at_once["transition"]] == ["0.50"]


def test_a_co_payment_lowers_what_the_scheme_pays(client: TestClient) -> None:
    without, half = (own(client, CIVIL_SERVANTS, **body) for body in ({}, {"co_payment": {"inpatient": "0.5"}}))
    assert without["co_payments"] == "0.000000"
    assert half["co_payments"] == half["expenditure"]["inpatient"]
    assert half["expenditure"]["outpatient"] == without["expenditure"]["outpatient"]
    assert half["services"] == without["services"]
    assert Fraction(half["payg_cost_ratio"]["basic"]) < Fraction(without["payg_cost_ratio"]["basic"])


@pytest.mark.parametrize(("share", "is_enough"), [("0.49999", False), ("0.5", True), ("1", True)])
def test_the_government_pays_at_least_half(client: TestClient, share: str, *, is_enough: bool) -> None:
    response = post(client, CIVIL_SERVANTS, {"government_share": share})
    if is_enough:
        assert Fraction(answer(response)["sharing"]["government_share"]) == Fraction(share)
    else:
        assert pointers(assert_problem(response, 409, "government_share_too_low")) == ["/government_share"]
        assert "at least 50%" in response.json()["detail"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"government_share": "1.1"}, "/government_share"),
        ({"co_payment": {"inpatient": "-0.1"}}, "/co_payment/inpatient"),
        ({"co_payment": {"surgery": "0.1"}}, "/co_payment"),
        ({"transition": {"full_subsidy_years": 41, "phase_out_years": 0}}, "/transition/full_subsidy_years"),
        ({"transition": {"full_subsidy_years": 1}}, "/transition/phase_out_years"),
    ],
)
def test_what_is_no_question(client: TestClient, body: Any, pointer: str) -> None:
    assert pointers(assert_problem(post(client, CIVIL_SERVANTS, body), 422, "invalid_request")) == [pointer]


def test_the_explanation_is_the_basic_ratio(client: TestClient) -> None:
    found = answer(post(client, CIVIL_SERVANTS, {"as_of": AS_OF, "explain": True}))
    root = found["explanation"]
    assert shi_reference.exact(Fraction(root["value"])) == found["payg_cost_ratio"]["basic"]
    assert [step["value"] for step in root["steps"] if step["name"] == "unit_cost"] == [
        "2.25",
        "56.65",
        "2.125",
        "50.5",
    ]


def test_the_erratum_s_size_is_computed(client: TestClient) -> None:
    (e7,) = (each for each in answer(client.get("/v1/errata"))["errata"] if each["code"] == "giz-2012-e7")
    figures = {each["pointer"]: (each["published"], each["corrected"]) for each in e7["figures"]}
    published, corrected = own(client, CIVIL_SERVANTS), own(client, CIVIL_SERVANTS, tables=CORRECTED)
    for base in ("basic", "full"):
        both = (published["payg_cost_ratio"][base], corrected["payg_cost_ratio"][base])
        assert figures[f"/payg_cost_ratio/{base}"] == both
    assert not any(pointer.startswith(("/civil_servants", "/stated")) for pointer in figures)
