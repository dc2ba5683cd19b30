"""The formulas of one year of the programme's fund (suan-2009 Tables 11 and 12)."""

from decimal import Decimal

from pricing.arithmetic import ONE, ZERO
from pricing.interest import half_year_accumulation_factor
from pricing.trace import formula


@formula("A2", source="suan-2009 Table 11", unit="currency a year")
def premium_income(members: Decimal, premium: Decimal) -> Decimal:
    """Premiums of a year.

    Formula: A2 = N · P
    Args:
        members: N, of the year.
        premium: P, gross annual premium of one member.
    Returns: an amount a year, unrounded.
    """
    return members * premium


@formula("A3", source="suan-2009 Table 11", unit="currency a year")
def subsidy(operating_expenses: Decimal, expense_allowance: Decimal) -> Decimal:
    """What a donor pays of the operating expenses.

    Formula: A3 = max(0, A4 - expense loading of the premiums)
    Args:
        operating_expenses: A4, of the year.
        expense_allowance: the part of the year's premiums that is for expenses.
    Returns: an amount a year, unrounded.
    """
    return max(ZERO, operating_expenses - expense_allowance)


@formula("A7", source="suan-2009 Table 11", unit="currency")
def fund_at_beginning(
    fund_before: Decimal,
    premium_income: Decimal,
    subsidy: Decimal,
    operating_expenses: Decimal,
    commission: Decimal,
    equity_paid: Decimal,
) -> Decimal:
    """The fund at the beginning of a year.

    Formula: A7 = A1 + A2 + A3 - A4 - A5 - A6
    Args:
        fund_before: A1, at the end of the year before.
        premium_income: A2, of the year.
        subsidy: A3, of the year.
        operating_expenses: A4, of the year.
        commission: A5, of the year.
        equity_paid: A6, to members who withdraw.
    Returns: an amount, unrounded.
    """
    return fund_before + premium_income + subsidy - operating_expenses - commission - equity_paid


@formula("B1, C1", source="suan-2009 Table 11", unit="currency")
def half_a_year_later(fund: Decimal, interest_rate: Decimal) -> Decimal:
    """The fund after half a year's interest.

    Formula: fund · (1+i)^(1/2)
    Args:
        fund: at the beginning or in the middle of the year.
        interest_rate: i, effective annual rate.
    Returns: an amount, unrounded.
    """
    return fund * half_year_accumulation_factor(interest_rate)


@formula("B5", source="suan-2009 Table 11", unit="currency")
def fund_in_the_middle(
    fund_before_claims: Decimal,
    natural_death_claims: Decimal,
    accident_claims: Decimal,
    hospitalization_claims: Decimal,
) -> Decimal:
    """The fund in the middle of a year, when claims fall on average.

    Formula: B5 = B1 - B2 - B3 - B4
    Args:
        fund_before_claims: B1, with interest.
        natural_death_claims: B2, of the year.
        accident_claims: B3, of the year.
        hospitalization_claims: B4, of the year.
    Returns: an amount, unrounded.
    """
    return fund_before_claims - natural_death_claims - accident_claims - hospitalization_claims


@formula("surplus", source="suan-2009 Table 12", unit="currency")
def surplus(expense_allowance: Decimal, operating_expenses: Decimal, interest_rate: Decimal) -> Decimal:
    """What the year's operating expenses leave of their loading, with a year's interest.

    Formula: surplus = max(0, expense loading of the premiums - A4) · (1 + i)
    Args:
        expense_allowance: the part of the year's premiums that is for expenses.
        operating_expenses: A4, of the year.
        interest_rate: i, effective annual rate.
    Returns: an amount, unrounded.
    """
    return max(ZERO, expense_allowance - operating_expenses) * (ONE + interest_rate)
