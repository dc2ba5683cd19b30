"""Compound interest."""

from decimal import Decimal

from pricing.arithmetic import ONE, ZERO
from pricing.trace import formula


@formula("v", source="suan-2009 Table 1", unit="fraction")
def discount_factor(interest_rate: Decimal) -> Decimal:
    """Present value of 1 due at the end of a year.

    Formula: v = 1 / (1 + i)
    Args:
        interest_rate: i, effective annual rate as a fraction, >= 0.
    Returns: a fraction in (0, 1].
    """
    return ONE / (ONE + interest_rate)


@formula("v^(1/2)", source="suan-2009 §II Net Premiums", unit="fraction")
def mid_year_discount_factor(interest_rate: Decimal) -> Decimal:
    """Present value of 1 due in the middle of the year, when claims fall on average.

    Formula: v^(1/2) = √v
    Args:
        interest_rate: i, effective annual rate as a fraction, >= 0.
    Returns: a fraction in (0, 1].
    """
    return discount_factor(interest_rate).sqrt()


@formula("(1+i)^(1/2)", source="suan-2009 §II Cash Flows", unit="multiple")
def half_year_accumulation_factor(interest_rate: Decimal) -> Decimal:
    """What 1 grows to in half a year.

    Formula: (1+i)^(1/2) = √(1 + i)
    Args:
        interest_rate: i, effective annual rate as a fraction, >= 0.
    Returns: a multiple, at least 1.
    """
    return (ONE + interest_rate).sqrt()


@formula("s̈_n", source="suan-2009 Table 1", unit="years' payments")
def accumulated_annuity_due(interest_rate: Decimal, years: int) -> Decimal:
    """What 1 paid at the beginning of each of n years has grown to at the end of the last.

    Formula: s̈_n = ((1 + i)^n - 1) / (i · v) = Σ (1 + i)^k, k = 1 … n
    Args:
        interest_rate: i, effective annual rate as a fraction, >= 0.
        years: n, >= 0.
    Returns: a number of payments, unrounded; 0 for no years.
    """
    growth, total = ONE, ZERO
    for _ in range(years):
        growth *= ONE + interest_rate
        total += growth
    return total
