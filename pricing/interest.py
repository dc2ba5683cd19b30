"""Compound interest."""

from decimal import Decimal

from pricing.arithmetic import ONE
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
