"""Membership equity value (MEV): what a member gets back on leaving (suan-2009 Table 2, Appendix C)."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ZERO
from pricing.interest import accumulated_annuity_due
from pricing.mba.assumptions import MbaAssumptions
from pricing.mba.benefits import NATURAL_DEATH
from pricing.mba.quotes import PremiumOf, plan_premium
from pricing.trace import formula


@dataclass(frozen=True)
class EquityEntitlement:
    """What a voluntary withdrawal pays, unrounded.

    Attributes:
        eligible: whether enough consecutive years are completed.
        equity_value: what is paid; 0 where not eligible.
        schedule: value by completed year, from the first on, eligible or not.
        minimum_years: completed years from which a member is eligible.
    """

    eligible: bool
    equity_value: Decimal
    schedule: dict[int, Decimal]
    minimum_years: int


@formula("MEV_n", source="suan-2009 Table 2", unit="currency")
def equity_value(
    gross_annual_premium: Decimal, equity_value_loading: Decimal, interest_rate: Decimal, years: int
) -> Decimal:
    """Share of the natural-death premiums paid, with interest, after n years.

    Formula: MEV_n = c̄ · (GAP)_ND · s̈_n
    Args:
        gross_annual_premium: (GAP)_ND, the natural-death part of the premium of one year, an amount.
        equity_value_loading: c̄, the share that is given back; 0.35 in the published loadings.
        interest_rate: i, effective annual rate.
        years: n, completed years of regular and continuous payment.
    Returns: an amount, unrounded.
    """
    return equity_value_loading * gross_annual_premium * accumulated_annuity_due(interest_rate, years)


@formula("MEV", source="suan-2009 Table 2", unit="currency", shows="equity_value")
def equity_entitlement(
    package: str,
    persons: dict[str, Decimal],
    years_completed: int,
    assumptions: MbaAssumptions,
    premium_of: PremiumOf,
) -> EquityEntitlement:
    """What a member gets on voluntary withdrawal, and how the value has grown year by year.

    Formula: MEV = c̄ · (GAP)_ND · s̈_n from 3 completed years on, before that 0
    Args:
        package: a package of the tariff.
        persons: number of insured persons by kind, for all of whom the member pays.
        years_completed: consecutive years of regular and continuous payment.
        assumptions: the tariff's tables.
        premium_of: premium of one insured person by package and kind.
    Returns: amounts, unrounded.
    """
    basis, minimum = assumptions.pricing_basis, assumptions.packages.rules.equity_value_minimum_years
    premium = plan_premium(package, persons, basis.payments_per_year, premium_of, NATURAL_DEATH).gross_annual_premium
    loading, interest = assumptions.loadings.equity_value, basis.interest_rate
    schedule = {year: equity_value(premium, loading, interest, year) for year in range(1, years_completed + 1)}
    is_eligible = years_completed >= minimum
    value = schedule.get(years_completed, ZERO) if is_eligible else ZERO
    return EquityEntitlement(is_eligible, value, schedule, minimum)
