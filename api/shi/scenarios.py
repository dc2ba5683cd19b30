"""`POST /v1/shi/scenarios`: benefits combined, and the contribution rate to propose for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.requests import Example, OwnFields, Rate
from api.shi.answers import ExpenditureAnswer, ServicesAnswer, by_care, expenditure_fields
from api.shi.medical_costs import OptionNumber
from pricing.rounding import EXACT, MILLION_KHR, PROPOSED_RATE
from pricing.shi.scenarios import BenefitPart, Combination, ScenarioCosts, policy_scenario, scenario_costs
from tables.kinds.shi import LAST_SCENARIO
from tables.kinds.shi_cash import MAX_WAITING_DAYS
from tables.numbers import parse_whole

ScenarioNumber = Annotated[int, Field(ge=1, le=LAST_SCENARIO), BeforeValidator(parse_whole)]


class BenefitsRequest(OwnFields):
    """Benefits to combine, at least one; what is left out is no part."""

    medical_option: OptionNumber | None = Field(
        default=None, description="Number of the policy option of the medical benefits, 1 to 3."
    )
    maternity: Annotated[bool, Field(strict=True)] = Field(
        default=False, description="Whether maternity cash benefits are part."
    )
    sickness: Annotated[bool, Field(strict=True)] = Field(
        default=False, description="Whether sickness cash benefits are part."
    )
    waiting_days: Annotated[int, Field(ge=0, le=MAX_WAITING_DAYS), BeforeValidator(parse_whole)] | None = Field(
        default=None,
        description=(
            "Number of days before sickness benefits are paid, as in `POST /v1/shi/cash-benefits/sickness`. Default: "
            "the table's waiting period."
        ),
    )


class ScenarioRequest(OwnFields):
    """One of the report's scenarios, or benefits of one's own choice."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"required": ["scenario"], "properties": {"scenario": {"type": "number"}}},
            "then": {"properties": {"benefits": {"type": "null"}}},
            "else": {"required": ["benefits"], "properties": {"benefits": {"type": "object"}}},
        }
    )

    examples: ClassVar[Mapping[str, Example]] = {
        "scenario_1": Example("The report's first scenario", {"scenario": 1, "as_of": "2026-12-01"}),
        "corrected": Example(
            "The same with the average wage of sickness benefits corrected, shared by halves",
            {
                "scenario": 1,
                "employer_share": "0.5",
                "as_of": "2026-12-01",
                "tables": {"sickness_basis": "shi-sickness-basis-corrected"},
            },
        ),
        "benefits": Example(
            "Medical benefits with dependants, and maternity",
            {"benefits": {"medical_option": 2, "maternity": True}, "as_of": "2026-12-01"},
        ),
    }

    scenario: ScenarioNumber | None = Field(
        default=None, description="Number of a scenario of the report, 1 to 3; exactly one of this and `benefits`."
    )
    benefits: BenefitsRequest | None = Field(default=None, description="Benefits to combine, in place of a scenario.")
    employer_share: Rate | None = Field(
        default=None,
        description="Fraction of the contribution that the employer pays, the worker paying the rest. The report has "
        "none: without it the contribution is not shared.",
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.scenario is None) == (self.benefits is None):
            raise PydanticCustomError("scenario_or_benefits", "needs either scenario or benefits")
        return self


class BenefitPartAnswer(Part):
    """One benefit of the combination."""

    benefit: Literal["medical", "maternity", "sickness"] = Field(description="Which benefit.")
    benefit_expenditure: DecimalText = Field(description="Benefits, million KHR a year, 6 decimals.")
    administration: DecimalText = Field(description="Administration of them, million KHR a year, 6 decimals.")
    total_expenditure: DecimalText = Field(description="Both, million KHR a year, 6 decimals.")
    payg_cost_ratio: DecimalText = Field(
        description="The contribution rate that just pays for it, a fraction of insured earnings, 12 decimals."
    )


