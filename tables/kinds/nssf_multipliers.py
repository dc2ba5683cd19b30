"""The present value multipliers of the employment injury branch (giz-2012 Annex C)."""

from types import MappingProxyType
from typing import Annotated

from pydantic import Field, field_validator

from pricing.nssf import assumptions as nssf
from tables.kinds.base import LEFT_OUT_OR_STATED, Content, ContentPart
from tables.kinds.life import AgeKey
from tables.kinds.mba import ErratumCode
from tables.numbers import Amount, Rate, Whole


class MultiplierUnit(ContentPart):
    """How often a year the unit is paid, and the erratum that made a reading necessary."""

    per_year: Annotated[Whole, Field(ge=1)]
    erratum: Annotated[ErratumCode | None, LEFT_OUT_OR_STATED] = None


class MultipliersContent(Content):
    """Present value of one unit paid for life, keyed by age."""

    discount_rate: Rate
    unit: MultiplierUnit
    multipliers: dict[AgeKey, Amount] = Field(min_length=2)

    @field_validator("multipliers")
    @classmethod
    def _without_a_gap(cls, multipliers: dict[str, Amount]) -> dict[str, Amount]:
        ages = sorted(map(int, multipliers))
        if ages[-1] - ages[0] >= len(ages):
            raise ValueError("multipliers must have no gap between the first age and the last")
        return multipliers

    def assumptions(self) -> nssf.Multipliers:
        """Multipliers by age, ages ascending."""
        return nssf.Multipliers(
            discount_rate=self.discount_rate,
            unit=nssf.MultiplierUnit(self.unit.per_year, self.unit.erratum),
            multipliers=MappingProxyType(
                {age: self.multipliers[str(age)] for age in sorted(map(int, self.multipliers))}
            ),
        )
