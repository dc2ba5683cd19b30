"""Who was injured, in requests: the wage, and the age at the injury."""

from typing import Self

from pydantic import Field, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from api.choices import Choice, ExactlyOne
from api.nssf.wages import WageFields
from api.requests import Date
from pricing.nssf.refusals import age_at
from tables.numbers import Age

_AGE = ExactlyOne(Choice("age", "integer"), Choice("birth_date", "string", {"date_of_injury": "string"}))
AGE_RULE: JsonDict = _AGE.schema()
"""What the fields of an age must hold together, for the contract."""


class WorkerFields(WageFields):
    """An injured worker."""

    age: Age | None = Field(
        default=None,
        description="Age in completed years at the injury, up to 105. Exactly one of `age` and `birth_date`.",
    )
    birth_date: Date | None = Field(
        default=None,
        description=(
            "Date of birth, YYYY-MM-DD, beside `date_of_injury`; who was born on 29 February is a year older on "
            "1 March."
        ),
    )
    date_of_injury: Date | None = Field(
        default=None, description="Date of the injury, YYYY-MM-DD, which chooses the versions in place of `as_of`."
    )

    @model_validator(mode="after")
    def _one_age(self) -> Self:
        _AGE.check(self)
        if self.birth_date is not None and self.date_of_injury is None:
            raise PydanticCustomError("date_of_injury", "needs date_of_injury beside birth_date")
        return self

    @property
    def age_field(self) -> str:
        """The field that says the age."""
        return "age" if self.birth_date is None else "birth_date"

    def age_at_injury(self) -> int:
        """Completed years on the day of the injury. Raises: ImpossibleCase, for who was born later."""
        if self.birth_date is not None and self.date_of_injury is not None:
            return age_at(self.birth_date, self.date_of_injury, "birth_date")
        if self.age is None:
            raise AssertionError("a worker has an age or a date of birth")
        return self.age
