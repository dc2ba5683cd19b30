"""Life tables."""

from itertools import pairwise
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, field_validator

from pricing.life import LifeTable
from tables.kinds.base import Content
from tables.numbers import Lives

AgeKey = Annotated[str, Field(pattern=r"^(0|[1-9][0-9]?|1[01][0-9]|120)$")]


class LifeTableContent(Content):
    """Survivors l_x at the first age of each age group, keyed by age."""

    fractional_age_assumption: Literal["uniform_distribution_of_deaths"]
    sex: Literal["both", "female", "male"]
    survivors: dict[AgeKey, Lives] = Field(min_length=2)

    @field_validator("survivors")
    @classmethod
    def _never_increasing(cls, survivors: dict[str, Lives]) -> dict[str, Lives]:
        ages = sorted(survivors, key=int)
        for younger, older in pairwise(ages):
            if survivors[older] > survivors[younger]:
                raise ValueError(f"survivors at age {older} exceed those at age {younger}: they can never increase")
        return survivors

    def assumptions(self) -> LifeTable:
        """Survivors by age, ages ascending."""
        return LifeTable(MappingProxyType({age: self.survivors[str(age)] for age in sorted(map(int, self.survivors))}))
