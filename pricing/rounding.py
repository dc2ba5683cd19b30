"""Named rounding policies. Formulas never round; an answer does, once, from the unrounded value."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

# Wide enough that quantizing never runs out of digits, whatever a formula returns.
_WIDE = Context(prec=200)

# Formulas carry 34 digits. The last four are guard digits: a quotient whose exact value ends in 5 must round up even
# where a division before it left the 34th digit one short.
_GUARDED = Context(prec=30, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True)
class Rounding:
    """Round half up to a number of decimal places.

    Attributes:
        name: what the policy is called in the documentation.
        places: decimal places kept.
    """

    name: str
    places: int

    def round(self, value: Decimal) -> Decimal:
        """The value rounded half up to `places` decimals."""
        guarded = _GUARDED.plus(value)
        return guarded.quantize(Decimal(1).scaleb(-self.places), rounding=ROUND_HALF_UP, context=_WIDE)

    def text(self, value: Decimal) -> str:
        """The rounded value as it stands in an answer: plain digits, every decimal place shown."""
        return format(self.round(value), "f")


EXACT = Rounding("exact amounts, annual premiums, rates and ratios", 12)
MONTHLY = Rounding("gross monthly premiums and component totals", 2)
WHOLE_RIEL = Rounding("amounts payable", 0)


def plain(value: Decimal) -> str:
    """An unrounded decimal without exponent or trailing zeros: `4.5`, `90000`, `0`."""
    if not value:
        return "0"  # whatever its exponent: a zero may claim a thousand million places
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
