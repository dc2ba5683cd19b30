"""A projection with reinsurance and against its limits, by hand, in exact fractions."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from functools import partial
from typing import Any

import pytest

from pricing.arithmetic import CONTEXT
from pricing.mba.assumptions import AnnualLimit, Covenants, MbaAssumptions, Reinsurance, ReinsuredEvent
from pricing.mba.enrolment import Programme
from pricing.mba.premiums import tariff_premium
from pricing.mba.projection import ProjectedYear
from pricing.mba.projection_basis import ProjectionBasis
from pricing.mba.projection_report import ProjectionReport, projection_report
from pricing.mba.reinsurance import AnnualLimitOutOfRange
from pricing.mba.reinsured_projection import ReinsuredYear, covered_by_years, expected_recoveries, reinsured_years
from pricing.mba.risks import insured_risks
from tests import reference

MEMBERS = (1000, 1500, 2500, 2000)
RATE, SHARE, PREMIUM, REFUND = 4116, Fraction(9, 10), Fraction(3, 10), Fraction(7, 10)
NATURAL = reference.mortality(43) - reference.ACCIDENT_RATE
STAY = 1 - reference.mortality(43) - Fraction(1, 10)


@pytest.fixture
def report(
    published: MbaAssumptions, projection_basis: ProjectionBasis, treaty: Reinsurance, covenants: Covenants
) -> Any:
    """A report on package F, `single`."""

    def of(
        members: Sequence[int] = MEMBERS, basis: ProjectionBasis = projection_basis, limit: Decimal | None = None
    ) -> ProjectionReport:
        programme = Programme("F", "single", tuple(members))
        premium_of = partial(tariff_premium, assumptions=published)
        with localcontext(CONTEXT):
            return projection_report(programme, published, basis, premium_of, treaty, limit, covenants)

    return of


def near(ours: Decimal, exact: Fraction) -> bool:
    return abs(Fraction(ours) - exact) < Fraction(1, 10**25)


def long_standing(members: Sequence[int], completed: int) -> list[Fraction]:
    """The members of each year who have so many years behind them at its beginning, or more."""
    joined: list[Fraction] = []
    settled = []
    for year, number in enumerate(members):
        left = [each * STAY ** (year - since) for since, each in enumerate(joined)]
        settled.append(sum(left[: max(0, year - completed + 1)], Fraction(0)))
        joined.append(number - sum(left, Fraction(0)))
    return settled


def test_what_is_ceded_recovered_and_refunded_is_the_treaty_s_on_expected_claims(report: Any) -> None:
    found = report()
    natural = [number * NATURAL * 300_000 / RATE for number in long_standing(MEMBERS, 2)]
    accidents = [number * reference.ACCIDENT_RATE * 600_000 / RATE for number in MEMBERS]
    assert natural[:2] == [0, 0] != natural[2:]
    years: list[tuple[ProjectedYear, ReinsuredYear]] = list(zip(found.projection.years, found.reinsured, strict=True))
    for (exact, reinsured), deaths, injuries in zip(years, natural, accidents, strict=True):
        ceded = PREMIUM * Fraction(exact.premium_income)
        recoveries = SHARE * (deaths + injuries)
        refund = REFUND * (ceded - recoveries)
        assert near(reinsured.ceded_premium, ceded)
        assert near(reinsured.recoveries, recoveries)
        assert near(reinsured.experience_refund, refund)
        assert near(reinsured.net_cost, ceded - recoveries - refund)


def test_the_fund_pays_at_the_beginning_gets_in_the_middle_and_at_the_end(report: Any) -> None:
    """The fund run again, payment by payment."""
    found = report()
    half = Fraction(Decimal("1.06").sqrt(Context(prec=40)))
    fund = before = Fraction(0)
    for exact, reinsured in zip(found.projection.years, found.reinsured, strict=True):
        fund += Fraction(exact.fund_beginning) - before - Fraction(reinsured.ceded_premium)
        claims = Fraction(exact.fund_before_claims - exact.fund_middle)
        fund = (fund * half - claims + Fraction(reinsured.recoveries)) * half + Fraction(reinsured.experience_refund)
        before = Fraction(exact.fund_end)
        assert abs(fund - Fraction(reinsured.fund_end)) < Fraction(1, 10**15)
        rest = fund - Fraction(exact.equity_reserve) - Fraction(exact.surplus)
        assert abs(rest - Fraction(reinsured.contingency_reserve)) < Fraction(1, 10**15)
    assert found.fund_end == found.projection.years[-1].fund_end


def test_limits_cut_the_recoveries_of_a_claim_and_of_a_year(
    report: Any, published: MbaAssumptions, treaty: Reinsurance
) -> None:
    found = report()
    with localcontext(CONTEXT):
        risks = insured_risks(Programme("F", "single", MEMBERS), published, Decimal(RATE))
        low = replace(treaty, maximum_per_risk=Decimal(100), annual_limit=AnnualLimit(Decimal(1), Decimal(700)))
        cut = reinsured_years(found.projection, risks, low, Decimal(600))
        most = reinsured_years(found.projection, risks, low, None)
        with pytest.raises(AnnualLimitOutOfRange):
            reinsured_years(found.projection, risks, low, Decimal("0.99"))
    # 65.6 of a natural death stay below 100, 131.2 of an accident do not.
    natural = [number * NATURAL * SHARE * 300_000 / RATE for number in long_standing(MEMBERS, 2)]
    owed = [deaths + number * reference.ACCIDENT_RATE * 100 for deaths, number in zip(natural, MEMBERS, strict=True)]
    assert owed[0] < 600 < owed[3] < 700
    for year, exact in zip(cut, owed, strict=True):
        assert near(year.recoveries, min(exact, Fraction(600)))
    for year, exact in zip(most, owed, strict=True):
        assert near(year.recoveries, exact)


def test_a_report_is_held_to_the_limit_that_was_agreed(report: Any) -> None:
    million = [year.recoveries for year in report((1_000_000,), limit=Decimal(40_000)).reinsured]
    assert million == [40_000]
    assert [year.recoveries for year in report((1_000_000,), limit=Decimal(50_000)).reinsured] == [50_000]


def test_claims_fall_half_a_year_after_the_completed_years(treaty: Reinsurance) -> None:
    def first_covered(above: str) -> int:
        late = replace(treaty, events={"natural_death": ReinsuredEvent(Decimal(above))})
        return [each["natural_death"] for each in covered_by_years(5, late)].index(True)

    assert [first_covered(above) for above in ("0", "0.49", "0.5", "1.49", "1.5", "2", "2.5")] == [0, 0, 1, 1, 2, 2, 3]


def test_only_covered_members_recover() -> None:
    with localcontext(CONTEXT):
        covered = {"natural_death": Decimal(3), "accident": Decimal(0)}
        assert expected_recoveries(covered, {"natural_death": Decimal(5), "accident": Decimal(7)}) == 15


def test_each_limit_is_held_to_its_own_figures(report: Any, projection_basis: ProjectionBasis) -> None:
    found = report((0, 1000), replace(projection_basis, withdrawal_rate=Decimal("0.2"), interest_rate=Decimal("0.03")))
    nobody, some = found.findings
    assert [each.covenant for each in nobody] == [
        "expense_ratio",
        "commission_ratio",
        "investment_yield",
        "withdrawal_rate",
    ]
    assert [each.finding for each in nobody] == ["not_assessed", "not_assessed", "not_met", "not_met"]
    assert [each.missing for each in nobody[:2]] == [("premium_income",)] * 2
    year = found.projection.years[1]
    expenses, commission, interest, withdrawals = some
    assert near(expenses.actual, Fraction(year.operating_expenses) / Fraction(year.premium_income))
    assert near(commission.actual, Fraction(15, 100))
    assert (interest.actual, interest.margin) == (Decimal("0.03"), Decimal("-0.03"))
    assert (withdrawals.actual, withdrawals.margin) == (Decimal("0.2"), Decimal("-0.1"))
    assert [each.finding for each in some] == ["not_met", "met", "not_met", "not_met"]
