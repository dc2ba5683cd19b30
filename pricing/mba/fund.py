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


@formula("expense loading", source="suan-2009 Appendix E", unit="currency a year")
def expense_allowance(members: Decimal, allowance_of_member: Decimal) -> Decimal:
    """The part of a year's premiums that is for expenses.

    Formula: expense loading of the premiums = N · expense loading of a member's premium
    Args:
        members: N, of the year.
        allowance_of_member: the part of one member's annual premium that is for expenses.
    Returns: an amount a year, unrounded.
    """
    return members * allowance_of_member


@formula("A5", source="suan-2009 Table 11", unit="currency a year")
def commission(members: Decimal, commission_of_member: Decimal) -> Decimal:
    """Commission of a year.

    Formula: A5 = N · commission of a member's premium
    Args:
        members: N, of the year.
        commission_of_member: the part of one member's annual premium that is for commission.
    Returns: an amount a year, unrounded.
    """
    return members * commission_of_member


@formula("B2, B3, B4", source="suan-2009 Table 11", unit="currency a year")
def expected_claims(coverage: str, members: Decimal, claims_of_member: Decimal) -> Decimal:
    """What a coverage is expected to pay in a year.

    Formula: claims = N · Σ E[S]
    Args:
        coverage: whose claims they are.
        members: N, of the year.
        claims_of_member: Σ E[S], over the persons that a member's plan insures.
    Returns: an amount a year, unrounded.
    """
    del coverage  # it tells the nodes of an explanation apart
    return members * claims_of_member


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


@formula("contingency reserve", source="suan-2009 Table 12", unit="currency")
def contingency_reserve(fund_end: Decimal, equity_reserve: Decimal, surplus: Decimal) -> Decimal:
    """The part of the fund that nobody's equity value and no surplus claims.

    Formula: contingency reserve = C1 - equity reserve - surplus
    Args:
        fund_end: C1, the fund at the end of the year.
        equity_reserve: equity values of everybody who is still a member.
        surplus: of the year.
    Returns: an amount, unrounded.
    """
    return fund_end - equity_reserve - surplus
