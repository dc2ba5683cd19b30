"""`POST /v1/shi/cash-benefits/maternity` and `/sickness`: cash benefits of the private sector."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from api.answers import DecimalText, Part
from api.calculator import Answered, Calculator
from api.engine import Basis
from api.requests import Example, OwnFields
from api.shi.answers import FinancingAnswer, financing_fields
from pricing.rounding import EXACT, MILLION_KHR
from pricing.shi.cash import CashCosts, SicknessCosts, maternity_costs, sickness_costs
from pricing.shi.spells import SpellReport
from tables.kinds.shi_cash import MAX_WAITING_DAYS
from tables.numbers import parse_whole


class MaternityRequest(OwnFields):
    """Nothing: everything is the table's, and can be overridden."""

    examples: ClassVar[Mapping[str, Example]] = {
        "published": Example("As the draft Prakas has it", {"as_of": "2026-12-01"}),
        "what_if": Example(
            "Half pay, as the Labour Law has it",
            {"as_of": "2026-12-01", "overrides": {"maternity_basis": {"replacement_rate": "0.5"}}},
        ),
    }


class SicknessRequest(OwnFields):
    """A waiting period; everything else is the table's, and can be overridden."""

    examples: ClassVar[Mapping[str, Example]] = {
        "published": Example("From the 16th day, with the report's share and days", {"as_of": "2026-12-01"}),
        "corrected": Example(
            "With the average wage corrected",
            {"as_of": "2026-12-01", "tables": {"sickness_basis": "shi-sickness-basis-corrected"}},
        ),
        "from_the_eighth_day": Example(
            "From the 8th day, by the distribution of the days", {"waiting_days": 7, "as_of": "2026-12-01"}
        ),
    }

    waiting_days: Annotated[int, Field(ge=0, le=MAX_WAITING_DAYS), BeforeValidator(parse_whole)] | None = Field(
        default=None,
        description=(
            "Number of days of a spell before the first that is paid; share of the spells and days paid then follow "
            "from the distribution of the days. Default: the table's waiting period, with the share and the days that "
            "the report assumes for it."
        ),
    )


class CashBenefitAnswer(Part):
    """What a cash benefit costs a year."""

    insured: int = Field(description="Number of persons who can claim.")
    average_annual_wage: DecimalText = Field(description="Average insured wage, KHR a year, 12 decimals.")
    daily_wage: DecimalText = Field(description="The same a day, KHR, 12 decimals.")
    benefit_days: DecimalText = Field(description="Number of days paid for one case, 12 decimals.")
    benefit_amount: DecimalText = Field(description="What one case is paid, KHR, 12 decimals.")
    incidence_rate: DecimalText = Field(description="Number of cases of one insured person a year, 12 decimals.")
    qualifying_share: DecimalText = Field(description="Fraction of the cases that is paid, 12 decimals.")
    benefit_incidence_rate: DecimalText = Field(
        description="Number of benefits of one insured person a year, 12 decimals."
    )
    benefits: DecimalText = Field(description="Number of benefits a year, 12 decimals.")
    benefit_expenditure: DecimalText = Field(description="All benefits, million KHR, 6 decimals.")
    administration: DecimalText = Field(description="Administration of them, million KHR, 6 decimals.")
    total_expenditure: DecimalText = Field(description="Benefits and administration, million KHR, 6 decimals.")
    financing: FinancingAnswer = Field(description="Insured earnings, density, collection.")
    payg_cost_ratio: DecimalText = Field(
        description="The contribution rate that just pays for a year, a fraction of insured earnings, 12 decimals."
    )


class MaternityAnswer(CashBenefitAnswer):
    """What maternity benefits cost a year; the insured are women."""


class SpellClassAnswer(Part):
    """Sickness by its length: from the first day of a class to before that of the next."""

    first_day: int = Field(description="Number of days at which the class begins; the first includes 0.")
    sample_share: DecimalText = Field(description="Fraction in the report's sample, 12 decimals.")
    model_share: DecimalText = Field(description="Fraction by the distribution, 12 decimals.")
    sample_share_and_longer: DecimalText = Field(
        description="Fraction of the class and all longer ones in the sample, 12 decimals."
    )
    model_share_and_longer: DecimalText = Field(
        description="Fraction of the class and all longer ones by the distribution, 12 decimals."
    )


class SpellsAnswer(Part):
    """What the distribution says of the days of a spell, one of at least a day."""

    mean_days: DecimalText = Field(description="Number of days of a spell, on average, 12 decimals.")
    share_beyond: DecimalText = Field(
        description="Fraction of the spells that lasts longer than the waiting period, 12 decimals."
    )
    mean_excess: DecimalText = Field(
        description="Number of days beyond the waiting period of a spell that lasts longer; 0: none does. 12 decimals."
    )
    mean_days_beyond: DecimalText = Field(description="Number of days of such a spell in all, 12 decimals.")
    classes: list[SpellClassAnswer] = Field(description="By length, the shortest first.")


