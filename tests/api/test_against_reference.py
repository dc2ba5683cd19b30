"""Every figure of random quotes and premiums against an independent implementation in exact fractions."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests import reference
from tests.api.generators import broad, premiums, quotes
from tests.api.support import PREMIUMS, QUOTES, answer, assert_problem, golden, pointers, post

CORRECTED = ("mba-pricing-basis-corrected", "mba-pricing-basis-corrected@1", ["mba-pricing-basis-corrected@1"])
PUBLISHED = ("mba-pricing-basis", "mba-pricing-basis@1", ["mba-pricing-basis@1"])
BESIDE = {"quote_id", "receipt", "notes", "explanation"}


def agrees(client: TestClient, path: str, body: Any, expected: reference.Priced | reference.Refused) -> str:
    """Assert that the service answers as the reference does; what kind of answer it is."""
    response = post(client, path, body)
    if isinstance(expected, reference.Refused):
        errors = assert_problem(response, 409, expected.code)
        people = {pointer.removeprefix("/household").removeprefix("/") for pointer in pointers(errors)}
        if expected.code == "not_eligible":
            assert people == {"" if person is None else str(person) for person in expected.persons}
        return expected.code
    given_answer = answer(response)
    assert {name: value for name, value in given_answer.items() if name not in BESIDE} == expected.fields
    assert tuple(note["code"] for note in given_answer["notes"]) == expected.errata
    return expected.errata[0] if expected.errata else "priced"


@pytest.mark.parametrize("form", ["plan", "household"])
def test_quotes_agree_with_the_reference(client: TestClient, form: str) -> None:
    seen: Counter[str] = Counter()

    @broad
    @given(quotes(form), st.none() | st.sampled_from(PUBLISHED) | st.sampled_from(CORRECTED), st.booleans())
    def compare(body: dict[str, Any], pin: Any, explain: bool) -> None:
        pinned = {} if pin is None else {"tables": {"pricing_basis": pin}}
        expected = reference.quote(body, corrected=pin in CORRECTED)
        seen[agrees(client, QUOTES, {**body, **pinned, "explain": explain}, expected)] += 1

    compare()
    # The examples are broad: prices with and without the erratum's cell, and refusals.
    assert seen["priced"] >= 100
    assert min(seen["suan-2009-e1"], seen["no_coverage"]) > 0
    assert seen["not_eligible"] > 0 or form == "plan"


def test_premiums_agree_with_the_reference(client: TestClient) -> None:
    seen: Counter[str] = Counter()

    @broad
    @given(premiums(), st.booleans())
    def compare(body: dict[str, Any], explain: bool) -> None:
        seen[agrees(client, PREMIUMS, {**body, "explain": explain}, reference.premium(body))] += 1

    compare()
    assert seen["priced"] >= 150
    refusals = ("loadings_too_high", "accident_rate_above_mortality", "no_coverage", "age_outside_life_table")
    assert min(seen[code] for code in refusals) > 0


@pytest.mark.parametrize("package", "ABCDEF")
def test_the_reference_reproduces_tables_8_and_9(package: str) -> None:
    persons = {"couple": ("primary_member", "secondary_member"), "single": ("primary_member",)}
    v = 1 / (1 + reference.INTEREST)
    for row in golden("table_9")[:4]:
        body = {"package": package, "plan_type": row["plan_type"], "as_of": "2009-01-01"}
        expected = reference.quote(body)
        assert isinstance(expected, reference.Priced)
        assert expected.fields["monthly_premium"] == row[package]
    for row in golden("table_8"):
        insured = persons.get(row["plan_type"], (row["insured"],))
        if insured == ("",):
            continue  # plans with children are in Table 9 above
        cells = [cell for each in insured for cell in reference.tariff(package, each, corrected=False)]
        gross = sum((cell.gross for cell in cells if cell.coverage == row["coverage"]), Fraction(0))
        assert reference.half_up(gross / 12, v, 2) == row[package]


def test_the_reference_rounds_ties_up() -> None:
    assert reference.half_up(Fraction(1, 2), Fraction(1), 0) == "1"
    assert reference.half_up(Fraction(25, 1000), Fraction(1), 2) == "0.03"
    assert reference.half_up(Fraction(11, 2), Fraction(100, 121), 0) == "5"
    assert Decimal(reference.half_up(Fraction(1), Fraction(2), 12)) == Decimal("1.414213562373")
