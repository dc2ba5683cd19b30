"""`POST /v1/mba/claims/hospitalization`: what a stay in hospital pays."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from api.amounts import whole_riel
from api.answers import DecimalText
from api.calculator import Answered, Calculator, EventDate
from api.engine import Basis
from api.mba.claims.answers import ClaimAnswer, claim_answer
from api.mba.vocabulary import HospitalEvent, Package
from api.requests import Date, Example, OwnFields
from pricing.mba.claims.hospitalization import (
    HospitalizationClaim,
    hospital_event,
    hospitalization_claim,
    months_since_claims,
)
from pricing.rounding import EXACT
from tables.numbers import Age, Whole

Flag = Annotated[bool, Field(strict=True)]


class HospitalizationClaimRequest(OwnFields):
    """A stay of an insured person in hospital, and what came before it."""

    examples: ClassVar[Mapping[str, Example]] = {
        "irregular_premiums": Example(
            "20 days in hospital, with 9 of the last 12 months paid",
            {
                "package": "A",
                "age": 30,
                "days": 20,
                "months_of_membership": 26,
                "months_paid": 9,
                "regular": False,
                "as_of": "2026-12-01",
            },
        ),
        "waiting_period": Example(
            "A member of five months",
            {
                "package": "F",
                "age": 30,
                "days": 4,
                "months_of_membership": 5,
                "months_paid": 5,
                "regular": True,
                "date_of_admission": "2026-12-01",
            },
        ),
        "same_event": Example(
            "The same illness again after 18 months",
            {
                "package": "F",
                "age": 30,
                "days": 4,
                "months_of_membership": 40,
                "months_paid": 12,
                "regular": True,
                "same_event": True,
                "months_since_same_event": 18,
                "as_of": "2026-12-01",
            },
        ),
    }

    package: Package = Field(description="The package that the person is insured with.")
    age: Age = Field(description="Age in completed years on admission.")
    days: Whole = Field(description="Number of whole days in hospital, of 24 hours each; 0 for a shorter stay.")
    months_of_membership: Whole = Field(description="Number of completed months of continuous membership.")
    months_paid: Whole = Field(
        description="Number of months paid, of the last 12. Counts where premiums were not paid regularly."
    )
    regular: Flag = Field(description="Whether premiums were paid regularly and consecutively.")
    months_since_last_claim: Whole | None = Field(
        default=None, description="Number of completed months since the last paid stay; left out if there was none."
    )
    same_event: Flag | None = Field(
        default=None, description="Whether a stay for this very event was paid before; it then needs to be said when."
    )
    months_since_same_event: Whole | None = Field(
        default=None,
        description=(
            "Number of completed months since the last paid stay for this very event. Where it is the last paid stay, "
            "`months_since_last_claim` says it too."
        ),
    )
    accident: Flag | None = Field(
        default=None, description="Whether the event is an accident. Says the same as an `event` of `accident`."
    )
    event: HospitalEvent | None = Field(
        default=None, description="The kind of event. Left out: an illness, if `accident` does not say otherwise."
    )
    date_of_admission: Date | None = Field(
        default=None, description="Date of admission, YYYY-MM-DD, which chooses the versions in place of `as_of`."
    )


class HospitalizationClaimAnswer(ClaimAnswer):
    """What a stay in hospital pays: the decision with its rule, the days, and the daily benefit."""

    days_payable: int = Field(description="Number of days that are paid.")
    daily_benefit: DecimalText = Field(description="What the package pays for a day, KHR, whole riel.")
    daily_benefit_exact: DecimalText = Field(description="The same before it is rounded, KHR.")
    proportion: DecimalText = Field(
        description="Fraction of the daily benefit that the months paid have earned; 0 where nothing is due."
    )


def _claim(request: HospitalizationClaimRequest, basis: Basis) -> Answered[HospitalizationClaim]:
    since_last, since_same = months_since_claims(
        request.months_since_last_claim, request.same_event, request.months_since_same_event
    )
    claim = hospitalization_claim(
        request.package,
        request.age,
        request.days,
        request.months_of_membership,
        request.months_paid,
        request.regular,
        hospital_event(request.event, request.accident),
        since_last,
        since_same,
        basis.assumptions["packages"],
        basis.assumptions["claim_terms"],
    )
    return Answered(claim, claim.errata)


def _fields(claim: HospitalizationClaim, basis: Basis) -> dict[str, Any]:
    return {
        **claim_answer(claim.ruling, claim.benefit, basis),
        "days_payable": claim.days_payable,
        **whole_riel("daily_benefit", claim.daily_benefit),
        "proportion": EXACT.text(claim.proportion),
    }


HOSPITALIZATION_CLAIMS = Calculator(
    method="POST",
    path="/v1/mba/claims/hospitalization",
    operation_id="createMbaHospitalizationClaim",
    summary="Decide on a stay in hospital",
    description=(
        "What a stay in hospital pays (suan-2009, Table 7 and note 3): the daily benefit for at most 15 days, after 6 "
        "months of membership, once in 12 months, and once in 24 for the same event unless it is an accident. Where "
        "premiums were not regular the daily benefit is prorated by months paid of the last 12."
    ),
    tag="mba",
    request=HospitalizationClaimRequest,
    answer=HospitalizationClaimAnswer,
    roles=("packages", "claim_terms"),
    question=lambda request, _basis: request,
    formula=_claim,
    fields=_fields,
    event_date=EventDate("date_of_admission", lambda request: request.date_of_admission),
)