class MorbidityAnswer(Part):
    """Days of sickness of one person in a year: what schemes observed, and what is assumed."""

    cyprus: DecimalText = Field(description="Number of days, Cyprus 2002, 12 decimals.")
    india: DecimalText = Field(description="Number of days, India 2000-2001, 12 decimals.")
    ilo_staff: DecimalText = Field(description="Number of days, scheme of the ILO's staff 1999, 12 decimals.")
    luxembourg: DecimalText = Field(description="Number of days, Luxembourg 2002, 12 decimals.")
    finland: DecimalText = Field(description="Number of days, Finland 2000-2002, 12 decimals.")
    cambodia: DecimalText = Field(description="Number of days, assumed for Cambodia 2010, 12 decimals.")


class SicknessAnswer(CashBenefitAnswer):
    """What sickness benefits cost a year."""

    waiting_days: int = Field(description="Number of days of a spell before the first that is paid.")
    basis: Literal["assumed", "distribution"] = Field(
        description="Where share and days paid come from: `assumed` by the report, or the `distribution` of the days."
    )
    spells: SpellsAnswer = Field(description="What the distribution says, whether the costs rest on it or not.")
    morbidity: MorbidityAnswer = Field(description="Sickness by country or scheme.")


_PLAIN = (
    "average_annual_wage",
    "daily_wage",
    "benefit_days",
    "benefit_amount",
    "incidence_rate",
    "qualifying_share",
    "benefit_incidence_rate",
    "benefits",
)
_MILLIONS = ("benefit_expenditure", "administration", "total_expenditure")


def _maternity(_question: None, basis: Basis) -> Answered[CashCosts]:
    return Answered(maternity_costs(basis.assumptions["maternity_basis"]))


def _sickness(waiting_days: int | None, basis: Basis) -> Answered[SicknessCosts]:
    result = sickness_costs(waiting_days, basis.assumptions["sickness_basis"])
    return Answered(result, result.costs.errata)


def _cost_fields(costs: CashCosts) -> dict[str, Any]:
    return {
        "insured": costs.insured,
        **{name: EXACT.text(getattr(costs, name)) for name in _PLAIN},
        **{name: MILLION_KHR.text(getattr(costs, name)) for name in _MILLIONS},
        "financing": financing_fields(costs.financing),
        "payg_cost_ratio": EXACT.text(costs.payg_cost_ratio),
    }


def _sickness_fields(result: SicknessCosts, _basis: Basis) -> dict[str, Any]:
    return {
        **_cost_fields(result.costs),
        "waiting_days": result.waiting_days,
        "basis": result.basis,
        "spells": _spell_fields(result.spells),
        "morbidity": {scheme: EXACT.text(result.morbidity[scheme]) for scheme in MorbidityAnswer.model_fields},
    }


def _spell_fields(spells: SpellReport) -> dict[str, Any]:
    figures = ("mean_days", "share_beyond", "mean_excess", "mean_days_beyond")
    return {
        **{name: EXACT.text(getattr(spells, name)) for name in figures},
        "classes": [
            {
                "first_day": each.first_day,
                "sample_share": EXACT.text(each.sample),
                "model_share": EXACT.text(each.model),
                "sample_share_and_longer": EXACT.text(each.sample_and_longer),
                "model_share_and_longer": EXACT.text(each.model_and_longer),
            }
            for each in spells.classes
        ],
    }


MATERNITY = Calculator(
    method="POST",
    path="/v1/shi/cash-benefits/maternity",
    operation_id="createShiMaternityCosts",
    summary="Cost maternity cash benefits",
    description=(
        "Benefits, expenditure and pay-as-you-go cost ratio of maternity cash benefits for NSSF members (giz-2012, "
        "Tables 4.10 and 4.11)."
    ),
    tag="shi",
    request=MaternityRequest,
    answer=MaternityAnswer,
    roles=("maternity_basis",),
    question=lambda _request, _basis: None,
    formula=_maternity,
    fields=lambda result, _basis: _cost_fields(result),
    recurring=True,
)
SICKNESS = Calculator(
    method="POST",
    path="/v1/shi/cash-benefits/sickness",
    operation_id="createShiSicknessCosts",
    summary="Cost sickness cash benefits",
    description=(
        "Benefits, expenditure and pay-as-you-go cost ratio of sickness cash benefits for NSSF members (giz-2012, "
        "Tables 4.8 and 4.9), after the report's waiting period or any other (Annex B)."
    ),
    tag="shi",
    request=SicknessRequest,
    answer=SicknessAnswer,
    roles=("sickness_basis",),
    question=lambda request, _basis: request.waiting_days,
    formula=_sickness,
    fields=_sickness_fields,
    recurring=True,
)