class ContributionSharesAnswer(Part):
    """Who pays the proposed contribution."""

    employer: DecimalText = Field(description="The employer's rate, a fraction of insured earnings, 12 decimals.")
    worker: DecimalText = Field(description="The worker's rate, a fraction of insured earnings, 12 decimals.")


class ScenarioAnswer(Part):
    """What the combined benefits cost, and the contribution rate to propose."""

    parts: list[BenefitPartAnswer] = Field(description="Benefit by benefit.")
    benefit_expenditure: DecimalText = Field(description="All benefits, million KHR a year, 6 decimals.")
    administration: DecimalText = Field(description="Administration of them, million KHR a year, 6 decimals.")
    total_expenditure: DecimalText = Field(description="Both, million KHR a year, 6 decimals.")
    payg_cost_ratio: DecimalText = Field(
        description="The contribution rate that just pays for all, a fraction of insured earnings, 12 decimals."
    )
    contribution_rate: DecimalText = Field(
        description="The rate to propose: the cost ratio, a fraction, up to the next tenth of a per cent; 3 decimals."
    )
    contribution_shares: ContributionSharesAnswer | None = Field(
        description="Who pays it; null where the request has no `employer_share`."
    )
    service_volume: ServicesAnswer | None = Field(description="Services a year; null without medical benefits.")
    medical_expenditure: ExpenditureAnswer | None = Field(
        description="The medical benefits by their parts; null without them."
    )


@dataclass(frozen=True)
class _Question:
    combination: Combination
    employer_share: Decimal | None


def combination(scenario: int | None, benefits: BenefitsRequest | None, basis: Basis) -> Combination | None:
    """Which benefits a request combines, if it says any."""
    if benefits is not None:
        return Combination(benefits.medical_option, benefits.maternity, benefits.sickness, benefits.waiting_days)
    return None if scenario is None else policy_scenario(scenario, basis.assumptions["shi_basis"])


def _question(request: ScenarioRequest, basis: Basis) -> _Question:
    asked = combination(request.scenario, request.benefits, basis)
    assert asked is not None  # noqa: S101  (the request has one of both)
    return _Question(asked, request.employer_share)


def _costs(question: _Question, basis: Basis) -> Answered[ScenarioCosts]:
    tables = [basis.assumptions[role] for role in ROLES]
    result = scenario_costs(question.combination, question.employer_share, *tables)
    return Answered(result, result.errata)


def _fields(result: ScenarioCosts, _basis: Basis) -> dict[str, Any]:
    shares = None
    if result.employer_rate is not None and result.worker_rate is not None:
        shares = {"employer": EXACT.text(result.employer_rate), "worker": EXACT.text(result.worker_rate)}
    care = result.care
    return {
        "parts": [{"benefit": each.benefit, **_sums(each)} for each in result.parts],
        **_sums(result),
        "contribution_rate": PROPOSED_RATE.text(result.contribution_rate),
        "contribution_shares": shares,
        "service_volume": None if care is None else by_care(care.services),
        "medical_expenditure": None if care is None else expenditure_fields(care.expenditure),
    }


def _sums(part: BenefitPart | ScenarioCosts) -> dict[str, str]:
    return {
        "benefit_expenditure": MILLION_KHR.text(part.benefit_expenditure),
        "administration": MILLION_KHR.text(part.administration),
        "total_expenditure": MILLION_KHR.text(part.total_expenditure),
        "payg_cost_ratio": EXACT.text(part.payg_cost_ratio),
    }


ROLES = ("shi_basis", "maternity_basis", "sickness_basis")
SCENARIOS = Calculator(
    method="POST",
    path="/v1/shi/scenarios",
    operation_id="createShiScenario",
    summary="Cost several benefits together",
    description=(
        "Cost ratios, the proposed contribution rate, service volume and expenditure of one of the report's scenarios "
        "or of any benefits combined (giz-2012, Tables 4.12-4.14)."
    ),
    tag="shi",
    request=ScenarioRequest,
    answer=ScenarioAnswer,
    roles=ROLES,
    question=_question,
    formula=_costs,
    fields=_fields,
    recurring=True,
)
