"""`POST /v1/mba/premiums`: net and gross annual premiums of one person on any basis."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.choices import AMOUNT, Choice, ExactlyOne, both
from api.engine import Basis
from api.mba.tariff import ROLES, mba_assumptions
from api.mba.vocabulary import Coverage, Insured
from api.requests import Amount, Example, Multiple, OwnFields, Rate
from pricing.mba.benefits import ACCIDENT, HOSPITALIZATION, NATURAL_DEATH
from pricing.mba.premiums import InsuredPremium, gross_monthly_premium, individual_premium
from pricing.rounding import EXACT, MONTHLY
from tables.numbers import Age

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

_FIRST_BENEFIT, *_OTHER_BENEFITS = BENEFITS.values()
_MORTALITY = ExactlyOne(Choice("age", "integer"), Choice("mortality_rate", AMOUNT))


class PremiumRequest(OwnFields):
    """Benefits of one person, at an age or a mortality rate, with any rate in place of the tables'."""

    model_config = ConfigDict(
        json_schema_extra=both(
            _MORTALITY.schema(),
            # Where the others are not given, this is: `not` would say the same, and end a generator of clients.
            {
                "if": {"properties": {name: {"type": "null"} for name in _OTHER_BENEFITS}},
                "then": Choice(_FIRST_BENEFIT, AMOUNT).given(),
            },
        )
    )

    examples: ClassVar[Mapping[str, Example]] = {
        "at_an_age": Example(
            "300,000 riel on natural death and 600,000 on an accident, at age 43",
            {
                "age": 43,
                "natural_death_benefit": "300000",
                "accident_benefit": "600000",
                "as_of": "2026-12-01",
            },
        ),
        "at_a_rate": Example(
            "31,500 riel for a stay in hospital, at rates of one's own",
            {
                "mortality_rate": "0.0075",
                "insured": "additional_66_75",
                "hospitalization_benefit": "31500",
                "hospitalization_rate": "0.12",
                "interest_rate": "0.05",
                "as_of": "2026-12-01",
            },
        ),
    }

    age: Age | None = Field(
        default=None,
        description=(
            "Age in completed years, with which the life table gives the mortality rate. Exactly one of `age` and "
            "`mortality_rate`."
        ),
    )
    mortality_rate: Rate | None = Field(
        default=None, description="Deaths of all causes in a year, a fraction of the persons; in place of an age."
    )
    insured: Insured = Field(
        default="primary_member",
        description="The kind of person whose loadings and hospitalization rate are the defaults.",
    )
    natural_death_benefit: Amount | None = Field(
        default=None, description="Paid on natural death, KHR. The coverage is priced only if this is given."
    )
    accident_benefit: Amount | None = Field(
        default=None,
        description=(
            "Paid on accidental death or total permanent disability, KHR. The coverage is priced only if this is given."
        ),
    )
    hospitalization_benefit: Amount | None = Field(
        default=None, description="Paid for a full stay in hospital, KHR. The coverage is priced only if this is given."
    )
    natural_death_rate: Rate | None = Field(
        default=None,
        description=(
            "Natural deaths in a year, a fraction of the persons. Default: the mortality rate, less the accident rate "
            "where accident cover is asked."
        ),
    )
    accident_rate: Rate | None = Field(
        default=None, description="Accidents in a year, a fraction of the persons. Default: the pricing basis's."
    )
    hospitalization_rate: Rate | None = Field(
        default=None,
        description="Hospital stays in a year, a fraction of the persons. Default: the pricing basis's for `insured`.",
    )
    interest_rate: Rate | None = Field(
        default=None, description="Effective interest a year, a fraction. Default: the pricing basis's."
    )
    safety_margin: Multiple | None = Field(
        default=None, description="0.2 means that rates count times 1.2, a multiple. Default: the pricing basis's."
    )
    expense_loading: Rate | None = Field(
        default=None, description="Fraction of the gross premium for expenses. Default: the loadings' for `insured`."
    )
    commission_loading: Rate | None = Field(
        default=None, description="Fraction of the gross premium for commission. Default: the loadings' for `insured`."
    )
    equity_value_loading: Rate | None = Field(
        default=None,
        description=(
            "Fraction of the gross premium of natural death for the equity value, counted times survival. Default: the "
            "loadings'."
        ),
    )
    contingency_loading: Rate | None = Field(
        default=None,
        description=(
            "Fraction of the gross premiums of accident and hospitalization for contingencies. Default: the loadings'."
        ),
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        _MORTALITY.check(self)
        if all(getattr(self, name) is None for name in BENEFITS.values()):
            raise PydanticCustomError("benefit", "needs at least one of " + ", ".join(BENEFITS.values()))
        return self


class CoverageAnswer(Part):
    """Premiums of one coverage."""

    coverage: Coverage = Field(description="What the premium is for.")
    net_annual_premium: DecimalText = Field(description="NAP: the price of the benefit alone, KHR a year.")
    gross_annual_premium: DecimalText = Field(description="GAP: the same with the loadings, KHR a year.")
    gross_monthly_premium: DecimalText = Field(description="The gross premium by month, KHR a month, two decimals.")


class TotalsAnswer(Part):
    """Sums over the coverages, each rounded from its unrounded value."""

    net_annual_premium: DecimalText = Field(description="NAP of all coverages, KHR a year.")
    gross_annual_premium: DecimalText = Field(description="GAP of all coverages, KHR a year.")
    gross_monthly_premium: DecimalText = Field(
        description="The gross premium of all coverages by month, KHR a month, two decimals."
    )


class PremiumAnswer(Part):
    """Premiums by coverage and in all."""

    currency: str = Field(description="Currency of every amount, ISO 4217: KHR.")
    components: list[CoverageAnswer] = Field(description="The coverages that a benefit was given for.")
    totals: TotalsAnswer = Field(description="All coverages together.")


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
)
