"""What a request about any scheme's cost ratio says: which scheme, and of which tables."""

from typing import Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from api.answers import DecimalText, Part
from api.engine import Basis
from api.requests import OwnFields
from api.shi.civil_servants import CoPaymentRequest
from api.shi.scenarios import BenefitsRequest, ScenarioNumber, combination
from pricing.leaves import Path
from pricing.shi.assumptions import ByCare
from pricing.shi.cost_ratio import PublicScheme, Scheme, ShiTables
from tables.pointers import pointer

ROLES = ("shi_basis", "maternity_basis", "sickness_basis", "nssfc_basis")

_NOTHING: JsonDict = {"type": "null"}
_OBJECT: JsonDict = {"type": "object"}


class PublicSchemeRequest(OwnFields):
    """The scheme of civil servants and public pensioners."""

    contribution_base: Literal["basic", "full"] = Field(
        default="basic",
        description=(
            "What contributions are paid on. `basic`: salaries and pensions without allowances. `full`: with them."
        ),
    )
    co_payment: CoPaymentRequest | None = Field(
        default=None, description="What patients pay of each service. Default: nothing."
    )


class SchemeFields(OwnFields):
    """Whose cost ratio: a scenario's of the report, that of benefits of one's own choice, or the civil servants'."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["scenario"], "properties": {"scenario": {"type": "number"}}},
            "then": {"properties": {"benefits": _NOTHING, "civil_servants": _NOTHING}},
            "else": {
                "if": {"required": ["benefits"], "properties": {"benefits": _OBJECT}},
                "then": {"properties": {"civil_servants": _NOTHING}},
                "else": {"required": ["civil_servants"], "properties": {"civil_servants": _OBJECT}},
            },
        }
    )

    scenario: ScenarioNumber | None = Field(
        default=None,
        description="Number of a scenario of the report, 1 to 3; exactly one of this, `benefits` and `civil_servants`.",
    )
    benefits: BenefitsRequest | None = Field(
        default=None, description="Benefits of the private sector to combine, in place of a scenario."
    )
    civil_servants: PublicSchemeRequest | None = Field(
        default=None, description="The scheme of civil servants and public pensioners, in place of a scenario."
    )

    @model_validator(mode="after")
    def _one_of_all(self) -> Self:
        given = [each for each in (self.scenario, self.benefits, self.civil_servants) if each is not None]
        if len(given) != 1:
            raise PydanticCustomError("one_scheme", "needs either scenario or benefits or civil_servants")
        return self


class FigureAnswer(Part):
    """A figure of a table."""

    role: Literal["shi_basis", "maternity_basis", "sickness_basis", "nssfc_basis"] = Field(
        description="The role of the table."
    )
    pointer: str = Field(description="JSON pointer to the figure in the table's content.")


class ChangedFigureAnswer(FigureAnswer):
    """A figure of a table, and another in its place."""

    before: DecimalText = Field(
        description="The figure as the table has it: KHR or USD, a fraction, a multiple or a number of something."
    )
    after: DecimalText = Field(
        description="The other in its place: KHR or USD, a fraction, a multiple or a number of the same."
    )


def scheme(request: SchemeFields, basis: Basis) -> Scheme:
    """Whose cost ratio a request asks for."""
    asked = combination(request.scenario, request.benefits, basis)
    if asked is not None:
        return asked
    public = request.civil_servants or PublicSchemeRequest()
    paid = public.co_payment or CoPaymentRequest()
    return PublicScheme(public.contribution_base, ByCare(paid.outpatient, paid.inpatient))


def tables(basis: Basis) -> ShiTables:
    """What the cost ratios rest on."""
    return ShiTables(**{role: basis.assumptions[role] for role in ROLES})


def figure(path: Path) -> dict[str, Any]:
    """Where a figure stands."""
    role, *steps = path
    return {"role": role, "pointer": pointer(*steps)}
