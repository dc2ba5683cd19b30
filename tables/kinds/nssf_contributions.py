"""What insurance against employment injury costs (giz-2012 §3.4)."""

from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import model_validator

from pricing.nssf import assumptions as nssf
from tables.kinds.base import Content
from tables.kinds.mba import every
from tables.numbers import Amount, Rate, Whole

Sector = Literal[
    "garment_and_footwear",
    "manufacturing_other",
    "mining_and_construction",
    "transport_and_communications",
    "wholesale_and_retail",
    "services",
]


class ContributionsContent(Content):
    """Insured wage and rates."""

    currency: Literal["KHR"]
    minimum_workers: Whole
    floor: Amount
    ceiling: Amount
    rate: Rate
    subsidy_rates: Annotated[dict[Sector, Rate], every(Sector)]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.floor > self.ceiling:
            raise ValueError("floor must not be above ceiling")
        if max(self.subsidy_rates.values()) > self.rate:
            raise ValueError("a subsidy must not be above the rate that it is a part of")
        return self

    def assumptions(self) -> nssf.Contributions:
        """The contributions as the formulas take them."""
        return nssf.Contributions(
            currency=self.currency,
            minimum_workers=self.minimum_workers,
            floor=self.floor,
            ceiling=self.ceiling,
            rate=self.rate,
            subsidy_rates=MappingProxyType(dict[str, Decimal](self.subsidy_rates.items())),
        )
