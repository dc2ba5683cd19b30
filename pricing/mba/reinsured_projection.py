"""What a reinsurance treaty does to a projection (suan-2009 Table 13): its premium, what it pays, and the fund with it.

The expected claims go through the treaty as if they were the claims of the year. That is exact but for the limit of the
year and the refund, which are not linear: chance makes the recoveries lower and the refunds higher on average. The
stochastic projection shows by how much.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import mean

from pricing.arithmetic import ONE, ZERO, total
from pricing.interest import half_year_accumulation_factor
from pricing.mba.assumptions import Reinsurance
from pricing.mba.benefits import ACCIDENT, HOSPITALIZATION, NATURAL_DEATH
from pricing.mba.cohorts import cohorts_by_year, staying_rate
from pricing.mba.member_year import expected_claims_of_member
from pricing.mba.projection import Projection, Terms
from pricing.mba.reinsurance import (
    agreed_limit,
    annual_recoveries,
    ceded_premium,
    claim_recovery,
    experience_refund,
    is_covered,
)
from pricing.mba.risks import InsuredRisk
from pricing.trace import formula

# The tariff has one rate for accidental death and disability: the treaty covers it if it covers both.
EVENTS = {
    NATURAL_DEATH: ("natural_death",),
    ACCIDENT: ("accidental_death", "permanent_disability"),
    HOSPITALIZATION: ("hospitalization",),
}

Covers = dict[str, bool]


@dataclass(frozen=True)
class ReinsuredYear:
    """One year with reinsurance, on expected claims, unrounded.

    Attributes:
        ceded_premium: what the mutual pays, at the beginning of the year.
        recoveries: what the reinsurer pays, in the middle.
        experience_refund: what comes back of the premium, at the end.
        net_cost: premium less recoveries and refund.
        fund_end, contingency_reserve: those of the projection, with reinsurance in this year and all before.
    """

    ceded_premium: Decimal
    recoveries: Decimal
    experience_refund: Decimal
    net_cost: Decimal
    fund_end: Decimal
    contingency_reserve: Decimal


@formula("E[R]", source="suan-2009 Table 13", unit="currency a year")
def expected_recoveries(covered_members: dict[str, Decimal], recovery_of_member: dict[str, Decimal]) -> Decimal:
    """What the covered claims of a year are expected to recover, before the limit of the year.

    Formula: E[R] = Σ N_k · E[R_k], k the coverages
    Args:
        covered_members: N_k, members whose claims of the coverage the treaty covers.
        recovery_of_member: E[R_k], what the claims of one of them, with relatives, are expected to recover.
    Returns: an amount a year, unrounded.
    """
    return total(number * recovery_of_member[name] for name, number in covered_members.items())


@formula("ΔF", source="suan-2009 Table 13", unit="currency")
def effect_on_fund(
    effect_before: Decimal, premium: Decimal, recoveries: Decimal, refund: Decimal, interest_rate: Decimal
) -> Decimal:
    """What reinsurance adds to the fund, or takes from it, until the end of a year.

    Formula: ΔF_y = (ΔF_{y-1} - P) · (1+i) + R · (1+i)^(1/2) + E
    Args:
        effect_before: ΔF_{y-1}, until the end of the year before.
        premium: P, ceded at the beginning of the year.
        recoveries: R, in its middle, when claims fall on average.
        refund: E, at its end.
        interest_rate: i, effective annual rate.
    Returns: an amount, unrounded; below 0 where reinsurance has cost more than it brought.
    """
    half_a_year = half_year_accumulation_factor(interest_rate)
    return (effect_before - premium) * (ONE + interest_rate) + recoveries * half_a_year + refund


def covered_by_years(years: int, treaty: Reinsurance) -> list[Covers]:
    """Which coverages the treaty covers after 0, 1, 2, … completed years of membership.

    Claims fall in the middle of the year on average: who has completed two years at its beginning has been a member for
    two and a half.
    """
    membership = [mean((Decimal(completed), Decimal(completed + 1))) for completed in range(years)]
    return [
        {coverage: all(is_covered(event, each, treaty) for event in events) for coverage, events in EVENTS.items()}
        for each in membership
    ]


def recovery_of_claim(coverage: str, risk: InsuredRisk, treaty: Reinsurance) -> Decimal:
    """What one covered claim of an insured person recovers, before the limit of the year."""
    return claim_recovery(risk.benefit(coverage), treaty.quota_share, treaty.maximum_per_risk)


def reinsured_years(
    projection: Projection, risks: Sequence[InsuredRisk], treaty: Reinsurance, annual_limit: Decimal | None
) -> tuple[ReinsuredYear, ...]:
    """The years of a projection with reinsurance.

    Args:
        projection: the one without.
        risks: of everybody that the plan insures.
        treaty: the treaty, the same in all years.
        annual_limit: as agreed between the treaty's minimum and maximum; None: the maximum.
    Raises: AnnualLimitOutOfRange.
    """
    limit, interest_rate = agreed_limit(annual_limit, treaty), projection.terms.interest_rate
    covers = covered_by_years(len(projection.years), treaty)
    reinsured = [coverage for coverage in EVENTS if covers[-1][coverage]]  # what is covered ever is covered last
    recovery_of_member = {coverage: _recovery_of_member(coverage, risks, treaty) for coverage in reinsured}
    effect = ZERO
    years = []
    for year, cohorts in zip(projection.years, _cohorts(projection.terms), strict=True):
        covered = {coverage: _covered_members(coverage, cohorts, covers) for coverage in reinsured}
        premium = ceded_premium(year.premium_income, treaty.premium_rate)
        recoveries = annual_recoveries(expected_recoveries(covered, recovery_of_member), limit)
        refund = experience_refund(premium, recoveries, treaty.experience_refund_rate)
        effect = effect_on_fund(effect, premium, recoveries, refund, interest_rate)
        years.append(
            ReinsuredYear(
                ceded_premium=premium,
                recoveries=recoveries,
                experience_refund=refund,
                net_cost=premium - recoveries - refund,
                fund_end=year.fund_end + effect,
                contingency_reserve=year.contingency_reserve + effect,
            )
        )
    return tuple(years)


def _recovery_of_member(coverage: str, risks: Sequence[InsuredRisk], treaty: Reinsurance) -> Decimal:
    recoveries = (
        expected_claims_of_member(risk.persons, recovery_of_claim(coverage, risk, treaty), risk.rate(coverage))
        for risk in risks
    )
    return total(recoveries)


def _cohorts(terms: Terms) -> Iterator[list[Decimal]]:
    return cohorts_by_year(terms.members, staying_rate(terms.mortality_rate, terms.withdrawal_rate))


def _covered_members(coverage: str, cohorts: Sequence[Decimal], covers: Sequence[Covers]) -> Decimal:
    """The members of a year whose claims are covered; of the cohorts, who has been there longest comes first."""
    by_completed_years = enumerate(reversed(cohorts))
    return total(number for completed, number in by_completed_years if covers[completed][coverage])
