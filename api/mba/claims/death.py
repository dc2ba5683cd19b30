"""`POST /v1/mba/claims/death`: what a death pays."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.amounts import whole_riel
from api.answers import DecimalText
from api.calculator import Answered, Calculator, EventDate
from api.engine import Basis
from api.mba.claims.answers import ClaimAnswer, claim_answer
from api.mba.vocabulary import CauseOfDeath, Circumstance, Package
from api.requests import Amount, Date, Example, OwnFields
from pricing.arithmetic import ZERO
from pricing.mba.claims.death import DeathClaim, death_claim
from pricing.mba.claims.rulings import NATURAL
from pricing.rounding import EXACT
from tables.numbers import Age, Whole


class DeathClaimRequest(OwnFields):
    """A death of an insured person."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"cause": {"const": NATURAL}}},
            "then": {"required": ["months_paid"], "properties": {"months_paid": {"type": "integer"}}},
        }
    )

    examples: ClassVar[Mapping[str, Example]] = {
        "prorated": Example(
            "A natural death at 43, with 9 months paid",
            {"package": "F", "age": 43, "cause": "natural", "months_paid": 9, "as_of": "2026-12-01"},
        ),
        "accident_after_disability": Example(
            "An accidental death, after the same accident's disability was paid",
            {
                "package": "F",
                "age": 43,
                "cause": "accident",
                "disability_benefit_paid": "150000",
                "as_of": "2026-12-01",
            },
        ),
        "age_65": Example(
            "A death at 65, an age that the paper places in two ways",
            {"package": "A", "age": 65, "cause": "natural", "months_paid": 30, "date_of_death": "2026-12-01"},
        ),
        "excluded": Example(
            "A death under an exclusion",
            {
                "package": "A",
                "age": 30,
                "cause": "accident",
                "months_paid": 30,
                "circumstance": "motor_race",
                "as_of": "2026-12-01",
            },
        ),
    }

    package: Package = Field(description="The package that the person was insured with.")
    age: Age = Field(description="Age in completed years at death.")
    cause: CauseOfDeath = Field(description="What the person died of.")
    months_paid: Whole | None = Field(
        default=None,
        description="Number of consecutive months whose premiums are paid. May be left out for an accident.",
    )
    disability_benefit_paid: Amount = Field(
        default=ZERO,
        description=(
            "What was paid before for permanent disability by the same accident, advances included, KHR. Counts for an "
            "accidental death only."
        ),
    )
    circumstance: Circumstance | None = Field(
        default=None, description="The excluded circumstance that the death falls under; left out where there is none."
    )
    date_of_death: Date | None = Field(
        default=None, description="Date of death, YYYY-MM-DD, which chooses the versions in place of `as_of`."
    )

    @model_validator(mode="after")
    def _months_of_a_natural_death(self) -> Self:
        if self.cause == NATURAL and self.months_paid is None:
            raise PydanticCustomError("months_paid", "needs months_paid for a natural death")
        return self


class DeathClaimAnswer(ClaimAnswer):
    """What a death pays: the decision with its rule, the full benefit, and the share of it that is due."""

    full_benefit: DecimalText = Field(
        description="What the package pays at most for such a death, KHR, whole riel; 0 where it is not covered."
    )
    full_benefit_exact: DecimalText = Field(description="The same before it is rounded, KHR.")
    proportion: DecimalText = Field(
        description="Fraction of the full benefit that the months paid have earned; 0 where nothing is due."
    )


def _claim(request: DeathClaimRequest, basis: Basis) -> Answered[DeathClaim]:
    claim = death_claim(
        request.package,
        request.age,
        request.cause,
        request.months_paid,
        request.disability_benefit_paid,
        request.circumstance,
        basis.assumptions["packages"],
        basis.assumptions["claim_terms"],
    )
    return Answered(claim, claim.errata)


def _fields(claim: DeathClaim, basis: Basis) -> dict[str, Any]:
    return {
        **claim_answer(claim.ruling, claim.benefit, basis),
        **whole_riel("full_benefit", claim.full_benefit),
        "proportion": EXACT.text(claim.proportion),
    }


DEATH_CLAIMS = Calculator(
    method="POST",
    path="/v1/mba/claims/death",
    operation_id="createMbaDeathClaim",
    summary="Decide on a death",
    description=(
        "What the death of an insured person pays (suan-2009, Tables 3, 4 and 6). A natural death is prorated while "
        "fewer than 24 consecutive months are paid; an accident is not. Ages 1-14 and 65-75 get funeral assistance, "
        "whatever the cause."
    ),
    tag="mba",
    request=DeathClaimRequest,
    answer=DeathClaimAnswer,
    roles=("packages", "claim_terms"),
    question=lambda request, _basis: request,
    formula=_claim,
    fields=_fields,
    event_date=EventDate("date_of_death", lambda request: request.date_of_death),
)
