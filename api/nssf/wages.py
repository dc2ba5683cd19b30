"""The reference wage in requests and answers: one amount, or a history of monthly wages."""

from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import Field, model_validator
from pydantic.config import JsonDict

from api.amounts import whole_riel
from api.answers import DecimalText, Part
from api.choices import AMOUNT, Choice, ExactlyOne
from api.engine import Basis
from api.requests import Amount, OwnFields
from pricing.nssf.assumptions import Provisions
from pricing.nssf.wages import ReferenceWageUsed
from pricing.rounding import plain

MAX_MONTHS = 600

_WAGE = ExactlyOne(Choice("monthly_reference_wage", AMOUNT), Choice("monthly_wages", "array"))
WAGE_RULE: JsonDict = _WAGE.schema()
"""What the fields of a wage must hold together, for the contract."""


class WageFields(OwnFields):
    """A reference wage."""

    monthly_reference_wage: Amount | None = Field(
        default=None,
        description=(
            "Reference wage, KHR a month. It is taken as it is: the floor and the ceiling of contributions do not bind "
            "it. Exactly one of `monthly_reference_wage` and `monthly_wages`."
        ),
    )
    monthly_wages: Annotated[list[Amount], Field(min_length=1, max_length=MAX_MONTHS)] | None = Field(
        default=None,
        description=(
            "Wages of the months before the injury, KHR, oldest first. The reference wage is the mean of the last "
            "twelve of them, or of all if they are fewer."
        ),
    )

    @model_validator(mode="after")
    def _one_wage(self) -> Self:
        _WAGE.check(self)
        return self

    def wages(self) -> tuple[Decimal, ...]:
        """The wages whose mean is the reference wage, oldest first."""
        if self.monthly_reference_wage is not None:
            return (self.monthly_reference_wage,)
        return tuple(self.monthly_wages or ())


class ReferenceWageAnswer(Part):
    """The reference wage that was used."""

    monthly_amount: DecimalText = Field(description="The reference wage, KHR a month, whole riel.")
    monthly_amount_exact: DecimalText = Field(description="The same before it is rounded, KHR a month.")
    wages_used: list[DecimalText] = Field(
        description="The monthly wages that it is the mean of, KHR, oldest first: the last ones of those given."
    )


class WageAnswer(Part):
    """What every answer on a wage has."""

    currency: str = Field(description="Currency of every amount, ISO 4217: KHR.")
    reference_wage: ReferenceWageAnswer = Field(description="The wage that the benefits follow from.")


def wage_answer(wage: ReferenceWageUsed, basis: Basis) -> dict[str, Any]:
    """The fields of every answer on a wage."""
    provisions: Provisions = basis.assumptions["provisions"]
    return {
        "currency": provisions.currency,
        "reference_wage": {
            **whole_riel("monthly_amount", wage.monthly),
            "wages_used": [plain(each) for each in wage.wages],
        },
    }
