"""`POST /v1/shi/pilot`: claims ratio, adverse selection and premiums of HIP, in fractions from the table."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from starlette.testclient import TestClient

from tests.api.shi import changed, content, few, own
from tests.api.support import AS_OF, PILOT, answer, assert_problem, post
from tests.shi_reference import exact, frac, text


def expected(basis: Any) -> dict[str, Any]:
    """Selection, claims ratio and premiums, and what they come from."""
    kinds = ("voluntary", "mandatory")
    persons = {kind: {sex: frac(basis[kind]["contributors"][sex]) for sex in ("male", "female")} for kind in kinds}
    volume = {
        (kind, care, sex): persons[kind][sex] * frac(basis[kind][care][sex])
        for kind in kinds
        for care in ("outpatient", "inpatient")
        for sex in ("male", "female")
    }
    sexes = ("female", "male")
    everybody = sum((sum(each.values(), Fraction(0)) for each in persons.values()), Fraction(0))
    rate = {
        (kind, care): (volume[kind, care, "male"] + volume[kind, care, "female"]) / sum(persons[kind].values())
        for kind in kinds
        for care in ("outpatient", "inpatient")
    }
    per_head = {}
    for care in ("outpatient", "inpatient"):
        fees, share = basis["fees"][care], frac(basis["national_hospital_shares"][care])
        cost = (1 - share) * frac(fees["health_centre"]) + share * frac(fees["national_hospital"])
        used = sum((amount for (_, which, _), amount in volume.items() if which == care), Fraction(0))
        per_head[care] = used / everybody * cost
    paid = {name: frac(each) for name, each in basis["experience"].items() if name != "services"}
    income = paid.pop("contribution_income")
    other = (paid["drugs_and_supplies"] + paid["transport"]) / everybody
    pure = (sum(per_head.values()) + other) / basis["months_per_year"]
    loaded, charged = pure * (1 + frac(basis["administration_rate"])), frac(basis["monthly_premium"])
    margin = exact(abs(1 - loaded / charged))
    return {
        "claims_ratio": exact(sum(paid.values(), Fraction(0)) / income),
        "benefit_expenditure": exact(Fraction(sum(paid.values()))),
        "care_per_head": {care: exact(each) for care, each in per_head.items()},
        "other_per_head": exact(other),
        "pure_premium": exact(pure),
        "loaded_premium": exact(loaded),
        "charged_premium": exact(charged),
        "margin": f"-{margin}" if loaded > charged and float(margin) else margin,
        "services_by_rates": {
            care: {
                **{sex: exact(sum((volume[kind, care, sex] for kind in kinds), Fraction(0))) for sex in sexes},
                "total": exact(sum((volume[kind, care, sex] for kind in kinds for sex in sexes), Fraction(0))),
            }
            for care in ("outpatient", "inpatient")
        },
        "adverse_selection": {
            care: {
                **{
                    sex: exact(frac(basis["voluntary"][care][sex]) / frac(basis["mandatory"][care][sex]))
                    for sex in ("female", "male")
                },
                "total": exact(rate["voluntary", care] / rate["mandatory", care]),
            }
            for care in ("outpatient", "inpatient")
        },
    }


def agrees(found: Any, basis: Any) -> None:
    wanted = expected(basis)
    assert {name: found[name] for name in wanted} == wanted


def test_the_pilot_is_what_fractions_make_of_the_table(client: TestClient) -> None:
    agrees(own(client, PILOT), content("hip-basis"))


def test_random_bases_agree_with_the_reference(client: TestClient) -> None:
    @few
    @given(changed("hip-basis"))
    def compare(basis: Any) -> None:
        basis["experience"]["services"].pop("erratum")
        agrees(own(client, PILOT, overrides={"hip_basis": basis}), basis)

    compare()


def test_voluntary_members_use_more_outpatient_care(client: TestClient) -> None:
    """Women 1.90 times, men 1.54, all 1.81; the claims ratio is 73.9%."""
    found = own(client, PILOT)
    ratios = found["adverse_selection"]["outpatient"]
    assert {sex: text(Fraction(each), 2) for sex, each in ratios.items()} == {
        "female": "1.90",
        "male": "1.54",
        "total": "1.81",
    }
    assert text(Fraction(found["claims_ratio"]) * 100, 1) == "73.9"
    assert Fraction(found["pure_premium"]) < Fraction(found["loaded_premium"]) < Fraction(found["charged_premium"])
    assert found["charged_premium"] == "1.600000000000"


def test_admissions_of_men_are_within_what_the_printed_rates_leave(client: TestClient) -> None:
    """Table A.4 prints 0.058; its own 0.051 and 0.073 give 0.0588, and half a digit less of each 0.0583."""
    least = {kind: {"inpatient": {"male": rate}} for kind, rate in (("voluntary", "0.0505"), ("mandatory", "0.0725"))}
    found = own(client, PILOT, overrides={"hip_basis": least})
    assert text(Fraction(found["everybody"]["inpatient"]["male"]), 3) == "0.058"


def test_the_counted_services_are_noted(client: TestClient) -> None:
    found = answer(post(client, PILOT, {"as_of": AS_OF}))
    assert [each["code"] for each in found["notes"]] == ["giz-2012-e24"]


@pytest.mark.parametrize("patch", [{"monthly_premium": "0"}, {"mandatory": {"outpatient": {"male": "0"}}}])
def test_a_what_if_must_be_a_valid_basis(client: TestClient, patch: Any) -> None:
    assert_problem(post(client, PILOT, {"overrides": {"hip_basis": patch}}), 409, "override_invalid")
