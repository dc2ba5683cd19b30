"""Named rounding policies. Formulas never round; an answer does, once, from the unrounded value."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

from pricing.arithmetic import CONTEXT, PERCENT_POWER
from pricing.errors import DomainError

# Formulas carry 34 digits. The last four are guard digits: a quotient whose exact value ends in 5 must round up even
# where a division before it left the 34th digit one short.
_GUARDED = Context(prec=30, rounding=ROUND_HALF_EVEN)


class AmountTooLarge(DomainError):
    """An amount whose digits do not reach to its last decimal place: what stood there would be no digit of it."""

    def __str__(self) -> str:
        return (
            "An amount of the answer is too large to be exact to its last decimal place. "
            "Send smaller amounts, or less extreme rates."
        )


@dataclass(frozen=True)
class Rounding:
    """Round half up to a number of decimal places, or up.

    Attributes:
        places: decimal places kept.
        mode: decimal's own name of the direction.
    """

    places: int
    mode: str = ROUND_HALF_UP

    def round(self, value: Decimal) -> Decimal:
        """The value rounded to `places` decimals. Raises: AmountTooLarge."""
        guarded = _GUARDED.plus(value)
        if guarded and guarded.adjusted() + self.places >= _GUARDED.prec:
            raise AmountTooLarge
        return guarded.quantize(Decimal(1).scaleb(-self.places), rounding=self.mode, context=_GUARDED)

    def text(self, value: Decimal) -> str:
        """The rounded value as it stands in an answer: plain digits, every decimal place shown."""
        rounded = self.round(value)
        return f"{rounded or rounded.copy_abs():f}"  # nothing is neither above nor below zero


EXACT = Rounding(12)  # exact amounts, annual premiums, rates and ratios
MONTHLY = Rounding(2)  # gross monthly premiums and component totals
WHOLE_RIEL = Rounding(0)  # amounts payable
CENTS = Rounding(2)  # amounts in USD
PERSONS = Rounding(0)  # numbers of members
MILLION_KHR = Rounding(6)  # expenditure, contributions and liabilities of a branch
PROPOSED_RATE = Rounding(3, ROUND_CEILING)  # proposed contribution rates, never down


def without_guard_digits(value: Decimal) -> Decimal:
    """A value as rounding sees it: what is compared with a limit must be at it where the rounded figure is."""
    return _GUARDED.plus(value)


def plain(value: Decimal) -> str:
    """An unrounded decimal without exponent or trailing zeros: `4.5`, `90000`, `0`."""
    if not value:
        return "0"  # whatever its exponent: a zero may claim a thousand million places
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(fraction: Decimal) -> str:
    """An unrounded fraction in percent: `0.75` is `75`."""
    return plain(fraction.scaleb(PERCENT_POWER, CONTEXT))


def fraction(percentage: Decimal) -> Decimal:
    """A percentage as a fraction, exact: `75` is `0.75`."""
    return percentage.scaleb(-PERCENT_POWER, CONTEXT)
