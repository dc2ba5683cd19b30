"""What a plan costs a member each month (suan-2009 Table 9)."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import total
from pricing.mba.premiums import InsuredPremium, gross_monthly_premium
from pricing.trace import formula

PremiumOf = Callable[[str, str], InsuredPremium]


@dataclass(frozen=True)
class PlanPremium:
    """Premium of a whole plan, unrounded.

    Attributes:
        insured: premium of one insured person by kind.
        gross_annual_premium: an amount a year.
        gross_monthly_premium: an amount a month.
    """

    insured: dict[str, InsuredPremium]
    gross_annual_premium: Decimal
    gross_monthly_premium: Decimal

    @property
    def errata(self) -> tuple[str, ...]:
        """Codes of the published mistakes whose cells were used."""
        return tuple(dict.fromkeys(code for premium in self.insured.values() for code in premium.errata))


@formula("P_plan", source="suan-2009 Table 9", unit="currency a month", shows="gross_monthly_premium")
def plan_premium(
    package: str,
    persons: dict[str, Decimal],
    payments_per_year: int,
    premium_of: PremiumOf,
    coverage: str | None = None,
) -> PlanPremium:
    """Gross premium of a plan: the unrounded sum over everybody it insures.

    Formula: P = Σ persons · GAP / 12
    Args:
        package: a package of the tariff.
        persons: number of insured persons by kind.
        payments_per_year: 12 in the published tariff.
        premium_of: premium of one insured person by package and kind.
        coverage: one coverage alone (Table 8), or None for all of them (Table 9).
    Returns: amounts, unrounded.
    """
    premiums = {insured: premium_of(package, insured) for insured in persons}
    annual = total(number * premiums[insured].of(coverage) for insured, number in persons.items())
    return PlanPremium(premiums, annual, gross_monthly_premium(annual, payments_per_year))


@formula("P_c", source="suan-2009 Table 8", unit="currency a month")
def component_monthly_premium(persons: Decimal, gross_annual_premium: Decimal, payments_per_year: int) -> Decimal:
    """Monthly premium of one coverage for everybody of one kind.

    Formula: P = persons · GAP / 12
    Args:
        persons: number of insured persons; 4.5 for the children of an average family.
        gross_annual_premium: GAP of one person, an amount a year.
        payments_per_year: 12 in the published tariff.
    Returns: an amount a month, unrounded.
    """
    return gross_monthly_premium(persons * gross_annual_premium, payments_per_year)
