"""The words of the MBA tariff, each a schema of its own in the contract, so that a client has one type for each."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from api.requests import Amount
from tables.kinds import mba, mba_claims, mba_finance

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
Decision = TypeAliasType(
    "Decision",
    Annotated[
        Literal["payable", "excluded", "not_covered"],
        Field(
            description=(
                "What is decided on a claim. `payable`: the rules pay, if only a part, which may come to 0. "
                "`excluded`: insured, but in a circumstance in which nothing is paid. `not_covered`: not insured, or a "
                "condition of the cover is not met."
            )
        ),
    ],
)
CauseOfDeath = TypeAliasType(
    "CauseOfDeath",
    Annotated[
        Literal["natural", "accident"],
        Field(
            description=(
                "What a person died of. `accident`: an unforeseen external event that injured at once; `natural`: "
                "anything else."
            )
        ),
    ],
)
CauseOfDisability = TypeAliasType(
    "CauseOfDisability",
    Annotated[
        Literal["accident", "illness"],
        Field(description="What disabled a person; only an `accident` is insured."),
    ],
)
Circumstance = TypeAliasType(
    "Circumstance",
    Annotated[
        mba.DeathExclusion,
        Field(
            description=(
                "A circumstance in which no death benefit is paid. `hunting`, `motor_race` and `illegal_activity` are "
                "accidents in them, a robbery among the last; `suicide` is an attempt to die too."
            )
        ),
    ],
)
Loss = TypeAliasType(
    "Loss",
    Annotated[
        mba_claims.Loss,
        Field(
            description=(
                "A permanent loss, of the thing or of its function: a line of the table of disabilities. "
                "`other_finger` and `other_toe` are one finger and one toe."
            )
        ),
    ],
)
HospitalEvent = TypeAliasType(
    "HospitalEvent",
    Annotated[mba_claims.HospitalEventName, Field(description="What brought a person into hospital.")],
)
ReinsuredKind = TypeAliasType(
    "ReinsuredKind",
    Annotated[
        mba_finance.ReinsuredKind,
        Field(description="What the mutual paid for; the treaties do not cover `hospitalization`."),
    ],
)
AnnualLimit = Annotated[
    Amount | None,
    Field(
        description=(
            "The most that the reinsurer pays in a year, a number of USD, agreed between the treaty's minimum and "
            "maximum. Default: the maximum."
        )
    ),
]
