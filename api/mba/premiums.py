"""`POST /v1/mba/premiums`: net and gross annual premiums of one person on any basis."""

from typing import Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.mba.tariff import ROLES, mba_assumptions
from api.requests import OwnFields
from pricing.mba.benefits import ACCIDENT, HOSPITALIZATION, NATURAL_DEATH
from pricing.mba.premiums import InsuredPremium, gross_monthly_premium, individual_premium
from pricing.rounding import EXACT, MONTHLY
from tables.kinds.mba import Insured
from tables.numbers import Age, Amount, Multiple, Rate

RATES = (
    "natural_death_rate",
    "accident_rate",
    "hospitalization_rate",
    "interest_rate",
    "safety_margin",
    "expense_loading",
    "commission_loading",
    "equity_value_loading",
    "contingency_loading",
)
BENEFITS = {
    NATURAL_DEATH: "natural_death_benefit",
    ACCIDENT: "accident_benefit",
    HOSPITALIZATION: "hospitalization_benefit",
}


class PremiumRequest(OwnFields):
    """Benefits of one person, with any rate in place of the tables'."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {
                    "required": ["age"],
                    "properties": {"age": {"type": "integer"}, "mortality_rate": {"type": "null"}},
                },
                {
                    "required": ["mortality_rate"],
                    "properties": {"mortality_rate": {"type": ["string", "number"]}, "age": {"type": "null"}},
                },
            ],
            "anyOf": [
                {"required": [name], "properties": {name: {"type": ["string", "number"]}}} for name in BENEFITS.values()
            ],
        }
    )

    age: Age | None = Field(default=None, description="Completed years; the life table gives the mortality rate.")
    mortality_rate: Rate | None = Field(default=None, description="All causes, a year, in place of an age.")
    insured: Insured = Field(
        default="primary_member",
        description="Picks the default loadings, and the default hospitalization rate.",
    )
    natural_death_benefit: Amount | None = Field(default=None, description="The coverage is priced only if given.")
    accident_benefit: Amount | None = Field(
        default=None, description="Of accidental death or total permanent disability; priced only if given."
    )
    hospitalization_benefit: Amount | None = Field(default=None, description="Of a full stay; priced only if given.")
    natural_death_rate: Rate | None = Field(
        default=None, description="Default: mortality, less the accident rate where accident cover is asked."
    )
    accident_rate: Rate | None = Field(default=None, description="Default: the pricing basis's.")
    hospitalization_rate: Rate | None = Field(default=None, description="Default: the pricing basis's for `insured`.")
    interest_rate: Rate | None = Field(default=None, description="Effective, a year. Default: the pricing basis's.")
    safety_margin: Multiple | None = Field(
        default=None, description="0.2 means rates times 1.2. Default: the pricing basis's."
    )
    expense_loading: Rate | None = Field(default=None, description="Default: the loadings' for `insured`.")
    commission_loading: Rate | None = Field(default=None, description="Default: the loadings' for `insured`.")
    equity_value_loading: Rate | None = Field(
        default=None, description="Of natural death only, counted times survival. Default: the loadings'."
    )
    contingency_loading: Rate | None = Field(
        default=None, description="Of accident and hospitalization only. Default: the loadings'."
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.age is None) == (self.mortality_rate is None):
            raise PydanticCustomError("age_or_mortality_rate", "needs exactly one of age and mortality_rate")
        if all(getattr(self, name) is None for name in BENEFITS.values()):
            raise PydanticCustomError("benefit", "needs at least one of " + ", ".join(BENEFITS.values()))
        return self


class CoverageAnswer(Part):
    """Premiums of one coverage."""

    coverage: Literal["natural_death", "accident", "hospitalization"]
    net_annual_premium: DecimalText
    gross_annual_premium: DecimalText
    gross_monthly_premium: DecimalText


class TotalsAnswer(Part):
    """Sums over the coverages, each rounded from its unrounded value."""

    net_annual_premium: DecimalText
    gross_annual_premium: DecimalText
    gross_monthly_premium: DecimalText


class PremiumAnswer(Part):
    """Premiums by coverage and in all."""

    currency: str
    components: list[CoverageAnswer]
    totals: TotalsAnswer


def _premium(request: PremiumRequest, basis: Basis) -> Answered[InsuredPremium]:
    benefits = {coverage: getattr(request, name) for coverage, name in BENEFITS.items()}
    given = {name: getattr(request, name) for name in RATES}
    risk = request.age if request.mortality_rate is None else request.mortality_rate
    premium = individual_premium(
        request.insured,
        0 if risk is None else risk,
        {coverage: amount for coverage, amount in benefits.items() if amount is not None},
        {name: rate for name, rate in given.items() if rate is not None},
        mba_assumptions(basis),
    )
    return Answered(premium)


def _fields(premium: InsuredPremium, basis: Basis) -> dict[str, Any]:
    assumptions = mba_assumptions(basis)
    payments = assumptions.pricing_basis.payments_per_year

    def amounts(net: Any, gross: Any) -> dict[str, str]:
        return {
            "net_annual_premium": EXACT.text(net),
            "gross_annual_premium": EXACT.text(gross),
            "gross_monthly_premium": MONTHLY.text(gross_monthly_premium(gross, payments)),
        }

    return {
        "currency": assumptions.packages.currency,
        "components": [
            {"coverage": each.coverage, **amounts(each.net_annual_premium, each.gross_annual_premium)}
            for each in premium.coverages
        ],
        "totals": amounts(premium.net_annual_premium, premium.gross_annual_premium),
    }


PREMIUMS = Calculator(
    method="POST",
    path="/v1/mba/premiums",
    operation_id="createMbaPremium",
    summary="Price any benefit on any basis",
    description=(
        "Net and gross annual premium (NAP, GAP) of natural death with the equity-value loading, accident and "
        "hospitalization cover, for one person at any age or mortality; every rate that is left out is the tariff's."
    ),
    tag="mba",
    request=PremiumRequest,
    answer=PremiumAnswer,
    roles=ROLES,
    question=lambda request, _basis: request,
    formula=_premium,
    fields=_fields,
    example={"age": 43, "natural_death_benefit": "300000", "accident_benefit": "600000"},
)
