"""Who works in a country, and in enterprises of which size (giz-2012 §2.3, §3.3 and Table 2.5)."""

from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field

from pricing.nssf import economy as nssf
from tables.kinds.base import Content, ContentPart
from tables.numbers import Persons, PositiveAmount, Rate

EnterpriseSize = Literal["1-4", "5-9", "10-19", "20-49", "50-99", "100-499", "500-999", "1000-and-more"]
"""A class of enterprises, by the number of persons in one."""


class LabourForce(ContentPart):
    """The labour force, million persons, and those of it who are employed."""

    millions: PositiveAmount
    employed: Annotated[Persons, Field(gt=0)]


class Enterprises(ContentPart):
    """Enterprises of one class, the persons in them, and which fraction has eight or more."""

    enterprises: Persons
    male: Persons
    female: Persons
    with_eight_or_more: Rate


class EmploymentContent(Content):
    """Employment in one country."""

    labour_force: LabourForce
    insured_workers: Persons
    enterprises: Annotated[dict[EnterpriseSize, Enterprises], Field(min_length=1)]

    def assumptions(self) -> nssf.Employment:
        """The numbers as the formulas take them."""
        return nssf.Employment(
            labour_force=nssf.LabourForce(self.labour_force.millions, self.labour_force.employed),
            insured_workers=self.insured_workers,
            enterprises=MappingProxyType(
                {
                    size: nssf.EnterprisesOfSize(**self.enterprises[size].model_dump())
                    for size in nssf.SIZES
                    if size in self.enterprises
                }
            ),
        )
