"""What the projections of the MBA programme share: the request that says what is projected, and their tables."""

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.engine import Basis
from api.mba.tariff import ROLES as TARIFF_ROLES
from api.mba.tariff import price_rows
from api.mba.vocabulary import AnnualLimit, Package, PlanType
from api.requests import Growth, OwnFields, Rate
from pricing.mba.assumptions import MbaAssumptions, Reinsurance
from pricing.mba.enrolment import GrowthPlan, Programme
from pricing.mba.projection import Projection, financial_projection
from pricing.mba.projection_basis import ProjectionBasis
from pricing.mba.quotes import PremiumOf
from tables.kinds.mba_projection import MAX_YEARS
from tables.numbers import MAX_PERSONS, parse_whole

ROLES = (*TARIFF_ROLES, "projection_basis")
REINSURED_ROLES = (*ROLES, "reinsurance")
MAX_FEDERATIONS = 50

Members = Annotated[int, Field(ge=0, le=MAX_PERSONS), BeforeValidator(parse_whole)]

MEMBERS_OR_GROWTH_PLAN: dict[str, Any] = {
    "if": {"required": ["members"], "properties": {"members": {"type": "array"}}},
    "then": {"properties": {"growth_plan": {"type": "null"}}},
}


class FederationRequest(OwnFields):
    """A federation whose members may enrol."""

    federation: str = Field(
        pattern="^[A-Za-z0-9][A-Za-z0-9 ._-]*$", max_length=40, description="Its name, for the answer."
    )
    members: Members = Field(description="Number of persons in it.")


class GrowthPlanRequest(OwnFields):
    """How the membership grows; what is left out is the projection basis's."""

    federations: Annotated[list[FederationRequest], Field(min_length=1, max_length=MAX_FEDERATIONS)] | None = Field(
        default=None, description="The federations. Default: those of the projection basis."
    )
    take_up_rate: Rate | None = Field(
        default=None, description="Fraction of them that enrols in the first year. Default: the projection basis's."
    )
    growth_rates: Annotated[list[Growth], Field(max_length=MAX_YEARS - 1)] | None = Field(
        default=None,
        description=(
            "Growth of the members over the year before, a fraction, from the second year on: one rate fewer than "
            "the projection has years. Default: the projection basis's."
        ),
    )


class ProgrammeFields(OwnFields):
    """What is projected: a plan, and how many members have it in each year."""

    model_config = ConfigDict(json_schema_extra=MEMBERS_OR_GROWTH_PLAN)

    package: Package | None = Field(
        default=None, description="The package that every member has. Default: the projection basis's."
    )
    plan_type: PlanType | None = Field(
        default=None, description="The household form that every member has. Default: the projection basis's."
    )
    members: Annotated[list[Members], Field(min_length=1, max_length=MAX_YEARS)] | None = Field(
        default=None,
        description=(
            "Number of members in each year; as many years are projected. Default: as they follow from the growth plan."
        ),
    )
    growth_plan: GrowthPlanRequest | None = Field(
        default=None,
        description="How the membership grows, in place of `members`. Default: the plan of the projection basis.",
    )

    @model_validator(mode="after")
    def _one_enrolment(self) -> Self:
        if self.members is not None and self.growth_plan is not None:
            raise PydanticCustomError("members_or_growth_plan", "has both members and growth_plan: send one of them")
        return self


class ReinsuredFields(ProgrammeFields):
    """What is projected without and with reinsurance."""

    annual_limit: AnnualLimit = None


def tariff(basis: Basis) -> MbaAssumptions:
    """The tables of the tariff."""
    return MbaAssumptions(**{role: basis.assumptions[role] for role in TARIFF_ROLES})


def projection_basis(basis: Basis) -> ProjectionBasis:
    """The table of the projection."""
    found: ProjectionBasis = basis.assumptions["projection_basis"]
    return found


def treaty(basis: Basis) -> Reinsurance:
    """The reinsurance treaty, the same in every year of a projection."""
    found: Reinsurance = basis.assumptions["reinsurance"]
    return found


def programme(request: ProgrammeFields, basis: Basis) -> Programme:
    """What a request asks to project, the projection basis filling in what it leaves out."""
    defaults = projection_basis(basis)
    package, plan_type = request.package or defaults.package, request.plan_type or defaults.plan_type
    if request.members is not None:
        return Programme(package, plan_type, tuple(request.members))
    plan, enrolment = request.growth_plan or GrowthPlanRequest(), defaults.enrolment
    federations = tuple((name, each.members) for name, each in enrolment.federations.items())
    if plan.federations is not None:
        federations = tuple((each.federation, each.members) for each in plan.federations)
    take_up_rate = enrolment.take_up_rate if plan.take_up_rate is None else plan.take_up_rate
    growth_rates = enrolment.growth_rates.values() if plan.growth_rates is None else plan.growth_rates
    return Programme(package, plan_type, GrowthPlan(federations, take_up_rate, tuple(growth_rates), MAX_PERSONS))


def premiums(basis: Basis) -> PremiumOf:
    """Premium of one insured person by package and kind."""
    return price_rows(tariff(basis), basis)


def projected(question: Programme, basis: Basis) -> Projection:
    """The projection of a programme."""
    return financial_projection(question, tariff(basis), projection_basis(basis), premiums(basis))
