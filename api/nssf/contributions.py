"""`POST /v1/nssf/contributions`: what a month of insurance costs, and who pays it."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from api.amounts import whole_riel
from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator, EventDate
from api.engine import Basis
from api.nssf.vocabulary import Sector
from api.requests import Amount, Example, Month, OwnFields, first_day
from pricing.nssf.assumptions import Contributions
from pricing.nssf.contributions import Contribution, contribution
from tables.numbers import Persons


class ContributionRequest(OwnFields):
    """A worker's wage in a month."""

    examples: ClassVar[Mapping[str, Example]] = {
        "garment_worker_2010": Example(
            "A garment worker in 2010: the government pays a part",
            {"monthly_wage": "446022", "sector": "garment_and_footwear", "period": "2010-12"},
        ),
        "ceiling": Example(
            "A bank clerk above the ceiling", {"monthly_wage": "1600000", "sector": "services", "period": "2011-01"}
        ),
        "small_employer": Example(
            "Refused: an employer of seven",
            {"monthly_wage": "300000", "sector": "services", "period": "2011-01", "workers": 7},
        ),
    }

    monthly_wage: Amount = Field(description="The worker's wage, KHR a month.")
    sector: Sector = Field(description="The employer's sector.")
    period: Month = Field(description="The month, YYYY-MM; what is in force on its first day holds.")
    workers: Persons | None = Field(
        default=None,
        description="Number of workers whom the employer employs. With fewer than eight the employer is not covered.",
    )


class ContributionAnswer(Part):
    """What is due for a worker and a month."""

    currency: str = Field(description="Currency of every amount, ISO 4217: KHR.")
    insured_wage: DecimalText = Field(description="The wage between floor and ceiling, KHR a month, whole riel.")
    insured_wage_exact: DecimalText = Field(description="The same before it is rounded, KHR a month.")
    employer: DecimalText = Field(description="What the employer pays, KHR a month, whole riel.")
    employer_exact: DecimalText = Field(description="The same before it is rounded, KHR a month.")
    government_subsidy: DecimalText = Field(description="What the government pays, KHR a month, whole riel.")
    government_subsidy_exact: DecimalText = Field(description="The same before it is rounded, KHR a month.")
    total: DecimalText = Field(description="What both pay, KHR a month, whole riel; the worker pays nothing.")
    total_exact: DecimalText = Field(description="The same before it is rounded, KHR a month.")


def _contribution(request: ContributionRequest, basis: Basis) -> Answered[Contribution]:
    terms: Contributions = basis.assumptions["contributions"]
    return Answered(contribution(request.monthly_wage, request.sector, request.workers, terms))


def _fields(due: Contribution, basis: Basis) -> dict[str, Any]:
    return {
        "currency": basis.assumptions["contributions"].currency,
        **whole_riel("insured_wage", due.insured_wage),
        **whole_riel("employer", due.employer),
        **whole_riel("government_subsidy", due.government_subsidy),
        **whole_riel("total", due.total),
    }


CONTRIBUTIONS = Calculator(
    method="POST",
    path="/v1/nssf/contributions",
    operation_id="createNssfContribution",
    summary="Calculate a contribution",
    description=(
        "What a month of insurance against employment injury costs for one worker: 0.8% of the wage, held between "
        "200,000 and 1,000,000 riel, all of it paid by the employer; in garment and footwear the government paid 0.3% "
        "in 2009 and 2010 (giz-2012, sections 3.4 and 3.8, endnote 16)."
    ),
    tag="nssf",
    request=ContributionRequest,
    answer=ContributionAnswer,
    roles=("contributions",),
    question=lambda request, _basis: request,
    formula=_contribution,
    fields=_fields,
    event_date=EventDate("period", lambda request: first_day(request.period)),
)
