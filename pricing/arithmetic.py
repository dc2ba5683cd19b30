"""The one decimal context in which every formula runs."""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

PRECISION = 34
CONTEXT = Context(prec=PRECISION, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow])

ZERO = Decimal(0)
ONE = Decimal(1)
THOUSAND = Decimal(1_000)
MILLION = Decimal(1_000_000)

# The same units as powers of ten, for `scaleb`, which moves the point and divides nothing.
PERCENT_POWER = 2
HUNDRED_THOUSAND_POWER = 5
MILLION_POWER = 6


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The sum, a decimal also where there is nothing to add up."""
    return sum(amounts, start=ZERO)
