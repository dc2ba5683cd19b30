"""What absence from work after an employment injury pays (giz-2012 §3.6.2)."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.nssf.assumptions import TemporaryDisability
from pricing.nssf.wages import daily_wage
from pricing.trace import formula


@dataclass(frozen=True)
class TemporaryDisabilityBenefit:
    """What one absence pays, KHR, unrounded.

    Attributes:
        days_paid: days that the branch pays.
        daily_benefit: for each of them.
        benefit: for all of them.
        employer_days: first days, which the employer pays.
        employer_pay: what the employer pays for them.
    """

    days_paid: int
    daily_benefit: Decimal
    benefit: Decimal
    employer_days: int
    employer_pay: Decimal


@formula("TB_d", source="giz-2012 §3.6.2", unit="KHR a day")
def daily_benefit(wage: Decimal, replacement_rate: Decimal) -> Decimal:
    """What a day of absence pays.

    Formula: TB_d = RWD · 0.7
    Args:
        wage: RWD, KHR a day.
        replacement_rate: 0.7 in the 2008 provisions.
    Returns: KHR a day, unrounded.
    """
    return wage * replacement_rate


@formula("d", source="giz-2012 §3.6.2", unit="days")
def days_paid(days_of_absence: int, waiting_days: int) -> int:
    """Days that the branch pays: from the fourth day of an absence.

    Formula: d = max(0, days of absence - 3)
    Args:
        days_of_absence: in a row, the first day included.
        waiting_days: 3 in the 2008 provisions.
    Returns: days.
    """
    return max(0, days_of_absence - waiting_days)


@formula("W_e", source="giz-2012 Endnote 12", unit="KHR")
def employer_pay(wage: Decimal, employer_rate: Decimal, employer_days: int) -> Decimal:
    """What the employer pays for the first days of an absence.

    Formula: W_e = RWD · 1 · min(days of absence, 3)
    Args:
        wage: RWD, KHR a day.
        employer_rate: 1 in the 2008 provisions: full salary.
        employer_days: days of absence, at most 3.
    Returns: KHR, unrounded.
    """
    return wage * employer_rate * employer_days


@formula("TB", source="giz-2012 §3.6.2", unit="KHR", shows="benefit")
def temporary_disability_benefit(
    monthly_wage: Decimal, days_of_absence: int, terms: TemporaryDisability
) -> TemporaryDisabilityBenefit:
    """What one absence pays, and what the employer pays before.

    Formula: TB = TB_d · d
    Args:
        monthly_wage: RWM, KHR a month.
        days_of_absence: in a row, the first day included.
        terms: rates and days of the provisions.
    Returns: KHR, unrounded.
    """
    wage = daily_wage(monthly_wage, terms.days_per_month)
    a_day = daily_benefit(wage, terms.replacement_rate)
    days = days_paid(days_of_absence, terms.waiting_days)
    employer_days = days_of_absence - days
    return TemporaryDisabilityBenefit(
        days_paid=days,
        daily_benefit=a_day,
        benefit=a_day * days,
        employer_days=employer_days,
        employer_pay=employer_pay(wage, terms.employer_rate, employer_days),
    )
