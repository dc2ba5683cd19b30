"""Benefits of the employment injury branch (giz-2012 §3.6)."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from pricing.nssf import assumptions as nssf
from tables.kinds.base import LEFT_OUT_OR_STATED, Content, ContentPart
from tables.kinds.mba import every
from tables.numbers import Amount, Rate, Whole

SurvivorClass = Literal["spouse", "children", "parents"]
Composition = Literal[
    "spouse",
    "children",
    "parents",
    "spouse_and_children",
    "spouse_and_parents",
    "children_and_parents",
    "spouse_and_children_and_parents",
]
Divisor = Annotated[Whole, Field(ge=1)]


def _each_of_the_family(shares: Mapping[Composition, Mapping[SurvivorClass, Decimal]]) -> Mapping[Composition, object]:
    for composition, classes in shares.items():
        if set(classes) != set(composition.split("_and_")):
            raise ValueError("a composition has a share for each of its classes and for no other")
    return shares


class ReferenceWage(ContentPart):
    """How a history of wages becomes the reference wage, and whether it is bounded."""

    maximum_months: Divisor
    minimum: Annotated[Amount | None, LEFT_OUT_OR_STATED] = None
    maximum: Annotated[Amount | None, LEFT_OUT_OR_STATED] = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError("minimum must not be above maximum")
        return self


class TemporaryDisability(ContentPart):
    """Absence from work."""

    replacement_rate: Rate
    waiting_days: Whole
    employer_rate: Rate
    days_per_month: Divisor


class DisabilityFactors(ContentPart):
    """Factors of the lump sum and of the pension."""

    lump_sum: Rate
    pension: Rate


class PermanentDisability(ContentPart):
    """Loss of working capacity; losses are fractions."""

    replacement_rate: Rate
    pension_from: Rate
    factors: DisabilityFactors
    ilo_recommended: DisabilityFactors
    caretaker_from: Rate
    caretaker_rate: Rate

    @model_validator(mode="after")
    def _caretaker_of_a_pensioner(self) -> Self:
        if self.caretaker_from < self.pension_from:
            raise ValueError(
                "caretaker_from must not be below pension_from: the caretaker's benefit is a part of a pension"
            )
        return self

    def assumptions(self) -> nssf.PermanentDisability:
        """The terms as the formulas take them."""
        return nssf.PermanentDisability(
            replacement_rate=self.replacement_rate,
            pension_from=self.pension_from,
            factors=nssf.DisabilityFactors(**self.factors.model_dump()),
            ilo_recommended=nssf.DisabilityFactors(**self.ilo_recommended.model_dump()),
            caretaker_from=self.caretaker_from,
            caretaker_rate=self.caretaker_rate,
        )


class Survivors(ContentPart):
    """Shares of the reference wage by composition of the family."""

    maximum_share: Rate
    shares: Annotated[
        dict[Composition, dict[SurvivorClass, Rate]], every(Composition), AfterValidator(_each_of_the_family)
    ]

    def assumptions(self) -> nssf.Survivors:
        """The shares as the formulas take them."""
        shares: dict[str, Mapping[str, Decimal]] = {
            composition: MappingProxyType(dict[str, Decimal](classes.items()))
            for composition, classes in self.shares.items()
        }
        return nssf.Survivors(self.maximum_share, MappingProxyType(shares))


class ProvisionsContent(Content):
    """Benefits in cash."""

    currency: Literal["KHR"]
    months_per_year: Divisor
    reference_wage: ReferenceWage
    temporary_disability: TemporaryDisability
    permanent_disability: PermanentDisability
    survivors: Survivors
    funeral_grant: Amount

    def assumptions(self) -> nssf.Provisions:
        """The provisions as the formulas take them."""
        return nssf.Provisions(
            currency=self.currency,
            months_per_year=self.months_per_year,
            reference_wage=nssf.ReferenceWage(**self.reference_wage.model_dump()),
            temporary_disability=nssf.TemporaryDisability(**self.temporary_disability.model_dump()),
            permanent_disability=self.permanent_disability.assumptions(),
            survivors=self.survivors.assumptions(),
            funeral_grant=self.funeral_grant,
        )
