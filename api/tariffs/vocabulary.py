"""The words that schemes' premium scales share, each a schema of its own in the contract."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from api.addresses import NamedTable
from tables.kinds.tariffs import MAX_NAME, NAME_PATTERN

SCHEME = NamedTable(
    parameter="scheme",
    role="tariff",
    prefix="tariff-",
    description="A scheme that `GET /v1/tariffs` lists.",
    example="brac",
)
"""The scheme that an address names: `brac` is the table `tariff-brac`."""

MembershipClass = TypeAliasType(
    "MembershipClass",
    Annotated[
        str,
        Field(
            pattern=NAME_PATTERN,
            max_length=MAX_NAME,
            description="A class of members, as the scheme's table calls it; `GET /v1/tariffs` lists them.",
        ),
    ],
)
ChargedFor = TypeAliasType(
    "ChargedFor",
    Annotated[
        Literal["person", "family", "income"],
        Field(
            description=(
                "What a premium is charged for. `person`: an amount for each person. `family`: an amount for all "
                "persons together. `income`: a fraction of the income."
            )
        ),
    ],
)
