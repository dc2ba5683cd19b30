"""Random claims and years of reinsurance against an independent implementation in exact fractions."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests import reference_claims as reference
from tests.api.generators import PACKAGES, Body, broad, decimals
from tests.api.support import DEATH, DISABILITY, HOSPITALIZATION, REINSURANCE, answer, assert_problem, post
from tests.reference import half_up

AGES = st.integers(0, 80) | st.sampled_from([0, 1, 14, 15, 64, 65, 66, 75, 76])
INSURED_AGES = st.integers(1, 75)
MONTHS = st.integers(0, 30) | st.sampled_from([0, 5, 6, 11, 12, 13, 23, 24])
CIRCUMSTANCES = st.sampled_from(
    ("suicide", "hunting", "motor_race", "contagious_disease", "illegal_activity", "act_against_state",
     "wilful_accident")
)  # fmt: skip
LOSSES = st.lists(st.sampled_from(sorted(reference.PERCENT)), min_size=1, max_size=5)
KINDS = ("natural_death", "accidental_death", "permanent_disability", "hospitalization")

deaths = st.fixed_dictionaries(
    {
        "package": PACKAGES,
        "age": AGES,
        "cause": st.sampled_from(["natural", "accident"]),
        "months_paid": MONTHS,
    },
    optional={
        "disability_benefit_paid": decimals("700000", 2),
        "circumstance": st.none() | st.none() | CIRCUMSTANCES,
    },
)
disabilities = st.fixed_dictionaries(
    {"package": PACKAGES, "age": AGES | INSURED_AGES, "losses": LOSSES},
    optional={"cause": st.sampled_from(["accident", "accident", "illness"])},
)
stays = st.fixed_dictionaries(
    {
        "package": PACKAGES,
        "age": INSURED_AGES | INSURED_AGES | AGES,
        "days": st.integers(1, 20) | st.integers(0, 20),
        "months_of_membership": st.integers(4, 40),
        "months_paid": st.integers(0, 12) | st.integers(0, 13),
        "regular": st.booleans(),
    },
    optional={
        "months_since_last_claim": st.none() | st.integers(10, 30),
        "same_event": st.none() | st.booleans(),
        "months_since_same_event": st.none() | st.integers(10, 30),
        "accident": st.none() | st.booleans(),
        "event": st.none() | st.none() | st.sampled_from(["illness", "accident", "pregnancy", "miscarriage"]),
    },
)


def decided(client: TestClient, path: str, body: Body, expected: reference.Decided) -> str:
    """Assert that a claim is decided as the reference does; the reason."""
    response = post(client, path, {"as_of": "2026-12-01", **body})
    if expected == reference.IMPOSSIBLE:
        assert_problem(response, 409, "impossible_claim")
        return "impossible_claim"
    claim = answer(response)
    assert (claim["decision"], claim["reason"]) == (expected.decision, expected.reason)
    assert claim["benefit"] == reference.riel(expected.benefit)
    assert claim["benefit_exact"] == half_up(expected.benefit, Fraction(1), 12)
    assert tuple(note["code"] for note in claim["notes"]) == expected.notes
    return expected.reason


def test_deaths(client: TestClient) -> None:
    seen: Counter[str] = Counter()

    @broad
    @given(deaths)
    def compare(body: Body) -> None:
        exact = {**body, "disability_benefit_paid": str(body.get("disability_benefit_paid", 0))}
        seen[decided(client, DEATH, body, reference.death(exact))] += 1

    compare()
    assert len(seen) == 8


def test_disabilities(client: TestClient) -> None:
    seen: Counter[str] = Counter()

    @broad
    @given(disabilities)
    def compare(body: Body) -> None:
        seen[decided(client, DISABILITY, body, reference.disability(body))] += 1

    compare()
    assert len(seen) == 5


def test_stays_in_hospital(client: TestClient) -> None:
    seen: Counter[str] = Counter()

    @broad
    @given(stays)
    def compare(body: Body) -> None:
        seen[decided(client, HOSPITALIZATION, body, reference.hospitalization(body))] += 1

    compare()
    assert len(seen) == 9


@st.composite
def years(draw: st.DrawFn) -> Body:
    claims = []
    for kind in draw(st.lists(st.sampled_from(KINDS), max_size=4)):
        claim: dict[str, Any] = {
            "amount": str(draw(st.sampled_from(["3000", "3000.01", "3333.33", "3333.34"]) | decimals("4000", 2))),
            "kind": kind,
        }
        if kind == "natural_death":
            claim["membership_years"] = draw(st.sampled_from(["0", "1.99", "2", "2.00000000000000000001", "3", "30"]))
        claims.append(claim)
    claims *= draw(st.sampled_from([1, 30, 100]))
    body = {"year": draw(st.integers(2002, 2009)), "gross_premium": str(draw(decimals("300000", 2))), "claims": claims}
    limit = draw(st.none() | st.sampled_from(["37500", "100000", "112500"]))
    return body if limit is None else body | {"annual_limit": limit}


def test_years_of_reinsurance(client: TestClient) -> None:
    seen: Counter[str] = Counter()

    @broad
    @given(years())
    def compare(body: Body) -> None:
        expected, given_answer = reference.reinsurance(body), answer(post(client, REINSURANCE, body))
        amounts = {
            "ceded_premium": expected.ceded,
            "recoveries": expected.recovered,
            "experience_refund": expected.refund,
        }
        for name, amount in amounts.items():
            assert given_answer[name] == half_up(amount, Fraction(1), 2)
        net = expected.ceded - expected.recovered - expected.refund
        assert abs(Fraction(given_answer["net_cost"]) - net) <= Fraction(1, 200)
        assert given_answer["limit_applied"] == expected.limit
        version = "mba-reinsurance@1" if body["year"] < 2006 else "mba-reinsurance@2"
        assert given_answer["receipt"]["tables"] == {"reinsurance": version}
        seen[expected.limit] += 1

    compare()
    assert set(seen) == {"none", "per_risk", "annual", "per_risk_and_annual"}


@pytest.mark.parametrize(("months", "benefit"), [(7, "29167"), (5, "20833"), (12, "50000")])
def test_the_reference_rounds_half_up(months: int, benefit: str) -> None:
    claim = {"package": "B", "age": 30, "cause": "natural", "months_paid": months}
    assert reference.riel(reference.death(claim).benefit) == benefit
    assert reference.riel(Fraction(Decimal("787.5"))) == "788"
