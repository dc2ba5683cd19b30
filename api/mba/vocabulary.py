"""The words of the MBA tariff, each a schema of its own in the contract, so that a client has one type for each."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from tables.kinds import mba

Package = TypeAliasType(
    "Package",
    Annotated[mba.Package, Field(description="A package of the tariff; A has the lowest benefits, F the highest.")],
)
PlanType = TypeAliasType(
    "PlanType",
    Annotated[
        mba.PlanTypeName,
        Field(
            description=(
                "Who a plan insures beside additional persons. `single`: the member. `couple`: member and spouse. "
                "`single_parent`: member and children. `couple_with_children`: member, spouse and children."
            )
        ),
    ],
)
Insured = TypeAliasType(
    "Insured",
    Annotated[
        mba.Insured,
        Field(
            description=(
                "A kind of insured person. `primary_member`: the member. `secondary_member`: the spouse. `child`: "
                "children aged 1-14. `additional_15_65`, `additional_66_75`: other relatives, by age."
            )
        ),
    ],
)
Coverage = TypeAliasType(
    "Coverage",
    Annotated[
        Literal["natural_death", "accident", "hospitalization"],
        Field(
            description=(
                "What is insured. `natural_death`: death but by accident; funeral assistance at ages 1-14 and 66-75. "
                "`accident`: accidental death or total permanent disability. `hospitalization`: days in hospital."
            )
        ),
    ],
)
