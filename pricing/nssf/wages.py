"""The wages that the employment injury branch reckons with: reference wage, annual wage, daily wage."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import total
from pricing.nssf.assumptions import ReferenceWage
from pricing.trace import formula


@dataclass(frozen=True)
class ReferenceWageUsed:
    """A reference wage and the wages that it is the mean of.

    Attributes:
        monthly: RWM, KHR a month, unrounded.
        wages: the monthly wages that count, oldest first.
    """

    monthly: Decimal
    wages: tuple[Decimal, ...]


@formula("w̄", source="giz-2012 §3.6.4", unit="KHR a month")
def mean_wage(total: Decimal, months: int) -> Decimal:
    """Arithmetic mean of the monthly wages that count.

    Formula: w̄ = Σ w_t / n
    Args:
        total: Σ w_t, the wages of these months, KHR.
        months: n, number of months.
    Returns: KHR a month, unrounded.
    """
    return total / months


@formula("RWM", source="giz-2012 §3.6.4", unit="KHR a month", shows="monthly")
def reference_wage(wages: Sequence[Decimal], terms: ReferenceWage) -> ReferenceWageUsed:
    """Monthly reference wage: the mean of the last months, as many as the provisions count, within their bounds.

    Formula: RWM = mean of the last n monthly wages
    Args:
        wages: monthly wages, KHR, oldest first; one alone is the reference wage itself. At least one.
        terms: how many months count, and the bounds, if there are any.
    Returns: KHR a month, unrounded.
    """
    counted = tuple(wages[-terms.maximum_months :])
    monthly = mean_wage(total(counted), len(counted))
    if terms.minimum is not None:
        monthly = max(monthly, terms.minimum)
    if terms.maximum is not None:
        monthly = min(monthly, terms.maximum)
    return ReferenceWageUsed(monthly, counted)


@formula("RWY", source="giz-2012 §3.6.4", unit="KHR a year")
def annual_wage(monthly_wage: Decimal, months_per_year: int) -> Decimal:
    """Annualised reference wage.

    Formula: RWY = RWM · 12
    Args:
        monthly_wage: RWM, KHR a month.
        months_per_year: 12 in the 2008 provisions.
    Returns: KHR a year, unrounded.
    """
    return monthly_wage * months_per_year


@formula("RWD", source="giz-2012 Table 3.8", unit="KHR a day")
def daily_wage(monthly_wage: Decimal, days_per_month: int) -> Decimal:
    """Daily reference wage.

    Formula: RWD = RWM / 30
    Args:
        monthly_wage: RWM, KHR a month.
        days_per_month: 30 in the 2008 provisions.
    Returns: KHR a day, unrounded.
    """
    return monthly_wage / days_per_month
