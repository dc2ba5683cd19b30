"""`POST /v1/mba/claims/disability`: what permanent disability pays."""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from api.amounts import whole_riel
from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator, EventDate
from api.engine import Basis
from api.mba.claims.answers import ClaimAnswer, claim_answer
from api.mba.vocabulary import CauseOfDisability, Loss, Package
from api.requests import Date, Example, OwnFields
from pricing.mba.assumptions import DisabilitySchedule
from pricing.mba.claims.disability import DisabilityClaim, disability_claim
from pricing.rounding import percent
from tables.numbers import Age

MAX_LOSSES = 40


class DisabilityClaimRequest(OwnFields):
    """Permanent losses of an insured person."""

    examples: ClassVar[Mapping[str, Example]] = {
        "several_losses": Example(
            "Two thumbs and an index finger lost in an accident",
            {"package": "F", "age": 30, "losses": ["thumb", "thumb", "index_finger"], "as_of": "2026-12-01"},
        ),
        "both_eyes": Example(
            "Two eyes, which are both eyes: membership ceases",
            {"package": "F", "age": 30, "losses": ["eye", "eye"], "date_of_accident": "2026-12-01"},
        ),
        "impossible": Example(
            "Refused: more than a person has",
            {"package": "F", "age": 30, "losses": ["both_eyes", "eye"], "as_of": "2026-12-01"},
        ),
    }

    package: Package = Field(description="The package that the person was insured with.")
    age: Age = Field(description="Age in completed years at the accident.")
    losses: Annotated[list[Loss], Field(min_length=1, max_length=MAX_LOSSES)] = Field(
        description=f"What was lost, one by one: two thumbs are `thumb` twice. At most {MAX_LOSSES}."
    )
    cause: CauseOfDisability = Field(default="accident", description="What the losses are due to.")
    date_of_accident: Date | None = Field(
        default=None, description="Date of the accident, YYYY-MM-DD, which chooses the versions in place of `as_of`."
    )


class LossAnswer(Part):
    """A line of the table of disabilities, as often as it was lost."""

    loss: Loss = Field(description="What was lost; two of a pair, such as two eyes, are the line of both.")
    times: int = Field(description="Number of times that it was lost.")
    loss_percent: DecimalText = Field(description="What one of it counts, a number of percent.")


class DisabilityClaimAnswer(ClaimAnswer):
    """What a disability pays: the decision with its rule, the losses, and whether membership ceases."""

    full_benefit: DecimalText = Field(
        description="What total disability pays, KHR, whole riel; 0 where the person is not covered."
    )
    full_benefit_exact: DecimalText = Field(description="The same before it is rounded, KHR.")
    loss_percent: DecimalText = Field(
        description="All losses together, a number of percent of the full benefit, at most 100."
    )
    losses: list[LossAnswer] = Field(description="The lines of the table of disabilities that the losses are.")
    membership_ceases: bool = Field(description="Whether the person's membership ceases with the payment.")


def _claim(request: DisabilityClaimRequest, basis: Basis) -> Answered[DisabilityClaim]:
    claim = disability_claim(
        request.package,
        request.age,
        request.cause,
        dict(sorted(Counter[str](request.losses).items())),
        basis.assumptions["packages"],
        basis.assumptions["claim_terms"],
        basis.assumptions["disability_schedule"],
    )
    return Answered(claim, claim.errata)


def _fields(claim: DisabilityClaim, basis: Basis) -> dict[str, Any]:
    schedule: DisabilitySchedule = basis.assumptions["disability_schedule"]
    return {
        **claim_answer(claim.ruling, claim.benefit, basis),
        **whole_riel("full_benefit", claim.full_benefit),
        "loss_percent": percent(claim.loss_share),
        "losses": [
            {"loss": loss, "times": times, "loss_percent": percent(schedule.losses[loss].share)}
            for loss, times in claim.losses.items()
        ],
        "membership_ceases": claim.membership_ceases,
    }


DISABILITY_CLAIMS = Calculator(
    method="POST",
    path="/v1/mba/claims/disability",
    operation_id="createMbaDisabilityClaim",
    summary="Decide on a disability",
    description=(
        "What permanent disability by an accident pays from age 15 and before 65 (suan-2009, Table 5 and Appendix A). "
        "Several losses add up to at most 100%, with which membership ceases."
    ),
    tag="mba",
    request=DisabilityClaimRequest,
    answer=DisabilityClaimAnswer,
    roles=("packages", "claim_terms", "disability_schedule"),
    question=lambda request, _basis: request,
    formula=_claim,
    fields=_fields,
    event_date=EventDate("date_of_accident", lambda request: request.date_of_accident),
)
