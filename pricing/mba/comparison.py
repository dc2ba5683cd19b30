"""Two readings of the tariff side by side: what a published mistake changes."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.mba.assumptions import MbaAssumptions
from pricing.mba.quotes import PremiumOf
from pricing.mba.rate_card import RateCardRow, by_decrement, by_plan

Tariff = tuple[MbaAssumptions, PremiumOf]
"""The tables, and the premiums that they give."""


@dataclass(frozen=True)
class TariffDifference:
    """A cell of the tariff that differs; monthly amounts, unrounded.

    Attributes:
        table: by_decrement or by_plan.
        row: the row, as the first tariff has it.
        package: the column.
        published, corrected: the two readings.
    """

    table: str
    row: RateCardRow
    package: str
    published: Decimal
    corrected: Decimal


def tariff_differences(published: Tariff, corrected: Tariff) -> list[TariffDifference]:
    """Every cell of Tables 8 and 9 that two tariffs price differently."""
    differences = []
    for table, rows_of in (("by_decrement", by_decrement), ("by_plan", by_plan)):
        for row, other in zip(rows_of(*published), rows_of(*corrected), strict=True):
            for package, premium in row.monthly_premiums.items():
                if premium != other.monthly_premiums[package]:
                    differences.append(TariffDifference(table, row, package, premium, other.monthly_premiums[package]))
    return differences
