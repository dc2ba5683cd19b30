"""What monitoring must know, as the formulas take it. Filled from tables; no figure stands here."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

ABOVE = "above"
BELOW = "below"
AT_LEAST = "at_least"
AT_MOST = "at_most"
RISING = "rising"
FALLING = "falling"

BEFORE_SUBSIDIES = "before_subsidies"
AFTER_SUBSIDIES = "after_subsidies"


@dataclass(frozen=True)
class Benchmark:
    """What an indicator is held against.

    Attributes:
        bound: above, below, at_least, at_most; rising or falling from one period to the next.
        value: the limit; of a rising one the value at which it need rise no more; None where there is none.
        ceiling: the other end of a range, or None.
    """

    bound: str
    value: Decimal | None
    ceiling: Decimal | None


@dataclass(frozen=True)
class Benchmarks:
    """The guide's Table 4.

    Attributes:
        indicators: by the indicator's name.
        net_income_line: whether net income is that before (line Y) or after (line Z) occasional subsidies.
    """

    indicators: Mapping[str, Benchmark]
    net_income_line: str


@dataclass(frozen=True)
class PortfolioTerms:
    """What a portfolio's lists rest on.

    Attributes:
        premium_term_months: how long a premium covers where a row does not say it.
        services: the services covered, in the order of the listings.
    """

    premium_term_months: int
    services: tuple[str, ...]
