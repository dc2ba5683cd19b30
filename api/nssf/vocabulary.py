"""The words of the employment injury branch, each a schema of its own in the contract."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from tables.kinds import nssf_contributions

Sector = TypeAliasType(
    "Sector",
    Annotated[nssf_contributions.Sector, Field(description="The economic sector of an enterprise.")],
)
DisabilityForm = TypeAliasType(
    "DisabilityForm",
    Annotated[
        Literal["lump_sum", "pension"],
        Field(
            description=(
                "How a permanent disability is paid: `lump_sum` once, for a loss of working capacity below the "
                "threshold; `pension` by month, from the threshold on."
            )
        ),
    ],
)
CaseBenefit = TypeAliasType(
    "CaseBenefit",
    Annotated[
        Literal[
            "temporary_disability",
            "lump_sum",
            "disability_pension",
            "caretaker_benefit",
            "funeral_grant",
            "survivors_pensions",
        ],
        Field(description="A benefit of a case. `survivors_pensions` are those of the whole family."),
    ],
)
