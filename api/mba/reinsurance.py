"""`POST /v1/mba/reinsurance`: a year of premium and claims under the treaty of the year."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator, EventDate
from api.engine import Basis
from api.mba.vocabulary import AnnualLimit, ReinsuredKind
from api.requests import Amount, Example, OwnFields, Years
from pricing.mba.assumptions import Reinsurance
from pricing.mba.benefits import NATURAL_DEATH
from pricing.mba.reinsurance import ReinsuranceResult, ReinsuredClaim, reinsurance_result
from pricing.rounding import CENTS
from tables.numbers import Year

MAX_CLAIMS = 500


class ClaimPaid(OwnFields):
    """A claim that the mutual paid."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"kind": {"const": NATURAL_DEATH}}},
            "then": {
                "required": ["membership_years"],
                "properties": {"membership_years": {"type": ["string", "number"]}},
            },
        }
    )

    amount: Amount = Field(description="What the mutual paid, in the treaty's currency: a number of USD.")
    kind: ReinsuredKind = Field(description="What it paid for.")
    membership_years: Years | None = Field(
        default=None,
        description="Number of years for which the person was a member; needed for a natural death.",
    )

    @model_validator(mode="after")
    def _years_of_a_natural_death(self) -> Self:
        if self.kind == NATURAL_DEATH and self.membership_years is None:
            raise PydanticCustomError("membership_years", "needs membership_years for a natural death")
        return self


class ReinsuranceRequest(OwnFields):
    """Premium and claims of a year."""

    examples: ClassVar[Mapping[str, Example]] = {
        "year_2005": Example(
            "2005: a quota share of 100%",
            {
                "year": 2005,
                "gross_premium": "40000",
                "claims": [
                    {"amount": "2500", "kind": "accidental_death"},
                    {"amount": "3600", "kind": "permanent_disability"},
                    {"amount": "1000", "kind": "natural_death", "membership_years": "2"},
                ],
            },
        ),
        "year_2006": Example(
            "2006: a quota share of 90%",
            {
                "year": 2006,
                "gross_premium": "40000",
                "claims": [{"amount": "2500", "kind": "natural_death", "membership_years": "2.5"}],
            },
        ),
        "two_dates": Example(
            "Refused: another date than the year's first day",
            {"year": 2005, "gross_premium": "40000", "claims": [], "as_of": "2026-12-01"},
        ),
    }

    year: Year = Field(description="Number of the year of the calendar; the treaty in force on its first day holds.")
    gross_premium: Amount = Field(description="Gross premium income of the year, a number of USD.")
    claims: Annotated[list[ClaimPaid], Field(max_length=MAX_CLAIMS)] = Field(
        description=f"What the mutual paid in the year, at most {MAX_CLAIMS} claims."
    )
    annual_limit: AnnualLimit = None


class RecoveryAnswer(Part):
    """What one claim recovers."""

    covered: bool = Field(description="Whether the treaty covers the claim.")
    recovery: DecimalText = Field(
        description="The reinsurer's part before the limit of the year, a number of USD, two decimals."
    )


class ReinsuranceAnswer(Part):
    """What a year under the treaty costs, and what it brings."""

    currency: str = Field(description="Currency of every amount, ISO 4217: USD.")
    ceded_premium: DecimalText = Field(description="What the mutual pays, a number of USD, two decimals.")
    recoveries: DecimalText = Field(description="What the reinsurer pays in all, a number of USD, two decimals.")
    annual_limit: DecimalText = Field(description="The limit of the year that was used, a number of USD, two decimals.")
    limit_applied: Literal["none", "per_risk", "annual", "per_risk_and_annual"] = Field(
        description="Which limit cut the recoveries: that on one risk, that of the year, both, or none."
    )
    experience_refund: DecimalText = Field(
        description="What comes back of the premium that the claims left, a number of USD, two decimals."
    )
    net_cost: DecimalText = Field(
        description="Ceded premium less recoveries and refund, a number of USD, two decimals; below 0 it is a gain."
    )
    claims: list[RecoveryAnswer] = Field(description="What each claim recovers, in the order of the request.")


def _result(request: ReinsuranceRequest, basis: Basis) -> Answered[ReinsuranceResult]:
    claims = [ReinsuredClaim(each.amount, each.kind, each.membership_years) for each in request.claims]
    treaty: Reinsurance = basis.assumptions["reinsurance"]
    return Answered(reinsurance_result(request.gross_premium, claims, request.annual_limit, treaty))


def _fields(result: ReinsuranceResult, basis: Basis) -> dict[str, Any]:
    return {
        "currency": basis.assumptions["reinsurance"].currency,
        "ceded_premium": CENTS.text(result.ceded_premium),
        "recoveries": CENTS.text(result.recoveries),
        "annual_limit": CENTS.text(result.annual_limit),
        "limit_applied": result.limit_applied,
        "experience_refund": CENTS.text(result.experience_refund),
        "net_cost": CENTS.text(result.net_cost),
        "claims": [{"covered": each.covered, "recovery": CENTS.text(each.amount)} for each in result.claims],
    }


REINSURANCE = Calculator(
    method="POST",
    path="/v1/mba/reinsurance",
    operation_id="createMbaReinsuranceResult",
    summary="Cost a year of reinsurance",
    description=(
        "Ceded premium, recoveries and experience refund of a year under the quota-share treaty of that year "
        "(suan-2009, Table 13). Covered are natural death after more than 2 years of membership, accidental death and "
        "permanent disability."
    ),
    tag="mba",
    request=ReinsuranceRequest,
    answer=ReinsuranceAnswer,
    roles=("reinsurance",),
    question=lambda request, _basis: request,
    formula=_result,
    fields=_fields,
    event_date=EventDate("year", lambda request: date(request.year, 1, 1)),
)
