"""Economic indicators of a country by year, and how its deflator follows from them (giz-2012 Table 2.1)."""

from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from pricing.nssf import indexation as nssf
from tables.kinds.base import LEFT_OUT_OR_STATED, Content, ContentPart
from tables.kinds.mba import ErratumCode
from tables.kinds.nssf_experience import YEARS, YearKey
from tables.numbers import PositiveAmount, parse_decimal

PriceChange = Annotated[Decimal, Field(gt=-1, lt=10), BeforeValidator(parse_decimal)]
"""A change of prices as a fraction, above -1: something is left of them."""

DeflatorMethod = Literal["difference_of_growth", "ratio_of_levels"]


class Indicators(ContentPart):
    """A year of the economy."""

    gdp_current_billions: PositiveAmount
    gdp_constant_billions: PositiveAmount
    consumer_price_change: PriceChange


class Deflator(ContentPart):
    """How the change of the deflator follows from the two kinds of output, and the erratum that this is."""

    method: DeflatorMethod
    erratum: Annotated[ErratumCode | None, LEFT_OUT_OR_STATED] = None


class IndicatorsContent(Content):
    """Indicators by year."""

    currency: Literal["KHR"]
    deflator: Deflator
    years: Annotated[dict[YearKey, Indicators], *YEARS]

    def assumptions(self) -> nssf.Indicators:
        """The indicators as the formulas take them."""
        return nssf.Indicators(
            currency=self.currency,
            deflator=nssf.Deflator(self.deflator.method, self.deflator.erratum),
            years=MappingProxyType(
                {int(year): nssf.IndicatorsOfYear(**self.years[year].model_dump()) for year in sorted(self.years)}
            ),
        )
