"""The date of an event chooses the versions in place of `as_of`; both given must agree."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.support import (
    AWARDS,
    CLAIMS,
    CLAIMS_DEVELOPMENT,
    COST_RATIOS,
    COVENANTS,
    DEATH,
    DISABILITY,
    EARNED_PREMIUMS,
    EQUITY_VALUES,
    EXPENDITURE,
    HOSPITALIZATION,
    INCOME_STATEMENT,
    INDEXATION,
    INDICATORS,
    INJURY_RATES,
    LIABILITIES,
    REINSURANCE,
    RENEWALS,
    answer,
    assert_problem,
    canonical,
    pointers,
    post,
    sha256,
)

Body = dict[str, Any]
STAY = {"package": "F", "age": 30, "days": 4, "months_of_membership": 9, "months_paid": 5, "regular": False}
DATED: dict[str, tuple[str, Body]] = {
    "date_of_death": (DEATH, {"package": "F", "age": 65, "cause": "natural", "months_paid": 9}),
    "date_of_accident": (DISABILITY, {"package": "F", "age": 30, "losses": ["thumb"]}),
    "date_of_admission": (HOSPITALIZATION, STAY),
}
QUESTIONS: dict[str, tuple[Body, Body]] = {
    DEATH: (
        {**DATED["date_of_death"][1], "date_of_death": "2026-12-01"},
        {"age": 65, "cause": "natural", "date_of_death": "2026-12-01", "disability_benefit_paid": "0",
         "months_paid": 9, "package": "F"},
    ),
    DISABILITY: (
        DATED["date_of_accident"][1],
        {"age": 30, "cause": "accident", "losses": ["thumb"], "package": "F"},
    ),
    HOSPITALIZATION: (STAY, STAY),
    EQUITY_VALUES: (
        {"package": "F", "years_completed": 3},
        {"additional_persons": {"15-65": 0, "66-75": 0}, "package": "F", "plan_type": "single", "years_completed": 3},
    ),
    REINSURANCE: (
        {"year": 2005, "gross_premium": 10.50, "claims": [{"amount": 1, "kind": "accidental_death"}]},
        {"claims": [{"amount": "1", "kind": "accidental_death"}], "gross_premium": "10.5", "year": 2005},
    ),
    INDICATORS: (
        {"balance_sheet": {"cash": 1.50}, "membership": {"lapses": 3.0}},
        {"balance_sheet": {"cash": "1.5"}, "earlier_periods": [], "membership": {"lapses": 3}, "period": "last"},
    ),
    EARNED_PREMIUMS: (
        {"first_month": "2006-01", "months": 12.0, "rows": [{"entry_month": "2006-02", "premium": 1.50}]},
        {"first_month": "2006-01", "months": 12, "rows": [{"entry_month": "2006-02", "premium": "1.5"}]},
    ),
    CLAIMS: (
        {"csv": "provider,service,month,claims,cost\nA,medicines,2010-01,1,2.50", "beneficiaries": 3.0},
        {"csv": "provider,service,month,claims,cost\nA,medicines,2010-01,1,2.50", "beneficiaries": 3},
    ),
    RENEWALS: (
        {"rows": [{"cohort": "2010-01", "contracts_due": 2.0, "contracts_renewed": 1}]},
        {"rows": [{"cohort": "2010-01", "contracts_due": 2, "contracts_renewed": 1}]},
    ),
    CLAIMS_DEVELOPMENT: (
        {"triangle": [[100.0, 150], ["110.50"]]},
        {"incremental": False, "tail": "1", "triangle": [["100", "150"], ["110.5"]]},
    ),
    COVENANTS: ({"premium_income": "1.0", "members": 3}, {"members": 3, "premium_income": "1"}),
    LIABILITIES: (
        {"pensions": [{"kind": "child", "monthly_amount": 100.50, "age": 3.0}]},
        {"basis": "multipliers", "pensions": [{"age": 3, "kind": "child", "monthly_amount": "100.5"}]},
    ),
    COST_RATIOS: (
        {"amounts": {"insured_earnings": 9, "benefit_expenditure": 1, "administration_cost": "1.0"}},
        {"amounts": {"administration_cost": "1", "benefit_expenditure": "1", "disability_lump_sums": "0",
                     "disability_pension_liabilities": "0", "disability_pensions": "0", "funeral_grants": "0",
                     "funeral_grants_paid": 0, "insured_earnings": "9", "survivor_pension_liabilities": "0"}},
    ),
    INJURY_RATES: ({"year": 2010.0}, {"year": 2010}),
    EXPENDITURE: ({"year": 2010}, {"year": 2010}),
    AWARDS: ({}, {}),
    INCOME_STATEMENT: ({"year": 2009}, {"year": 2009}),
    INDEXATION: (
        {"monthly_pension": 1, "from_year": 2005, "years": 2, "later_price_change": 0.0},
        {"from_year": 2005, "index": "consumer_prices", "later_price_change": "0", "monthly_pension": "1", "years": 2},
    ),
}  # fmt: skip


@pytest.mark.parametrize("field", DATED)
def test_the_event_s_date_chooses_the_versions(client: TestClient, field: str) -> None:
    path, body = DATED[field]
    assert answer(post(client, path, {**body, field: "2010-05-06"}))["receipt"]["as_of"] == "2010-05-06"
    assert answer(post(client, path, {**body, field: "2009-01-01"}))["receipt"]["as_of"] == "2009-01-01"
    response = post(client, path, {**body, field: "2008-12-31"})
    assert pointers(assert_problem(response, 409, "no_coverage")) == [f"/{field}"]


@pytest.mark.parametrize("field", DATED)
def test_without_it_as_of_does(client: TestClient, field: str) -> None:
    path, body = DATED[field]
    assert answer(post(client, path, {**body, "as_of": "2010-05-06"}))["receipt"]["as_of"] == "2010-05-06"
    response = post(client, path, {**body, "as_of": "2008-12-31"})
    assert pointers(assert_problem(response, 409, "no_coverage")) == ["/as_of"]


@pytest.mark.parametrize("field", DATED)
def test_both_must_be_the_same_date(client: TestClient, field: str) -> None:
    path, body = DATED[field]
    assert answer(post(client, path, {**body, field: "2010-05-06", "as_of": "2010-05-06"}))
    response = post(client, path, {**body, field: "2010-05-06", "as_of": "2010-05-07"})
    assert pointers(assert_problem(response, 409, "date_conflict")) == ["/as_of"]


@pytest.mark.parametrize(("as_of", "accepted"), [("2005-01-01", True), ("2005-01-02", False), ("2004-12-31", False)])
def test_a_year_is_its_first_day(client: TestClient, as_of: str, accepted: bool) -> None:
    response = post(client, REINSURANCE, {"year": 2005, "gross_premium": 1, "claims": [], "as_of": as_of})
    if accepted:
        assert answer(response)["receipt"]["as_of"] == "2005-01-01"
    else:
        assert_problem(response, 409, "date_conflict")


def test_before_the_first_treaty_there_is_none(client: TestClient) -> None:
    body = {"year": 2001, "gross_premium": 1, "claims": []}
    assert pointers(assert_problem(post(client, REINSURANCE, body), 409, "no_coverage")) == ["/year"]
    pinned = {**body, "tables": {"reinsurance": "mba-reinsurance@2"}}
    assert answer(post(client, REINSURANCE, pinned))["ceded_premium"] == "0.30"


@pytest.mark.parametrize("path", QUESTIONS)
def test_the_receipt_gives_the_same_bytes_and_hashes_the_question(client: TestClient, path: str) -> None:
    body, question = QUESTIONS[path]
    for more in ({}, {"explain": True}):
        first = post(client, path, {**body, **more})
        receipt = answer(first)["receipt"]
        replayed = {**body, **more, **{name: receipt[name] for name in ("as_of", "known_at", "tables")}}
        assert post(client, path, replayed).content == first.content
        assert receipt["request_sha256"] == sha256(canonical(question))
