"""Exact arithmetic to hold the formulas against, and what their 34 digits may be off by."""

from decimal import Decimal
from fractions import Fraction

from pricing.arithmetic import CONTEXT

ONE_ROUNDING = Fraction(1, 2 * 10**33)
"""How far one operation in 34 digits can be off, relative to its result: half a unit in the last digit."""


def nearest(exact: Fraction) -> Decimal:
    """The decimal of 34 digits that is nearest to an exact value."""
    return CONTEXT.divide(Decimal(exact.numerator), Decimal(exact.denominator))


def agree(left: Fraction, right: Fraction, roundings: int) -> bool:
    """Whether two values are equal but for a number of roundings on the way to them."""
    return abs(left - right) <= ((1 + ONE_ROUNDING) ** roundings - 1) * max(abs(left), abs(right))
