"""`POST /v1/nssf/benefits/permanent-disability`: what a lasting loss of working capacity pays."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import ConfigDict, Field

from api.amounts import whole_riel
from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator, EventDate
from api.choices import both
from api.engine import Basis
from api.nssf.vocabulary import DisabilityForm
from api.nssf.wages import WAGE_RULE, WageAnswer, wage_answer
from api.nssf.worker import AGE_RULE, WorkerFields
from api.requests import Example, Percent
from pricing.nssf.benefits import PermanentDisabilityAward, permanent_disability_award
from pricing.nssf.permanent_disability import DisabilityAward, DisabilityBenefits
from pricing.nssf.present_value import unit_errata
from pricing.nssf.refusals import refuse_age
from pricing.rounding import fraction


class PermanentDisabilityRequest(WorkerFields):
    """A lasting loss of working capacity, with the worker's age at the injury."""

    model_config = ConfigDict(json_schema_extra=both(WAGE_RULE, AGE_RULE))

    examples: ClassVar[Mapping[str, Example]] = {
        "lump_sum": Example(
            "A loss of 8.7%: a lump sum",
            {
                "monthly_reference_wage": "416954",
                "loss_of_working_capacity_percent": "8.7",
                "age": 32,
                "date_of_injury": "2010-03-14",
            },
        ),
        "pension": Example(
            "A total loss: a pension and a caretaker's benefit",
            {
                "monthly_reference_wage": "512083",
                "loss_of_working_capacity_percent": "100",
                "birth_date": "1984-02-29",
                "date_of_injury": "2011-02-28",
            },
        ),
        "no_loss": Example(
            "Refused: no loss",
            {
                "monthly_reference_wage": "416954",
                "loss_of_working_capacity_percent": "0",
                "age": 32,
                "date_of_injury": "2010-03-14",
            },
        ),
    }

    loss_of_working_capacity_percent: Percent = Field(
        description="Degree of the loss, a number of percent above 0 and at most 100."
    )


class DisabilityBenefitsAnswer(Part):
    """What is paid; what is not paid is 0."""

    lump_sum: DecimalText = Field(description="Paid once, KHR, whole riel.")
    lump_sum_exact: DecimalText = Field(description="The same before it is rounded, KHR.")
    monthly_pension: DecimalText = Field(description="Without the caretaker's benefit, KHR a month, whole riel.")
    monthly_pension_exact: DecimalText = Field(description="The same before it is rounded, KHR a month.")
    caretaker_benefit: DecimalText = Field(
        description="Paid beside the pension at a total loss, KHR a month, whole riel."
    )
    caretaker_benefit_exact: DecimalText = Field(description="The same before it is rounded, KHR a month.")
    present_value: DecimalText = Field(
        description="Of all of it by the age at the injury: the lump sum, or pension and caretaker's benefit for life, "
        "KHR, whole riel."
    )
    present_value_exact: DecimalText = Field(description="The same before it is rounded, KHR.")


class DisabilityAwardAnswer(DisabilityBenefitsAnswer):
    """What a loss of working capacity pays, beside what the ILO recommended."""

    form: DisabilityForm = Field(description="How it is paid.")
    ilo_recommended: DisabilityBenefitsAnswer = Field(
        description="The same by the formulas that the ILO recommended, without the factors 0.2 and 0.8."
    )
    shortfall: DisabilityBenefitsAnswer = Field(
        description="What the difference costs the worker: as recommended, less as in force."
    )


class PermanentDisabilityAnswer(DisabilityAwardAnswer, WageAnswer):
    """What a loss of working capacity pays, beside what the ILO recommended, and by which wage."""

    age: int = Field(description="Age in completed years at the injury.")


def award_answer(award: DisabilityAward) -> dict[str, Any]:
    """The fields of what a loss of working capacity pays."""
    return {
        "form": award.form,
        **_benefits(award.in_force),
        "ilo_recommended": _benefits(award.ilo_recommended),
        "shortfall": _benefits(award.shortfall),
    }


def _benefits(paid: DisabilityBenefits) -> dict[str, str]:
    return {
        **whole_riel("lump_sum", paid.lump_sum),
        **whole_riel("monthly_pension", paid.monthly_pension),
        **whole_riel("caretaker_benefit", paid.caretaker_benefit),
        **whole_riel("present_value", paid.present_value),
    }


def _award(request: PermanentDisabilityRequest, basis: Basis) -> Answered[tuple[int, PermanentDisabilityAward]]:
    provisions, multipliers = basis.assumptions["provisions"], basis.assumptions["multipliers"]
    lwc, age = fraction(request.loss_of_working_capacity_percent), request.age_at_injury()
    refuse_age(age, multipliers, request.age_field)
    award = permanent_disability_award(request.wages(), lwc, age, provisions, multipliers)
    return Answered((age, award), unit_errata(multipliers))


def _fields(found: tuple[int, PermanentDisabilityAward], basis: Basis) -> dict[str, Any]:
    age, award = found
    return {**wage_answer(award.wage, basis), "age": age, **award_answer(award.paid)}


PERMANENT_DISABILITY = Calculator(
    method="POST",
    path="/v1/nssf/benefits/permanent-disability",
    operation_id="createNssfPermanentDisabilityBenefit",
    summary="Award a permanent disability benefit",
    description=(
        "A loss of working capacity below 20% pays a lump sum, from 20% on a monthly pension for life, at 100% a "
        "caretaker's benefit as well (giz-2012, section 3.6.4). Beside each figure stands what the ILO recommended. "
        "Present values are by the multipliers of Table C.1, which are in days."
    ),
    tag="nssf",
    request=PermanentDisabilityRequest,
    answer=PermanentDisabilityAnswer,
    roles=("provisions", "multipliers"),
    question=lambda request, _basis: request,
    formula=_award,
    fields=_fields,
    event_date=EventDate("date_of_injury", lambda request: request.date_of_injury),
)
