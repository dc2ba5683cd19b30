"""Who joined together, who is still a member, and what equity values that costs (suan-2009 sections II and IV).

Members leave by death and by withdrawal; who withdraws is paid the equity value of the whole plan.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ONE, ZERO, total
from pricing.errors import DomainError
from pricing.trace import formula


@dataclass(eq=False)
class WithdrawalsTooHigh(DomainError):
    """More members would leave in a year than there are."""

    withdrawal_rate: Decimal

    def __str__(self) -> str:
        return (
            "Deaths and withdrawals together come to more than all members in a year. "
            "Lower the withdrawal rate until it and the mortality rate add up to 1 at most."
        )


@formula("p - w", source="suan-2009 §IV", unit="fraction a year")
def staying_rate(mortality_rate: Decimal, withdrawal_rate: Decimal) -> Decimal:
    """The part of the members that is still there a year later.

    Formula: p_x - w = 1 - q_x - w
    Args:
        mortality_rate: q_x, all causes, of the primary member.
        withdrawal_rate: w, voluntary withdrawals.
    Returns: a fraction in [0, 1].
    Raises: WithdrawalsTooHigh.
    """
    rate = ONE - mortality_rate - withdrawal_rate
    if rate < ZERO:
        raise WithdrawalsTooHigh(withdrawal_rate)
    return rate


@formula("A6", source="suan-2009 Table 11", unit="currency a year")
def equity_paid(withdrawal_rate: Decimal, members: dict[str, Decimal], values: dict[str, Decimal]) -> Decimal:
    """Equity values of the members who withdraw at the beginning of a year and have been members long enough.

    Formula: A6 = w · Σ l_n · E_n, n at least 3 completed years
    Args:
        withdrawal_rate: w, fraction of the members.
        members: l_n, members still there by completed years.
        values: E_n, by completed years.
    Returns: an amount a year, unrounded.
    """
    return withdrawal_rate * _sum_of_products(members, values)


@formula("equity reserve", source="suan-2009 §II Reserves", unit="currency")
def equity_reserve(members: dict[str, Decimal], values: dict[str, Decimal]) -> Decimal:
    """Equity values of everybody who is still a member at the end of a year.

    Formula: reserve = Σ l_n · E_n, l_n = (p - w) · l_{n-1}, l_0 = new
    Args:
        members: l_n, members still there by years in force.
        values: E_n, by years in force.
    Returns: an amount, unrounded.
    """
    return _sum_of_products(members, values)


def _sum_of_products(members: dict[str, Decimal], values: dict[str, Decimal]) -> Decimal:
    products = (number * value for number, value in zip(members.values(), values.values(), strict=True))
    return total(products)


@formula("new", source="suan-2009 §II Reserves", unit="members")
def new_members(members: Decimal, still_there: Decimal) -> Decimal:
    """Who joins in a year.

    Formula: new = N - Σ l_n
    Args:
        members: N, of the year.
        still_there: Σ l_n, members of the year before who have stayed.
    Returns: a number of members, unrounded; below 0 where members fall faster than deaths and withdrawals explain.
    """
    return members - still_there


def cohorts_by_year(members: Sequence[Decimal], stay: Decimal) -> Iterator[list[Decimal]]:
    """The members at the beginning of each year by the year in which they joined, who has been there longest first.

    A cohort is the year's members less who is still there of all earlier cohorts. Where members fall faster than deaths
    and withdrawals explain, the youngest cohort is negative.
    """
    cohorts: list[Decimal] = []
    for number in members:
        cohorts = [stay * each for each in cohorts]
        cohorts.append(new_members(number, total(cohorts)))
        yield cohorts


def by_years_in_force(
    cohorts: Sequence[Decimal], values: Sequence[Decimal], longest: int
) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Members and equity values by years in force, named for an explanation."""
    numbered = [(longest - position, number) for position, number in enumerate(cohorts)]
    return (
        {f"members_of_{years}_years": number for years, number in numbered},
        {f"value_after_{years}_years": values[years] for years, _ in numbered},
    )
