"""`POST /v1/nssf/benefits/temporary-disability`: what absence from work pays."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import ConfigDict, Field

from api.amounts import whole_riel
from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator, EventDate
from api.engine import Basis
from api.nssf.wages import WAGE_RULE, WageAnswer, WageFields, wage_answer
from api.requests import Date, Example
from pricing.nssf.benefits import TemporaryDisabilityAward, temporary_disability_award
from pricing.nssf.temporary_disability import TemporaryDisabilityBenefit
from tables.numbers import Whole


class TemporaryDisabilityRequest(WageFields):
    """One absence from work after an employment injury."""

    model_config = ConfigDict(json_schema_extra=WAGE_RULE)

    examples: ClassVar[Mapping[str, Example]] = {
        "two_weeks": Example(
            "Seventeen days of absence",
            {"monthly_reference_wage": "446022", "days_of_absence": 17, "date_of_injury": "2010-06-15"},
        ),
        "history": Example(
            "Three months of wages, whose mean is the reference wage",
            {
                "monthly_wages": ["430000", "445000", "463066"],
                "days_of_absence": 4,
                "date_of_injury": "2010-06-15",
            },
        ),
    }

    days_of_absence: Whole = Field(description="Number of days of absence in a row, the first day included.")
    date_of_injury: Date | None = Field(
        default=None, description="Date of the injury, YYYY-MM-DD, which chooses the versions in place of `as_of`."
    )


class AbsencePay(Part):
    """What an absence pays."""

    days_paid: int = Field(description="Number of days that the branch pays: from the fourth day on.")
    daily_benefit: DecimalText = Field(description="What each of them pays, KHR a day, whole riel.")
    daily_benefit_exact: DecimalText = Field(description="The same before it is rounded, KHR a day.")
    benefit: DecimalText = Field(description="What all of them pay, KHR, whole riel.")
    benefit_exact: DecimalText = Field(description="The same before it is rounded, KHR.")
    employer_days: int = Field(description="Number of first days, which the employer pays at full salary.")
    employer_pay: DecimalText = Field(description="What the employer pays for them, KHR, whole riel.")
    employer_pay_exact: DecimalText = Field(description="The same before it is rounded, KHR.")


class TemporaryDisabilityAnswer(AbsencePay, WageAnswer):
    """What an absence pays, and by which wage."""


def absence_pay(paid: TemporaryDisabilityBenefit) -> dict[str, Any]:
    """The fields of what an absence pays."""
    return {
        "days_paid": paid.days_paid,
        **whole_riel("daily_benefit", paid.daily_benefit),
        **whole_riel("benefit", paid.benefit),
        "employer_days": paid.employer_days,
        **whole_riel("employer_pay", paid.employer_pay),
    }


def _award(request: TemporaryDisabilityRequest, basis: Basis) -> Answered[TemporaryDisabilityAward]:
    provisions = basis.assumptions["provisions"]
    return Answered(temporary_disability_award(request.wages(), request.days_of_absence, provisions))


TEMPORARY_DISABILITY = Calculator(
    method="POST",
    path="/v1/nssf/benefits/temporary-disability",
    operation_id="createNssfTemporaryDisabilityBenefit",
    summary="Award a temporary disability benefit",
    description=(
        "70% of the daily reference wage from the fourth day of absence; the employer pays the first three days at "
        "full salary (giz-2012, section 3.6.2). A day's wage is a thirtieth of a month's, as in Table 3.8."
    ),
    tag="nssf",
    request=TemporaryDisabilityRequest,
    answer=TemporaryDisabilityAnswer,
    roles=("provisions",),
    question=lambda request, _basis: request,
    formula=_award,
    fields=lambda award, basis: {**wage_answer(award.wage, basis), **absence_pay(award.paid)},
    event_date=EventDate("date_of_injury", lambda request: request.date_of_injury),
)
